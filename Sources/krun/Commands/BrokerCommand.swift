import ArgumentParser
import KrunBroker
import KrunDiagnostics
import KrunTools

struct BrokerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broker",
        abstract:
            "Runs the embedded broker for clients in any language, until Ctrl+C; it forgets everything at its end.",
        discussion: """
            Stdout gets one line, export KRUN_BROKERS=..., ready to paste into another terminal. Stderr gets a line for each \
            event that matters: clients, topics, messages, groups, transactions.

            It stands for Kafka 3.9 with the classic group protocol. The connection of a client that asks for a \
            version of a request which it does not serve is closed, and a line says which was asked for and which are served.
            """)

    @Option(help: "The port to listen on; further brokers take the following ones. 0: free ports.")
    var port = 9092
    @Option(help: ArgumentHelp("How many brokers.", valueName: "number"))
    var brokers = 1
    @Option(
        name: .customLong("topic"),
        help: ArgumentHelp(
            "A topic to create, such as orders or orders:3; may be repeated.",
            valueName: "name[:partitions[:replicas]]"))
    var topics: [String] = []
    @Option(
        help: ArgumentHelp(
            "Written when the broker is ready, with the bootstrap address on one line, and removed at the end: for scripts that wait.",
            valueName: "file"), completion: .file())
    var readyFile: String?
    @Option(help: ArgumentHelp("The address to listen on.", valueName: "address"))
    var host = "127.0.0.1"
    @Option(
        help: ArgumentHelp(
            "What clients are told to connect to, where that is not the address listened on.", valueName: "address"))
    var advertisedHost: String?
    @Option(
        name: .customLong("override"),
        help: ArgumentHelp(
            "A broker config by Kafka's name, such as auto.create.topics.enable=false; may be repeated.",
            valueName: "name=value"))
    var overrides: [NameAndValue] = []
    @Option(
        help: ArgumentHelp(
            "Require SASL/PLAIN: a file with a line name=password for each user.", valueName: "file"),
        completion: .file())
    var users: String?
    @Flag(name: .shortAndLong, help: "A line on stderr for each request and connection.")
    var verbose = false
    @OptionGroup var color: ColorOptions

    func run() async throws {
        OpenFiles.raiseLimit()
        let session = try BrokerSession(options(), topics: topics, readyFile: readyFile, isVerbose: verbose)
        await session.untilSignalled()
    }

    private func options() throws -> ClusterOptions {
        var options = ClusterOptions(brokers: brokers, host: host, port: port, advertisedHost: advertisedHost)
        options.configs = Dictionary(overrides.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        if let users { options.users = try UsersFile.read(users) }
        return options
    }
}

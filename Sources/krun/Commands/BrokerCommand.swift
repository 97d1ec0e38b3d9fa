import ArgumentParser
import KrunBroker
import KrunDiagnostics

struct BrokerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broker",
        abstract:
            "Runs the embedded broker for clients in any language, until Ctrl+C or for one command; it forgets everything at its end.",
        discussion: """
              krun broker --topic orders:3
              krun broker --topic orders:3 -- pytest

            With a command the broker is there for it alone: it listens on a free port, the command finds the address in KRUN_BROKERS \
            and KAFKA_BOOTSTRAP_SERVERS, its input, output and signals are its own, and krun ends when it does, with its exit code.

            Without one, stdout gets one line, export KRUN_BROKERS=..., ready to paste into another terminal. Stderr gets a line for each \
            event that matters: clients, topics, messages, groups, transactions. With --control a second line says where \
            krun step finds it, export KRUN_CONTROL=...; a command finds that in KRUN_CONTROL.

            It stands for Kafka 3.9 with the classic group protocol. The connection of a client that asks for a \
            version of a request which it does not serve is closed, and a line says which was asked for and which are served.
            """)

    @Option(
        help:
            "The port to listen on; further brokers take the following ones. 0: free ports. (default: 9092; 0 with a command)"
    )
    var port: Int?
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
            "Run steps that programs on this machine ask for by HTTP, and tell them what happens, on this port of 127.0.0.1; 0: a free one.",
            valueName: "port"))
    var control: Int?
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
    @Flag(name: .shortAndLong, help: "A line of the log for each request and connection, too.")
    var verbose = false
    @Option(
        help: ArgumentHelp(
            "Where the log goes instead of stderr; with a command there is none without this.", valueName: "file"),
        completion: .file())
    var log: String?
    @Option(
        name: .customLong("env"),
        help: ArgumentHelp(
            "Another environment variable in which the command finds the address; may be repeated.", valueName: "name"))
    var variables: [String] = []
    @OptionGroup var color: ColorOptions
    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp("Behind --: what to run while the broker is there.", valueName: "command"),
        completion: .shellCommand("compgen -c"))
    var command: [String] = []

    func validate() throws {
        if let control, !(0...65_535).contains(control) {
            throw ValidationError("--control takes a port, 0 to 65535, not \(control).")
        }
        for name in variables {
            guard CommandEnvironment.isName(name) else {
                throw ValidationError(
                    "--env takes the name of an environment variable, such as SPRING_KAFKA_BOOTSTRAP_SERVERS, not '\(name)'."
                )
            }
        }
        // Such as of a variable of the shell that is empty: a script would wait for ever.
        if command.isEmpty, CommandLine.arguments.last == "--" {
            throw ValidationError("Behind -- there is no command: krun broker -- COMMAND.")
        }
        if command.isEmpty, !variables.isEmpty {
            throw ValidationError("--env is for a command: krun broker -- COMMAND.")
        }
    }

    func run() async throws {
        OpenFiles.raiseLimit()
        let logFile = try log.map { path throws(Diagnostic) in try LogFile(path) }
        if command.isEmpty {
            let session = try BrokerSession(
                options(), topics: topics, controlPort: control, readyFile: readyFile, isVerbose: verbose,
                log: logFile)
            await session.untilSignalled()
        } else {
            let session = try BrokerSession(
                options(), topics: topics, controlPort: control, readyFile: readyFile, isVerbose: verbose,
                log: logFile, isForCommand: true)
            throw ExitCode(try await session.while(command, variables: variables))
        }
    }

    private func options() throws -> ClusterOptions {
        var options = ClusterOptions(
            brokers: brokers, host: host, port: port ?? (command.isEmpty ? 9092 : 0), advertisedHost: advertisedHost)
        options.configs = Dictionary(overrides.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        if let users { options.users = try UsersFile.read(users) }
        return options
    }
}

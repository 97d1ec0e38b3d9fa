import ArgumentParser
import KrunBroker
import KrunDiagnostics

struct BrokerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broker",
        abstract:
            "Runs the embedded broker for clients in any language, until Ctrl+C; it forgets everything at its end.")

    @Option(help: "The port to listen on; further brokers take the following ones. 0: free ports.")
    var port = 9092
    @Option(help: ArgumentHelp("How many brokers.", valueName: "number"))
    var brokers = 1
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
    var overrides: [BrokerOverride] = []
    @Option(
        help: ArgumentHelp(
            "Require SASL/PLAIN: a file with a line name=password for each user.", valueName: "file"))
    var users: String?

    func run() async throws {
        OpenFiles.raiseLimit()
        let signals = EndSignals()
        let cluster = try start()
        Console.writeOutput("export KRUN_BROKERS=\(cluster.bootstrapServers)\n")
        Console.writeError(BrokerText.started(brokers: brokers, at: cluster.bootstrapServers))
        await signals.wait()
        cluster.close()
    }

    private func start() throws -> EmbeddedCluster {
        var options = ClusterOptions(
            brokers: brokers, host: host, port: port, advertisedHost: advertisedHost)
        options.configs = Dictionary(overrides.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        if let users { options.users = try UsersFile.read(users) }
        do {
            return try EmbeddedCluster(options)
        } catch {
            throw Diagnostic(
                error.isBadOption ? .usage : .runtime, error.description, notes: error.hint.map { [$0] } ?? [])
        }
    }
}

/// `name=value`.
struct BrokerOverride: ExpressibleByArgument {
    let name: String
    let value: String

    init?(argument: String) {
        guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else { return nil }
        name = String(argument[..<sign])
        value = String(argument[argument.index(after: sign)...])
    }
}

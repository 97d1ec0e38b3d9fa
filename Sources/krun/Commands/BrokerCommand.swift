import ArgumentParser
import Foundation
import KrunBroker
import KrunDiagnostics
import KrunKafka
import KrunReports
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

/// An embedded cluster that stays until somebody ends it.
struct BrokerSession {
    private let cluster: EmbeddedCluster
    private let log: BrokerLogQueue
    private let observation: EventObservation
    private let readyFile: ReadyFile?
    private let signals: EndSignals
    private let start = ContinuousClock.now

    /// Starts the cluster and says that it is ready.
    ///
    /// - Throws: a `Diagnostic` where something of it cannot be; then nothing is left behind.
    init(_ options: ClusterOptions, topics: [String], readyFile: String?, isVerbose: Bool) throws(Diagnostic) {
        let topics = try BrokerTopic.all(topics, brokers: options.brokers)
        try BrokerAddress.check(options)
        var readyFile = try readyFile.map { path throws(Diagnostic) in try ReadyFile(path) }
        signals = EndSignals()
        do {
            cluster = try EmbeddedCluster(options)
        } catch {
            throw BrokerAddress.diagnostic(error, options)
        }
        let log = BrokerLogQueue(BrokerLog(isVerbose: isVerbose)) { Console.writeError($0) }
        self.log = log
        observation = cluster.events.observe { log.take($0) }
        do {
            try readyFile?.removeStale()
            for topic in topics { try cluster.create(topic) }
            try readyFile?.stage(cluster.bootstrapServers + "\n")
            Console.writeOutput("export KRUN_BROKERS=\(cluster.bootstrapServers)\n")
            log.say(BrokerText.started(options, at: cluster.bootstrapServers))
            // The last of all: whoever waits for it finds everything said.
            try readyFile?.publish()
        } catch {
            cluster.close()
            throw error
        }
        self.readyFile = readyFile
    }

    /// Waits for Ctrl+C, SIGTERM or SIGHUP, and ends everything.
    func untilSignalled() async {
        await signals.wait()
        Console.hurry()
        readyFile?.remove()
        // That each connection ends with its broker goes without saying.
        observation.cancel()
        let summary = await log.finish()
        cluster.close()
        Console.writeError(BrokerText.ended(after: ContinuousClock.now - start, summary))
    }
}

extension EmbeddedCluster {
    fileprivate func create(_ topic: BrokerTopic) throws(Diagnostic) {
        do {
            try createTopic(topic.name, partitions: topic.partitions, replicationFactor: topic.replicas)
        } catch {
            throw Diagnostic(.usage, "topic \(topic.name) cannot be created", notes: [error.description])
        }
    }
}

/// Where `krun broker` listens: what is wrong with it, and the way out.
enum BrokerAddress {
    /// - Throws: a usage diagnostic for what clients could not connect to.
    static func check(_ options: ClusterOptions) throws(Diagnostic) {
        if let host = options.advertisedHost {
            let isAddress = !host.contains("[") && host.count { $0 == ":" } > 1
            guard !host.isEmpty, !host.contains(where: { " \t/,".contains($0) }), isAddress || !host.contains(":")
            else {
                throw Diagnostic(
                    .usage, "--advertised-host \(host.isEmpty ? "\"\"" : host) is no name or address of a machine",
                    notes: ["without a port, such as --advertised-host my-machine: the port is that of --port"])
            }
        } else if options.host == "0.0.0.0" || options.host == "::" {
            throw Diagnostic(
                .usage, "--host \(options.host) needs --advertised-host: clients are told where to connect to",
                notes: ["such as --host \(options.host) --advertised-host my-machine"])
        }
    }

    /// Why the cluster did not start; of a port in use with what was found there.
    static func diagnostic(_ error: ClusterError, _ options: ClusterOptions) -> Diagnostic {
        if let port = error.portInUse {
            return Diagnostic(.runtime, error.description, notes: waysOut(of: port, options))
        }
        return Diagnostic(
            error.isBadOption ? .usage : .runtime, error.description, notes: error.hint.map { [$0] } ?? [])
    }

    private static func waysOut(of port: Int, _ options: ClusterOptions) -> [String] {
        let host =
            switch options.host {
            case "0.0.0.0": "127.0.0.1"
            case "::": "[::1]"
            case let host where host.contains(":"): "[\(host)]"
            case let host: host
            }
        let address = KafkaConnection.Address(
            bootstrap: "\(host):\(port)", chosenBy: "--port", properties: .init(), timeout: .seconds(3))
        let there =
            (try? KafkaConnection.open(address)) == nil
            ? "what listens there does not answer as a Kafka without TLS and login does"
            : "a Kafka answers there already: `krun consume --brokers \(host):\(port)` uses it, or export KRUN_BROKERS=\(host):\(port)"
        let free = options.brokers == 1 ? "--port 0 takes a free one" : "--port 0 takes free ones"
        return [there, "another port: \(free)"]
    }
}

/// Names and passwords, a line `name=password` for each user; empty lines and lines that begin with `#` say nothing.
enum UsersFile {
    /// - Throws: a `Diagnostic` where the file cannot be read or a line is none; it never shows what stands in the file.
    static func read(_ path: String) throws(Diagnostic) -> [String: String] {
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw Diagnostic(.usage, "the users file cannot be read: \(path)", notes: [FileTrouble.reason(error)])
        }
        var users: [String: String] = [:]
        // As scalars: to Swift CR LF is one character, and so is a sign with the combining mark behind it.
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, scalars) in lines.enumerated() {
            let line = String(scalars.last == "\r" ? scalars.dropLast() : scalars)
            if line.isEmpty || line.utf8.first == UInt8(ascii: "#") { continue }
            guard let user = NameAndValue(argument: line) else {
                throw Diagnostic(.usage, "line \(number + 1) of \(path) is not name=password")
            }
            guard !user.value.isEmpty else {
                throw Diagnostic(
                    .usage, "line \(number + 1) of \(path) has an empty password",
                    notes: ["name=password: Kafka takes no empty passwords either"])
            }
            guard users.updateValue(user.value, forKey: user.name) == nil else {
                throw Diagnostic(.usage, "line \(number + 1) of \(path) has a user for the second time")
            }
        }
        guard !users.isEmpty else { throw Diagnostic(.usage, "there is no user in \(path)") }
        return users
    }
}

/// What `krun broker` says to people, besides its log.
enum BrokerText {
    /// Without a line end.
    static func started(_ options: ClusterOptions, at addresses: String) -> String {
        let brokers = options.brokers == 1 ? "a broker" : "\(options.brokers) brokers"
        let login =
            options.users.isEmpty
            ? ""
            : ", for \(Amounts.count(options.users.count, "user")) who log\(options.users.count == 1 ? "s" : "") in with SASL/PLAIN"
        return "\(brokers) in memory at \(addresses)\(login); Ctrl+C ends it and forgets everything"
    }

    static func ended(after duration: Duration, _ summary: String) -> String {
        "ended after \(Amounts.duration(duration)); forgotten: \(summary)\n"
    }
}

package import KrunConnection
package import KrunDiagnostics
package import KrunKafka
import KrunReports

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A Kafka that has answered, and how to reach it: what a command line's clients are made of.
package struct KafkaConnection: Sendable {
    /// Where a Kafka is looked for that nobody named.
    package static let defaultBootstrap = "localhost:9092"

    /// What the command line says about a Kafka.
    package struct Address: Sendable {
        package var bootstrap: String
        /// `--brokers`, `KRUN_BROKERS`, `--config`, or `default`.
        package var chosenBy: String
        package var properties: ClientProperties
        /// How long a Kafka has to answer, from the first attempt and for each request.
        package var timeout: Duration

        /// As a person says it: `10 s`.
        package var timeoutText: String { timeout.formattedForPeople }

        package init(bootstrap: String, chosenBy: String, properties: ClientProperties, timeout: Duration) {
            self.bootstrap = bootstrap
            self.chosenBy = chosenBy
            self.properties = properties
            self.timeout = timeout
        }
    }

    package let address: Address
    /// With `bootstrap.servers`; for every client of this Kafka.
    package let properties: ClientProperties
    package let log: ClientLog
    package let admin: AdminClient
    /// The brokers as the cluster names them, in the order of their numbers.
    package let brokers: [ClusterMetadata.Broker]
    /// Shows what is waited for.
    package let waits: WaitBoard
    /// Whether somebody wants the end.
    package let interruption: Interruption
    private let isOver: @Sendable () -> Bool
    /// Ends calls of `admin` that are not worth waiting for.
    private let hold: AdminHold
    private let watching: Watching

    /// Watches the Kafka as long as somebody has the connection.
    private final class Watching: Sendable {
        let watch: ClusterWatch

        init(_ watch: ClusterWatch) {
            self.watch = watch
        }

        deinit {
            watch.stop()
        }
    }

    /// Whether the Kafka still answers.
    package var watch: ClusterWatch { watching.watch }

    /// The `client.id` that somebody chose; nil where it is krun's own.
    var chosenClientID: String? { properties["client.id"].flatMap { $0 == Self.clientID ? nil : $0 } }

    /// The `client.id` of clients for whom nobody chose one.
    static let clientID = "krun"

    /// How long one request may take.
    package var timeout: Duration { address.timeout }

    /// Waits until a broker has answered.
    ///
    /// - Parameters:
    ///   - waits: shows what is waited for; afterwards it is the caller's to say what else is.
    ///   - tell: told when the Kafka answers no more, and when it does again.
    ///   - interruption: somebody wants the end; what is not answered then is soon given up.
    ///   - isOver: looked at while it waits; once it is true, `Interrupted` is thrown. Nil: when the end is wanted.
    /// - Throws: a `Diagnostic` with the reason and the way out, or `Interrupted`.
    package static func open(
        _ address: Address, log: ClientLog = ClientLog(), waits: WaitBoard = WaitBoard(),
        tell: @escaping @Sendable (ClusterNotice) -> Void = { _ in }, interruption: Interruption = Interruption(),
        isOver: (@Sendable () -> Bool)? = nil
    ) throws -> KafkaConnection {
        let defaults: ClientProperties = ["client.id": clientID]
        let properties = defaults.merging(address.properties).merging(["bootstrap.servers": address.bootstrap])
        let isOver = isOver ?? { interruption.isRequested }
        let hold = AdminHold(Interruption())
        let admin: AdminClient
        do {
            // Who only looks has no topic created by it.
            admin = try AdminClient(
                properties: properties.merging(["allow.auto.create.topics": "false"]), log: log,
                isOver: { isOver() || hold.isOver })
        } catch {
            throw ConnectionTrouble.badProperties(error)
        }
        let deadline = Deadline(after: address.timeout)
        let trouble = ConnectionTrouble(
            bootstrap: address.bootstrap, properties: properties, log: log,
            words: .init(budget: "--timeout", nothingListens: nothingListens(address)))
        waits.begin("waiting for an answer of \(address.bootstrap)") { ConnectionReason.last(in: log) ?? "" }
        while true {
            do {
                let brokers = try admin.brokers(timeout: min(deadline.remaining, .milliseconds(500)))
                let watch = ClusterWatch(
                    bootstrap: address.bootstrap, properties: properties, interruption: interruption, tell: tell)
                return KafkaConnection(
                    address: address, properties: properties, log: log, admin: admin, brokers: brokers, waits: waits,
                    interruption: interruption, isOver: isOver, hold: hold, watching: Watching(watch))
            } catch {
                if error.isCancelled || isOver() { throw Interrupted() }
                if let diagnostic = trouble.diagnosis(after: deadline, lastError: error) { throw diagnostic }
            }
        }
    }

    private static func nothingListens(_ address: Address) -> [String] {
        let another =
            address.chosenBy == "default"
            ? "another address: --brokers host:port, or export KRUN_BROKERS=host:port"
            : "check the address, too: it is from \(address.chosenBy)"
        return ["nothing listens there, or not yet: `krun broker` starts a broker", another]
    }

    /// What to tell of a request that failed; where a broker that the cluster names cannot be reached, that.
    package func diagnostic(_ error: KafkaError) -> Diagnostic {
        // That it was given up is krun's own doing.
        let what = error.isCancelled ? [] : ["\(error.name): \(error.plainReason)"]
        let isSilence =
            error.isTimeout || error.isCancelled
            || ["_TRANSPORT", "_RESOLVE", "_ALL_BROKERS_DOWN"].contains(error.name)
        if isSilence, let sentence = watch.sentence {
            return Diagnostic(.runtime, "\(error.activity) failed", notes: what + [sentence])
        }
        if isSilence, let broker = unreachableBrokers.first {
            return Diagnostic(
                .runtime, "\(error.activity) failed: a broker of the cluster cannot be reached",
                notes: what + [broker.sentence])
        }
        return Diagnostic(
            .runtime, "\(error.activity) failed",
            notes: what + AssignorHint.notes(for: error, choice: "-X partition.assignment.strategy=NAME"))
    }

    /// Asks the cluster something; an error becomes its `diagnostic`, a wait that was given up `Interrupted`.
    package func attempt<Answer>(_ ask: (AdminClient) throws -> Answer) throws -> Answer {
        do {
            return try ask(admin)
        } catch let error as KafkaError {
            if error.isCancelled, isOver() { throw Interrupted() }
            throw diagnostic(error)
        }
    }

    /// How long something is waited for: `budget` while the Kafka answers anybody, and not much longer where it does not or where
    /// somebody wants the end.
    package func patience(_ budget: Duration) -> Patience {
        Patience(budget: budget, watch: watch, interruption: interruption)
    }

    /// Calls of `admin` in the body end with this patience.
    package func with<Value>(_ patience: Patience, _ body: () throws -> Value) rethrows -> Value {
        try hold.with(patience, body)
    }

    /// From now on calls of `admin` end, too, when nothing has come from the Kafka for as long as it has to answer.
    func giveUpInSilence() {
        hold.hold(
            Patience(
                budget: .seconds(1_000_000), silence: max(timeout, Budget.silence), watch: watch,
                interruption: interruption))
    }

    /// What to tell of a topic that is not there, with the nearest name that is.
    func missingTopic(_ name: String) throws -> MissingTopic {
        let error = try attempt { try $0.metadataError(of: name, timeout: timeout) }
        // Brokers do not list what one may not see.
        if let error, error.name.hasSuffix("AUTHORIZATION_FAILED") {
            return MissingTopic(isKnown: false, guess: nil, diagnostic: diagnostic(error))
        }
        let names = try attempt { try $0.metadata(timeout: timeout).topics.map(\.name) }
        let guess = Spelling.nearest(to: name, among: names).map { "did you mean \($0)?" }
        return MissingTopic(
            isKnown: true, guess: guess,
            diagnostic: Diagnostic(
                .runtime, "topic \(name) does not exist on \(address.bootstrap)",
                notes: (guess.map { [$0] } ?? [])
                    + ["`krun topics create \(name)` makes one; `krun topics list` lists those that are there"]))
    }

    /// The ends of partitions with the records of open transactions.
    func endsOfEverything(
        _ partitions: [TopicPartition], timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        let admin = try AdminClient(properties: properties.merging(["isolation.level": "read_uncommitted"]), log: log)
        return try admin.endOffsets(partitions, timeout: timeout)
    }

    /// Blocks for so long, unless it is over before.
    func pause(_ duration: Duration) throws {
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end {
            if isOver() { throw Interrupted() }
            usleep(20_000)
        }
    }
}

extension ClientProperties {
    /// The names of properties that are for producers and that no field of a command says.
    package static let namesOfProducers = [
        "acks", "request.required.acks", "enable.idempotence", "compression.codec", "compression.type",
    ]
}

/// Somebody wanted it to end.
package struct Interrupted: Error {
    package init() {}
}

/// A topic that a command names, and that cannot be found.
struct MissingTopic {
    /// Whether it is known not to be there; false where the brokers do not tell.
    let isKnown: Bool
    /// What was probably meant, as a question.
    let guess: String?
    /// What to say.
    var diagnostic: Diagnostic
}

// MARK: - Administration

extension KafkaConnection {
    /// Waits until a broker has answered; the end of a log is then behind its last record, not where an open transaction begins, unless
    /// the properties say otherwise.
    package static func openForAdministration(
        _ address: Address, log: ClientLog = ClientLog(), waits: WaitBoard = WaitBoard(),
        tell: @escaping @Sendable (ClusterNotice) -> Void = { _ in }, interruption: Interruption = Interruption()
    ) throws -> KafkaConnection {
        var address = address
        address.properties["isolation.level"] = address.properties["isolation.level"] ?? "read_uncommitted"
        let connection = try open(address, log: log, waits: waits, tell: tell, interruption: interruption)
        connection.giveUpInSilence()
        return connection
    }

    /// Waits until a broker has answered; for reading what is there now.
    package static func openForRecording(
        _ address: Address, log: ClientLog = ClientLog(), waits: WaitBoard,
        tell: @escaping @Sendable (ClusterNotice) -> Void
    ) throws -> KafkaConnection {
        let connection = try open(address, log: log, waits: waits, tell: tell)
        connection.giveUpInSilence()
        return connection
    }
}

extension KafkaError {
    /// For programs: the name of the code, and Kafka's or librdkafka's text.
    var json: JSONMembers {
        var object = JSONMembers()
        object.add("name", name)
        object.add("reason", reason)
        return object
    }
}

extension KafkaConnection {
    /// Brokers that the cluster names and that cannot be reached; worth asking only when something does not answer.
    var unreachableBrokers: [UnreachableBroker] {
        UnreachableBroker.all(of: brokers, bootstrap: address.bootstrap, log: log)
    }
}

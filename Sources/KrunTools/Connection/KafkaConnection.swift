package import KrunDiagnostics
package import KrunKafka
import KrunRunner

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

    /// How long one request may take.
    package var timeout: Duration { address.timeout }

    /// Waits until a broker has answered.
    ///
    /// - Parameter isOver: looked at while it waits; once it is true, `Interrupted` is thrown.
    /// - Throws: a `Diagnostic` with the reason and the way out, or `Interrupted`.
    package static func open(
        _ address: Address, log: ClientLog = ClientLog(), isOver: @escaping @Sendable () -> Bool = { false }
    ) throws -> KafkaConnection {
        let properties = address.properties.merging(["bootstrap.servers": address.bootstrap])
        let admin: AdminClient
        do {
            admin = try AdminClient(properties: properties, log: log, isOver: isOver)
        } catch {
            throw ConnectionTrouble.badProperties(error)
        }
        let deadline = Deadline(after: address.timeout)
        let trouble = ConnectionTrouble(
            bootstrap: address.bootstrap, properties: properties, log: log,
            words: .init(budget: "--timeout", nothingListens: nothingListens(address)))
        while true {
            do {
                let brokers = try admin.brokers(timeout: min(deadline.remaining, .milliseconds(500)))
                return KafkaConnection(
                    address: address, properties: properties, log: log, admin: admin, brokers: brokers)
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
            : "or check the address, which is from \(address.chosenBy)"
        return ["nothing listens there, or not yet: `krun broker` starts a broker", another]
    }

    /// What to tell of a request that failed: where a broker that the cluster names cannot be reached, that.
    package func diagnostic(_ error: KafkaError) -> Diagnostic {
        Diagnostic(
            .runtime, "\(error.activity) failed", notes: ["\(error.name): \(error.plainReason)"])
    }
}

/// Somebody wanted it to end.
package struct Interrupted: Error {
    package init() {}
}

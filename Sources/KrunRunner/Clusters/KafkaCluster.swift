import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunOutcome

/// Any Kafka that answers at the given addresses.
final class KafkaCluster: Cluster {
    let outcome: BrokerOutcome
    let isShared = true
    let mandatory: ClientProperties
    let admin: AdminClient
    let log: ClientLog
    let adminHold: AdminHold
    let watch: ClusterWatch?
    let faults: ClusterFaults? = nil
    let refusal: [String] = []
    private let brokers: [ClusterMetadata.Broker]

    /// Waits until a broker has answered.
    ///
    /// - Parameters:
    ///   - waits: told what is waited for.
    ///   - tell: told when it answers no more, and when it does again.
    /// - Throws: `RunStop.trouble` with the reason, the addresses and the way out when the budget runs out before.
    init(
        bootstrap: String, chosenBy: String, properties own: ClientProperties, log: ClientLog, connect: Duration,
        words: ConnectionTrouble.Words = .scenario, interruption: Interruption, waits: WaitBoard? = nil,
        tell: (@Sendable (ClusterNotice) -> Void)? = nil
    ) throws(RunStop) {
        mandatory = ["bootstrap.servers": bootstrap]
        let properties = own.merging(mandatory)
        self.log = log
        do {
            let hold = AdminHold(interruption)
            adminHold = hold
            // It sees the ends of logs as readers do where nothing else is said.
            admin = try AdminClient(
                properties: properties.merging(["isolation.level": "read_uncommitted"]), log: log
            ) { hold.isOver }
        } catch {
            throw .trouble(ConnectionTrouble.badProperties(error))
        }
        let reason: @Sendable () -> String = { ConnectionReason.last(in: log) ?? "" }
        waits?.begin("waiting for an answer of \(bootstrap)", howFar: reason, trouble: reason)
        brokers = try KafkaCluster.waitForAnswer(
            admin, log: log, bootstrap: bootstrap, properties: properties, deadline: Deadline(after: connect),
            words: words, interruption: interruption)
        outcome = BrokerOutcome(kind: .kafka, address: bootstrap, brokers: brokers.count, chosenBy: chosenBy)
        watch = ClusterWatch(
            bootstrap: bootstrap, properties: properties, interruption: interruption, tell: tell ?? { _ in })
    }

    deinit {
        watch?.stop()
    }

    var unreachable: [UnreachableBroker] {
        UnreachableBroker.all(of: brokers, bootstrap: outcome.address, log: log)
    }

    /// Members hear by a heartbeat that others have come, and a group forms no sooner than they do: with Kafka's 3 s between two it
    /// takes up to as long. It is less as long as that is no load: 200 a second from all members together.
    func consumerDefaults(members: Int) -> ClientProperties {
        ["heartbeat.interval.ms": String(min(3_000, max(100, members * 5)))]
    }

    /// A Kafka takes no shorter one, unless it is told to (`group.min.session.timeout.ms`).
    let shortSession = 6_000

    func compactNow(_ topic: String) -> Bool { false }

    private static func waitForAnswer(
        _ admin: AdminClient, log: ClientLog, bootstrap: String, properties: ClientProperties, deadline: Deadline,
        words: ConnectionTrouble.Words, interruption: Interruption
    ) throws(RunStop) -> [ClusterMetadata.Broker] {
        let connection = ConnectionTrouble(
            bootstrap: bootstrap, properties: properties, log: log, words: words)
        while true {
            if interruption.isRequested { throw .interrupted }
            do {
                // Refused logins are noticed between the looks.
                return try admin.brokers(timeout: min(deadline.remaining, .seconds(1)))
            } catch {
                if error.isCancelled { throw .interrupted }
                if let trouble = connection.diagnosis(after: deadline, lastError: error) { throw .trouble(trouble) }
            }
        }
    }
}

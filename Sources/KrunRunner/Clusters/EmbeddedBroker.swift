import KrunBroker
import KrunConnection
import KrunKafka
import KrunOutcome
import KrunScenario
import Synchronization

/// A cluster in memory: one that a scenario has to itself, or one that was there before.
final class EmbeddedBroker: Cluster {
    let outcome: BrokerOutcome
    let isShared = false
    let isStanding: Bool
    let mandatory: ClientProperties
    let admin: AdminClient
    let log: ClientLog
    let adminHold: AdminHold
    let watch: ClusterWatch? = nil
    let unreachable: [UnreachableBroker] = []
    let faults: ClusterFaults?
    private let cluster: EmbeddedCluster
    private let memory: MemoryBound
    /// By their names; empty where a scenario has it to itself.
    private let topics: [String: ClusterAtHand.Topic]

    /// For one scenario. The cluster is the caller's, who closes it when its clients are gone.
    convenience init(
        _ cluster: EmbeddedCluster, brokers: Int, chosenBy: String, properties own: ClientProperties, log: ClientLog,
        interruption: Interruption = Interruption()
    ) throws(KafkaError) {
        try self.init(
            cluster, brokers: brokers, chosenBy: chosenBy, properties: own, log: log, interruption: interruption,
            faults: ClusterFaults(cluster), memory: MemoryBound(of: cluster), standingTopics: nil)
    }

    /// For a run on one that was there before.
    ///
    /// - Parameter topics: what it has.
    convenience init(
        _ standing: StandingCluster, with topics: ClusterAtHand, chosenBy: String, properties: ClientProperties,
        log: ClientLog, interruption: Interruption
    ) throws(KafkaError) {
        try self.init(
            standing.cluster, brokers: standing.brokers, chosenBy: chosenBy, properties: properties, log: log,
            interruption: interruption, faults: standing.faults, memory: standing.memory,
            standingTopics: topics.topics)
    }

    private init(
        _ cluster: EmbeddedCluster, brokers: Int, chosenBy: String, properties own: ClientProperties, log: ClientLog,
        interruption: Interruption, faults: ClusterFaults, memory: MemoryBound,
        standingTopics: [ClusterAtHand.Topic]?
    ) throws(KafkaError) {
        outcome = BrokerOutcome(
            kind: .embedded, address: cluster.bootstrapServers, brokers: brokers, chosenBy: chosenBy)
        mandatory = ["bootstrap.servers": cluster.bootstrapServers]
        self.log = log
        let hold = AdminHold(interruption)
        adminHold = hold
        // It sees the ends of logs as readers do where nothing else is said.
        admin = try AdminClient(
            properties: own.merging(mandatory).merging([
                "isolation.level": "read_uncommitted", "client.id": ClusterFaults.sparedClient,
            ]), log: log
        ) { hold.isOver }
        self.cluster = cluster
        self.faults = faults
        self.memory = memory
        isStanding = standingTopics != nil
        topics = Dictionary((standingTopics ?? []).map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    }

    func known(_ topic: String) -> ClusterAtHand.Topic? { topics[topic] }

    /// What a scenario's cluster is like. It keeps half of what the machine has at most: the end of the process would be no message.
    static func options(brokers: Int) -> ClusterOptions {
        var options = ClusterOptions(brokers: brokers)
        if let bytes = MachineMemory.bytes { options.memoryLimit = min(options.memoryLimit, bytes / 2) }
        return options
    }

    /// Members hear of a rebalance by a heartbeat. The session is long, so that a machine that stands still kills nobody.
    func consumerDefaults(members: Int) -> ClientProperties {
        ["heartbeat.interval.ms": "50", "session.timeout.ms": "30000"]
    }

    /// Thirty times what lies between two heartbeats.
    let shortSession = 1_500

    func compactNow(_ topic: String) -> Bool { (try? cluster.compact(topic)) != nil }

    var refusal: [String] {
        guard let bytes = memory.reached else { return [] }
        return [
            "the embedded broker is full: it keeps at most \(bytes >> 20) MiB of messages, and drops none",
            "send fewer or smaller messages, or use a real broker: --brokers host:port",
        ]
    }
}

/// Whether a cluster has refused records because it may keep no more. Clients see an error that they retry until time is up.
final class MemoryBound: Sendable {
    private let limit = Mutex<Int?>(nil)

    init(of cluster: EmbeddedCluster) {
        _ = cluster.events.observe { [weak self] event in
            if case .memoryLimitReached(_, _, let limit) = event.kind { self?.limit.withLock { $0 = limit } }
        }
    }

    /// The most bytes that it keeps, once records were refused for it.
    var reached: Int? { limit.withLock { $0 } }
}

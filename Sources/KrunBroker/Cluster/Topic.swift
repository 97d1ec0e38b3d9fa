internal import KrunWire

/// A topic: its partitions and the configs that were set for it.
final class Topic {
    let name: String
    let id: KafkaUUID
    var partitions: [Partition]
    /// What was set for this topic; what is not here has the brokers' value.
    var overrides: ConfigSet

    init(name: String, id: KafkaUUID, partitions: [Partition], overrides: ConfigSet) {
        self.name = name
        self.id = id
        self.partitions = partitions
        self.overrides = overrides
    }

    var replicationFactor: Int16 { Int16(clamping: partitions.first?.replicas.count ?? 0) }

    func partition(_ index: Int32) -> Partition? {
        partitions.indices.contains(Int(index)) ? partitions[Int(index)] : nil
    }
}

/// Kafka's rules for the names of topics (`org.apache.kafka.common.internals.Topic`).
enum TopicName {
    static let longest = 249

    /// Why a name is refused, in Kafka's words as an administrator knows them; nil for a good one.
    static func problem(with name: String) -> String? {
        if name.isEmpty { return "the empty string is not allowed" }
        if name == "." || name == ".." { return "'\(name)' is not allowed" }
        if name.utf8.count > longest {
            return "the length of '\(name)' is longer than the max allowed length \(longest)"
        }
        if !name.utf8.allSatisfy(isAllowed) {
            return "'\(name)' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'"
        }
        return nil
    }

    /// Names that differ only in `.` and `_` have the same metric name, and Kafka takes only the first of them.
    static func metricName(_ name: String) -> String {
        String(name.map { $0 == "." ? "_" : $0 })
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// One partition of a topic. All its replicas share one log, for they live in one process; who leads and who is in sync is
/// kept as on a real cluster.
final class Partition {
    let index: Int32
    let replicas: [Int32]
    /// In the order of `replicas`.
    private(set) var inSync: [Int32]
    /// -1 while every replica that was in sync is down.
    private(set) var leader: Int32
    /// Rises with every change of the leader.
    private(set) var leaderEpoch: Int32 = 0
    let log: PartitionLog
    /// What the topic's configs come to on the broker that leads.
    var settings: TopicSettings
    /// Fetches that wait for more of this partition.
    var waiting: [Int: DelayedFetch] = [:]

    /// The first replica that is up leads.
    init(index: Int32, replicas: [Int32], up: Set<Int32>, settings: TopicSettings, log: PartitionLog) {
        self.index = index
        self.replicas = replicas
        self.settings = settings
        self.log = log
        inSync = replicas.filter(up.contains)
        leader = inSync.first ?? -1
        if inSync.isEmpty { inSync = replicas }
    }

    func offlineReplicas(up: Set<Int32>) -> [Int32] {
        replicas.filter { !up.contains($0) }
    }

    /// A broker went down: it leaves the in-sync replicas unless it is the last of them, and another one leads.
    ///
    /// - Returns: whether the leader changed.
    func brokerWentDown(_ id: Int32) -> Bool {
        guard replicas.contains(id) else { return false }
        let others = inSync.filter { $0 != id }
        if others.isEmpty {
            // The last one in sync stays so: without it what was acknowledged would be lost (unclean.leader.election.enable=false).
            guard leader == id else { return false }
            setLeader(-1)
            return true
        }
        inSync = others
        guard leader == id else { return false }
        setLeader(others[0])
        return true
    }

    /// A broker is back: it has the whole log at once, and leads if nobody does.
    ///
    /// - Returns: whether the leader changed.
    func brokerCameUp(_ id: Int32) -> Bool {
        guard replicas.contains(id) else { return false }
        if leader == -1 {
            guard inSync.contains(id) else { return false }
            setLeader(id)
            return true
        }
        if !inSync.contains(id) { inSync = replicas.filter { inSync.contains($0) || $0 == id } }
        return false
    }

    /// Makes a replica that is in sync the leader; false where it is not one, or leads already.
    func moveLeader(to id: Int32) -> Bool {
        guard inSync.contains(id), leader != id else { return false }
        setLeader(id)
        return true
    }

    private func setLeader(_ id: Int32) {
        leader = id
        leaderEpoch += 1
    }
}

/// Which brokers hold a partition: neighbours in a ring, so that leaders and replicas spread evenly.
enum ReplicaPlacement {
    /// - Parameters:
    ///   - up: in ascending order; not empty.
    ///   - down: who get replicas only where there are more than brokers that are up, and never lead.
    ///   - first: the ring's position at which partition 0's leader stands.
    static func replicas(
        ofPartition partition: Int, factor: Int, up: [Int32], down: [Int32] = [], startingAt first: Int
    ) -> [Int32] {
        (0..<min(factor, up.count)).map { up[(first + partition + $0) % up.count] }
            + (0..<min(max(0, factor - up.count), down.count)).map { down[(first + partition + $0) % down.count] }
    }
}

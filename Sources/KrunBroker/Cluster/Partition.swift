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

internal import KrunWire

extension ClusterCore {
    /// `auto.leader.rebalance.enable`: at every check the preferred replica leads again wherever it is in sync.
    func rebalanceLeaders(now: Now) {
        guard now.uptime >= nextLeaderCheck else { return }
        nextLeaderCheck = now.uptime + .seconds(configs.settings.leaderCheckSeconds)
        guard configs.settings.rebalancesLeaders else { return }
        for topic in topics.values.sorted(by: { $0.name < $1.name }) {
            for partition in topic.partitions {
                guard let preferred = partition.replicas.first, partition.leader != preferred else { continue }
                _ = moveLeader(of: partition, topic: topic.name, to: preferred)
            }
        }
    }

    /// Moves a leader, and lets everybody who waits for the old one know.
    func moveLeader(of partition: Partition, topic: String, to broker: Int32) -> Bool {
        let before = partition.leader
        guard up.contains(broker), partition.moveLeader(to: broker) else { return false }
        leaderChanged(partition, topic: topic, from: before)
        return true
    }

    /// - Parameter before: who led until now; -1 if nobody did.
    func leaderChanged(_ partition: Partition, topic: String, from before: Int32) {
        partition.log.beginLeaderEpoch(partition.leaderEpoch)
        if configs.hasOwnSettings, let overrides = topics[topic]?.overrides { configure([partition], overrides) }
        if let own = InternalTopic(rawValue: topic) {
            // The connections to a broker that went down are gone, and what they waited for with them.
            if own == .consumerOffsets, node(before)?.isUp == true { coordinatorMoved(from: partition) }
        } else {
            tell(
                .leaderChanged(
                    topic: topic, partition: partition.index, from: before == -1 ? nil : before,
                    to: partition.leader == -1 ? nil : partition.leader, epoch: partition.leaderEpoch))
        }
        touch(partition)
    }
}

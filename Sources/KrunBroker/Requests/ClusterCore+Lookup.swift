internal import KrunWire

extension ClusterCore {
    /// A partition as its leader would find it.
    ///
    /// - Parameter leaderEpoch: what the client takes for the current one; negative: it does not say (KIP-320).
    func leading(_ topic: String, _ index: Int32, on broker: Int32, leaderEpoch: Int32 = -1) -> Result<
        Partition, WireFailure
    > {
        guard let partition = topics[topic]?.partition(index) else { return .failure(.unknownTopicOrPartition) }
        return leading(partition, on: broker, leaderEpoch: leaderEpoch)
    }

    func leading(_ partition: Partition, on broker: Int32, leaderEpoch: Int32) -> Result<Partition, WireFailure> {
        // A broker without a replica knows no epoch to compare with.
        guard partition.replicas.contains(broker) else { return .failure(.notLeaderOrFollower) }
        if leaderEpoch >= 0, leaderEpoch < partition.leaderEpoch { return .failure(.fencedLeaderEpoch) }
        if leaderEpoch > partition.leaderEpoch { return .failure(.unknownLeaderEpoch) }
        guard partition.leader == broker else { return .failure(.notLeaderOrFollower) }
        return .success(partition)
    }
}

/// An error code as an `Error`, for `Result`.
struct WireFailure: Error, Equatable {
    let code: ErrorCode

    static let unknownTopicOrPartition = WireFailure(code: .unknownTopicOrPartition)
    static let notLeaderOrFollower = WireFailure(code: .notLeaderOrFollower)
    static let fencedLeaderEpoch = WireFailure(code: .fencedLeaderEpoch)
    static let unknownLeaderEpoch = WireFailure(code: .unknownLeaderEpoch)
}

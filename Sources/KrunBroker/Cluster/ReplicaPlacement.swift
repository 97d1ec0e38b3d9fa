/// Which brokers hold a partition: neighbours in a ring, so that leaders and replicas spread evenly.
enum ReplicaPlacement {
    /// - Parameters:
    ///   - brokers: in ascending order; not empty.
    ///   - first: the ring's position at which partition 0's leader stands.
    static func replicas(ofPartition partition: Int, factor: Int, brokers: [Int32], startingAt first: Int) -> [Int32] {
        (0..<min(factor, brokers.count)).map { brokers[(first + partition + $0) % brokers.count] }
    }
}

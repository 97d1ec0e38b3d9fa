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

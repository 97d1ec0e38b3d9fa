package import KrunScenario

/// Where partitioners put a key, for one number of partitions and another.
package struct PlacedKey {
    /// One partitioner's answer.
    package struct Answer {
        package let partitioner: Partitioner
        /// Nil where it is left to chance.
        package let hash: UInt32?
        /// For each number of partitions; nil where it is left to chance.
        package let partitions: [Int32]?

        /// Whether the key is on another partition than with the number of partitions before; nil for the first, and by chance.
        package func moves(at index: Int) -> Bool? {
            guard index > 0, let partitions else { return nil }
            return partitions[index] != partitions[index - 1]
        }
    }

    /// krun's default first, and those that hash alike beside each other.
    package static let order: [Partitioner] = [
        .murmur2Random, .murmur2, .murmur2RoundRobin, .consistentRandom, .consistent, .fnv1aRandom, .fnv1a, .random,
        .roundRobin,
    ]

    package let key: [UInt8]
    package let answers: [Answer]

    package init(_ key: [UInt8], _ partitioners: [Partitioner], counts: [Int]) {
        self.key = key
        var last: (algorithm: String, hash: UInt32)?
        answers = partitioners.map { partitioner in
            guard partitioner.hashes(key: key), let algorithm = partitioner.algorithm else {
                return Answer(partitioner: partitioner, hash: nil, partitions: nil)
            }
            // The same for its neighbour.
            let hash = last?.algorithm == algorithm ? last?.hash : partitioner.hash(of: key)
            guard let hash else { return Answer(partitioner: partitioner, hash: nil, partitions: nil) }
            last = (algorithm, hash)
            let partitions = counts.map { Int32(hash % UInt32($0)) }
            return Answer(partitioner: partitioner, hash: hash, partitions: partitions)
        }
    }
}

import KrunScenario

/// Says where a partitioner puts a key, and why.
enum PlacementExplanation {
    /// The lines that explain it: the hash and its remainder, or that there is none.
    ///
    /// - Parameters:
    ///   - key: nil for a message without one.
    ///   - partitions: how many the topic has; at least 1.
    static func notes(key: [UInt8]?, partitions: Int, partitioner: Partitioner) -> [String] {
        guard let placed = partitioner.partition(forKey: key, partitions: partitions) else {
            return [random(key, partitioner)]
        }
        let calculation =
            calculation(key, partitions, partitioner, placed) + " with partitioner \(partitioner.rawValue)"
        if key != nil { return [calculation] }
        return [
            calculation,
            "the partitioner \(partitioner.rawValue) treats a message without a key like an empty key",
        ]
    }

    /// `murmur2("alice") = 0x74504595, mod 3 = 0`
    static func calculation(
        _ key: [UInt8]?, _ partitions: Int, _ partitioner: Partitioner, _ placed: Int32
    ) -> String {
        let bytes = key ?? []
        let hash = KeyText.padded(partitioner.hash(of: bytes) ?? 0, digits: 8)
        return "\(partitioner.algorithm ?? "")(\(KeyText.quoted(bytes))) = 0x\(hash), mod \(partitions) = \(placed)"
    }

    private static func random(_ key: [UInt8]?, _ partitioner: Partitioner) -> String {
        if partitioner.takesTurns(key: key) {
            return "\(partitioner.rawValue) puts messages \(key == nil ? "without a key" : "with any key") "
                + "on one partition after the other"
        }
        let what =
            if partitioner == .random {
                "the partitioner random looks at no key"
            } else if key == nil {
                "a message without a key is not hashed by partitioner \(partitioner.rawValue)"
            } else {
                "an empty key is not hashed by partitioner \(partitioner.rawValue)"
            }
        return what + ": it goes to a random partition, and a burst of such messages to the same one "
            + "unless sticky.partitioning.linger.ms is 0"
    }
}

extension Partitioner {
    /// As a sentence names it to people who know the client rather than the hash.
    var shown: String { self == .consistentRandom ? "consistent_random (crc32)" : rawValue }
}

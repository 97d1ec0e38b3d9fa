public import KrunScenario

/// Says why a key is on the partition it is on.
public enum PlacementExplanation {
    /// The lines that explain it: the hash, its remainder, and which other partitioner would have given what was
    /// expected.
    ///
    /// - Parameters:
    ///   - key: nil for a message without one.
    ///   - partitions: how many the topic has; at least 1.
    ///   - expected: nil when no single partition was expected.
    ///   - actual: nil when the key is on no partition, or on several.
    public static func notes(
        key: [UInt8]?, partitions: Int, partitioner: Partitioner, expected: Int32?, actual: Int32?
    ) -> [String] {
        guard let placed = partitioner.partition(forKey: key, partitions: partitions) else {
            return [random(key, partitioner)]
        }
        var notes = [calculation(key, partitions, partitioner, placed)]
        if key == nil {
            notes.append("the partitioner \(partitioner.rawValue) treats a message without a key like an empty key")
        }
        if let actual, actual != placed {
            notes.append("partition \(actual) is not that: the message named its partition, or something else sent it")
        }
        guard let expected, expected != placed else { return notes }
        let candidates = others(than: partitioner)
            .filter { $0.partition(forKey: key, partitions: partitions) == expected }
            .map { $0 == .consistentRandom ? "consistent_random (crc32)" : $0.rawValue }
        if !candidates.isEmpty {
            let which = candidates.count == 1 ? "that" : "one of them"
            notes.append(
                "\(KeyText.list(candidates)) would have given \(expected): "
                    + "is \(which) what produced the value you expected?")
        }
        return notes
    }

    /// `murmur2("alice") = 0x74504595, mod 3 = 0 with partitioner murmur2_random`
    private static func calculation(
        _ key: [UInt8]?, _ partitions: Int, _ partitioner: Partitioner, _ placed: Int32
    ) -> String {
        let bytes = key ?? []
        let hash = KeyText.padded(partitioner.hash(of: bytes) ?? 0, digits: 8)
        return "\(partitioner.algorithm ?? "")(\(KeyText.quoted(bytes))) = 0x\(hash), mod \(partitions) = \(placed) "
            + "with partitioner \(partitioner.rawValue)"
    }

    private static func random(_ key: [UInt8]?, _ partitioner: Partitioner) -> String {
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

    /// One partitioner for each of the other hashes, the ones that are most used.
    private static func others(than partitioner: Partitioner) -> [Partitioner] {
        [.murmur2Random, .consistentRandom, .fnv1aRandom].filter { $0.algorithm != partitioner.algorithm }
    }
}

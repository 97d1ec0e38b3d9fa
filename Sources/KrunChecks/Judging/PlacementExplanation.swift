public import KrunScenario

/// Says why a key is on the partition it is on.
public enum PlacementExplanation {
    /// The lines that explain it: the hash, its remainder, and which other partitioner would have given what was
    /// expected.
    ///
    /// - Parameters:
    ///   - key: nil for a message without one.
    ///   - partitions: how many the topic has.
    ///   - expected: nil when no single partition was expected.
    ///   - actual: nil when the key is on no partition, or on several.
    public static func notes(
        key: [UInt8]?, partitions: Int, partitioner: Partitioner, expected: Int32?, actual: Int32?
    ) -> [String] { preconditionFailure() }
}

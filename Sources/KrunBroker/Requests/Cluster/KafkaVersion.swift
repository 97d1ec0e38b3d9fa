internal import KrunWire

/// The Kafka that this broker stands for, 3.9, as clients see it: the versions of its requests and its features.
enum KafkaVersion {
    static let name = "3.9"

    /// The last version that Kafka 3.9 serves where the codec knows a later one.
    private static let last: [ApiKey: Int16] = [
        .listOffsets: 9, .metadata: 12, .describeGroups: 5, .describeCluster: 1,
    ]

    /// The versions of an API that are served; nil if none is.
    static func served(_ key: ApiKey) -> ClosedRange<Int16>? {
        guard let known = Request.versions(of: key) else { return nil }
        return known.lowerBound...min(known.upperBound, last[key] ?? .max)
    }

    /// What `kafka-features` shows, with the level at which a cluster of 3.9 is made; level 0 is not told as finalized.
    static let features: [(name: String, supported: ClosedRange<Int16>, level: Int16)] = [
        ("kraft.version", 0...1, 0), ("metadata.version", 1...21, 21),
    ]
}

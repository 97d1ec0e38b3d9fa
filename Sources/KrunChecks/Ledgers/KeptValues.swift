public import KrunScenario

/// The keys of one topic that an expectation names, and those of them whose values it asks for; all other values are
/// forgotten at once.
public struct KeptValues: Hashable, Sendable {
    /// The bytes of the keys that the outcome must list, however many there are.
    public var named: Set<[UInt8]>
    /// The bytes of the keys whose values are kept.
    public var keys: Set<[UInt8]>
    /// Whether the values of messages without a key are kept.
    public var nullKey: Bool
    /// The partitioner with whose places those of all keys are compared; nil for none.
    public var placedBy: Partitioner?

    public static let none = KeptValues(named: [], keys: [], nullKey: false)

    public init(named: Set<[UInt8]>, keys: Set<[UInt8]>, nullKey: Bool) {
        self.named = named.union(keys)
        self.keys = keys
        self.nullKey = nullKey
    }

    /// What a step's expectation asks of one of its topics, by its name in the file.
    public init(for expectation: Expectation, topic: String) {
        self = .none
        for expected in expectation.topics where expected.topic == topic {
            for key in expected.keys {
                named.insert(key.key)
                if key.values != nil { keys.insert(key.key) }
            }
            if expected.nullKey?.values != nil { nullKey = true }
            placedBy = expected.placedBy?.partitioner ?? placedBy
        }
    }
}

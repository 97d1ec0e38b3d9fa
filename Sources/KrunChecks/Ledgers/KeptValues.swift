public import KrunScenario

/// The keys of one topic whose values an expectation asks for; all other values are forgotten at once.
public struct KeptValues: Hashable, Sendable {
    /// The keys' bytes.
    public var keys: Set<[UInt8]>
    /// Whether the values of messages without a key are kept.
    public var nullKey: Bool

    public static let none = KeptValues(keys: [], nullKey: false)

    public init(keys: Set<[UInt8]>, nullKey: Bool) {
        self.keys = keys
        self.nullKey = nullKey
    }

    /// What a step's expectation asks of one of its topics, by its name in the file.
    public init(for expectation: Expectation, topic: String) {
        self = .none
        for expected in expectation.topics where expected.topic == topic {
            for key in expected.keys where key.values != nil { keys.insert(Array(key.key.utf8)) }
            if expected.nullKey?.values != nil { nullKey = true }
        }
    }
}

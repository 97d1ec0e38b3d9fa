/// What was expected somewhere and what was there instead, as data: what a report for programs shows, and what the words after
/// the caret are made of.
public struct Mismatch: Hashable, Sendable {
    /// What of an outcome was compared.
    public struct Subject: Hashable, Sendable {
        /// nil for what belongs to the whole step.
        public var topic: String?
        public var partition: Int32?
        public var key: Key?
        /// Of a group.
        public var member: String?
        /// Its name in an outcome and in `expect`, such as `lag`; nil for the partition, key or member as a whole.
        public var field: String?

        public enum Key: Hashable, Sendable {
            case bytes([UInt8])
            /// The messages without a key.
            case none
        }

        public init(
            _ field: String?, topic: String? = nil, partition: Int32? = nil, key: Key? = nil, member: String? = nil
        ) {
            self.field = field
            self.topic = topic
            self.partition = partition
            self.key = key
            self.member = member
        }
    }

    /// What was there, or what the file says must be.
    public indirect enum Value: Hashable, Sendable {
        /// There is no such thing, such as an offset where nothing is committed.
        case null
        case number(Int64)
        case text(String)
        case duration(Duration)
        /// A record's value, nil for a tombstone. `isJSON` says that it was compared as JSON.
        case record([UInt8]?, isJSON: Bool)
        /// JSON text without white space.
        case json(String)
        case list([Value])
        /// In this order.
        case object([Member])
        case oneOf([Value])
        /// A regular expression that must be found.
        case matches(String)
        /// Both ends included; at least one is there.
        case range(min: Value?, max: Value?)
        /// What a matcher with that name asks for, such as `contains`.
        case matcher(String, Value)
        case boolean(Bool)

        public struct Member: Hashable, Sendable {
            public var name: String
            public var value: Value

            public init(_ name: String, _ value: Value) {
                self.name = name
                self.value = value
            }
        }
    }

    public var subject: Subject
    public var expected: Value
    public var actual: Value

    public init(_ subject: Subject, expected: Value, actual: Value) {
        self.subject = subject
        self.expected = expected
        self.actual = actual
    }
}

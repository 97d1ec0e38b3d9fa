/// A record that a step had before it.
public struct RecordOutcome: Hashable, Sendable {
    /// Its name in the file.
    public var topic: String
    public var partition: Int32
    /// nil where it is unknown, as with `acks: 0`.
    public var offset: Int64
    /// Milliseconds since 1970; nil where it has none.
    public var timestamp: Int64?
    /// nil for none.
    public var key: [UInt8]?
    /// nil for a tombstone.
    public var value: [UInt8]?
    /// In their order; a name may come several times.
    public var headers: [Header]

    public struct Header: Hashable, Sendable {
        public var key: String
        public var value: [UInt8]?

        public init(key: String, value: [UInt8]?) {
            self.key = key
            self.value = value
        }
    }

    public init(
        topic: String, partition: Int32, offset: Int64, timestamp: Int64?, key: [UInt8]?, value: [UInt8]?,
        headers: [Header]
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.headers = headers
    }
}

/// Values that a step took from records, for the steps that follow.
public struct CapturedValue: Hashable, Sendable {
    public var name: String
    /// As JSON, without white space.
    public var json: String

    public init(name: String, json: String) {
        self.name = name
        self.json = json
    }
}

public import KrunOutcome

/// A record that a step has before it, borrowed for a call.
public struct RecordView {
    /// Its name in the file.
    public let topic: String
    public let partition: Int32
    public let offset: Int64
    /// Milliseconds since 1970; nil where it has none.
    public let timestamp: Int64?
    /// nil for none.
    public let key: UnsafeRawBufferPointer?
    /// nil for a tombstone.
    public let value: UnsafeRawBufferPointer?
    // A pointer and a function of it: a closure would be an object for each of a million records.
    @usableFromInline let source: UnsafeRawPointer
    @usableFromInline let read: (UnsafeRawPointer) -> [RecordOutcome.Header]

    /// - Parameters:
    ///   - source: what `headers` is asked with, valid as long as this is.
    ///   - headers: asked only where they matter.
    @inlinable
    public init(
        topic: String, partition: Int32, offset: Int64, timestamp: Int64?, key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?, source: UnsafeRawPointer,
        headers: @escaping (UnsafeRawPointer) -> [RecordOutcome.Header]
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.source = source
        read = headers
    }

    var headers: [RecordOutcome.Header] { read(source) }

    /// A copy that lasts.
    var kept: RecordOutcome {
        RecordOutcome(
            topic: topic, partition: partition, offset: offset, timestamp: timestamp, key: key.map { Array($0) },
            value: value.map { Array($0) }, headers: headers)
    }
}

@available(*, unavailable)
extension RecordView: Sendable {}

extension RecordOutcome {
    /// Lends it as it was lent.
    func withView<Result, Failure: Error>(_ body: (RecordView) throws(Failure) -> Result) throws(Failure) -> Result {
        // `withUnsafeBytes` rethrows untyped errors; the result carries the typed one across.
        let result = (key ?? []).withUnsafeBytes { key in
            (value ?? []).withUnsafeBytes { value in
                withUnsafePointer(to: self) { record in
                    Swift.Result { () throws(Failure) in
                        try body(
                            RecordView(
                                topic: topic, partition: partition, offset: offset, timestamp: timestamp,
                                key: self.key == nil ? nil : key, value: self.value == nil ? nil : value,
                                source: UnsafeRawPointer(record),
                                headers: { $0.assumingMemoryBound(to: RecordOutcome.self).pointee.headers }))
                    }
                }
            }
        }
        return try result.get()
    }
}

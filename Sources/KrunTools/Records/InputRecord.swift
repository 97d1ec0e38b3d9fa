package import KrunKafka

/// A record as a line of input says it; its bytes are in one buffer, which the next line overwrites.
package struct InputRecord {
    /// A header's key and value in `bytes`; the value is nil for a null value.
    package struct Header {
        var key: Range<Int>
        var value: Range<Int>?
    }

    var bytes: [UInt8] = []
    /// Nil for a null key.
    var key: Range<Int>?
    /// Nil for a tombstone.
    var value: Range<Int>?
    /// Nil where the partitioner decides.
    package internal(set) var partition: Int32?
    /// Milliseconds since 1970; nil for the time of sending.
    package internal(set) var timestamp: Int64?
    var headerRanges: [Header] = []

    package init() {}

    /// Forgets all of it, but keeps the memory.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        headerRanges.removeAll(keepingCapacity: true)
        key = nil
        value = nil
        partition = nil
        timestamp = nil
    }

    mutating func append(_ content: some Sequence<UInt8>) -> Range<Int> {
        let start = bytes.count
        bytes += content
        return start..<bytes.count
    }

    /// Hands out key and value, valid during the call.
    package func withKeyAndValue<Result, Failure: Error>(
        _ body: (_ key: UnsafeRawBufferPointer?, _ value: UnsafeRawBufferPointer?) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // `withUnsafeBytes` rethrows untyped errors; the result carries the typed one across.
        try bytes.withUnsafeBytes { bytes in
            Swift.Result { () throws(Failure) in
                try body(
                    key.map { UnsafeRawBufferPointer(rebasing: bytes[$0]) },
                    value.map { UnsafeRawBufferPointer(rebasing: bytes[$0]) })
            }
        }.get()
    }

    /// The headers in their order.
    package var headers: [RecordHeader] {
        headerRanges.map { header in
            RecordHeader(
                String(decoding: bytes[header.key], as: UTF8.self), header.value.map { Array(bytes[$0]) })
        }
    }
}

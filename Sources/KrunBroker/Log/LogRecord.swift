/// A record of its own, apart from any batch.
package struct LogRecord: Equatable, Sendable {
    package var offset: Int64
    /// Milliseconds; -1 is none.
    package var timestamp: Int64
    package var key: [UInt8]?
    /// nil makes a tombstone.
    package var value: [UInt8]?
    package var headers: [LogRecordHeader]

    package init(
        offset: Int64 = 0, timestamp: Int64, key: [UInt8]?, value: [UInt8]?, headers: [LogRecordHeader] = []
    ) {
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.headers = headers
    }
}

package import KrunKafka

/// A message as it was read.
package struct RecordedMessage: Hashable, Sendable {
    package var partition: Int32
    package var offset: Int64
    /// Milliseconds since 1970; nil where it has none.
    package var timestamp: Int64?
    package var key: [UInt8]?
    /// Nil for a tombstone.
    package var value: [UInt8]?
    package var headers: [RecordHeader]

    package init(
        partition: Int32, offset: Int64, timestamp: Int64? = nil, key: [UInt8]?, value: [UInt8]?,
        headers: [RecordHeader] = []
    ) {
        self.partition = partition
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.headers = headers
    }

    /// What a bound in bytes counts.
    var size: Int {
        let headers = headers.reduce(0) { $0 + $1.key.utf8.count + ($1.value?.count ?? 0) }
        return (key?.count ?? 0) + (value?.count ?? 0) + headers
    }

    init(_ record: ConsumedRecord) {
        self.init(
            partition: record.partition, offset: record.offset, timestamp: record.timestamp,
            key: record.key.map { Array($0) }, value: record.value.map { Array($0) }, headers: record.headers)
    }
}

/// A header of a record.
package struct LogRecordHeader: Equatable, Sendable {
    /// UTF-8, kept as it came.
    package var key: [UInt8]
    package var value: [UInt8]?

    package init(key: [UInt8], value: [UInt8]?) {
        self.key = key
        self.value = value
    }
}

/// An offset that was looked up, as ListOffsets answers it.
package struct LogTimestampOffset: Equatable, Sendable {
    package var offset: Int64
    /// Of the record there; -1 when the offset was not looked up by time.
    package var timestamp: Int64
    /// Of the record there; -1 when unknown.
    package var leaderEpoch: Int32

    package init(offset: Int64, timestamp: Int64, leaderEpoch: Int32) {
        self.offset = offset
        self.timestamp = timestamp
        self.leaderEpoch = leaderEpoch
    }
}

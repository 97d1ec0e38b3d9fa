/// What became of an append, with all that Produce answers for a partition.
package struct LogAppendResult: Equatable, Sendable {
    /// Of the first record: of the batch stored now, or of the one stored before when it was a duplicate.
    package var baseOffset: Int64
    package var lastOffset: Int64
    /// Milliseconds, when the topic's timestamp type is LogAppendTime, else -1. For a duplicate it is the first
    /// append's greatest timestamp whatever the type, as Kafka answers.
    package var logAppendTime: Int64
    package var logStartOffset: Int64
    /// Nothing was stored: the producer had sent this batch before.
    package var isDuplicate: Bool
    /// As sent; 0 bytes of it were stored for a duplicate.
    package var recordCount: Int
    package var storedBytes: Int

    package init(
        baseOffset: Int64, lastOffset: Int64, logAppendTime: Int64, logStartOffset: Int64, isDuplicate: Bool,
        recordCount: Int, storedBytes: Int
    ) {
        self.baseOffset = baseOffset
        self.lastOffset = lastOffset
        self.logAppendTime = logAppendTime
        self.logStartOffset = logStartOffset
        self.isDuplicate = isDuplicate
        self.recordCount = recordCount
        self.storedBytes = storedBytes
    }
}

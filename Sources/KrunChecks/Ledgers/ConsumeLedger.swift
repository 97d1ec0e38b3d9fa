/// What one consume step's members owned and read. May be called from every member's thread; `topic` is always the
/// position in the step's list of topics, `member` a number from 0.
public final class ConsumeLedger: Sendable {
    init() {}

    /// Where reading starts, per topic and partition; nil where it is not known. To be called before the first
    /// record; the start counts as read.
    public func starts(at positions: [[Int64?]]) { preconditionFailure() }

    /// What was committed before the step by a group that existed before the scenario; it is not judged.
    public func wasCommitted(_ offsets: [[Int64?]]) { preconditionFailure() }

    /// The member owns these too from now on. To be called in the rebalance callback.
    public func assigned(member: Int, _ partitions: [TopicPartition]) { preconditionFailure() }

    /// The member owns these no more. To be called in the rebalance callback, before it gives them up.
    public func revoked(member: Int, _ partitions: [TopicPartition]) { preconditionFailure() }

    /// Every member is in the same generation and has its final assignment. The first time is what the outcome shows.
    public func stable() { preconditionFailure() }

    /// Takes the lock once for the records of one call of librdkafka.
    public func withBatch(member: Int, _ body: (inout ConsumeBatch) -> Void) { preconditionFailure() }

    /// The position is at least here, though no record was read: markers of transactions, compaction.
    public func reached(_ partition: TopicPartition, offset: Int64) { preconditionFailure() }

    /// The next offset to read; nil before the start is known and nothing was read.
    public func position(_ partition: TopicPartition) -> Int64? { preconditionFailure() }

    /// Records read so far; cheap, without the lock.
    public var messages: Int { preconditionFailure() }

    /// Ends the step and judges. To be called once, also when the step ended in an error.
    public func finish(_ ending: ConsumeEnding) -> ConsumeFindings { preconditionFailure() }
}

/// The records of one call of librdkafka.
public struct ConsumeBatch {
    /// Notes a record.
    ///
    /// - Parameters:
    ///   - key: nil for none; borrowed for the call.
    ///   - value: nil for a tombstone; borrowed for the call.
    public mutating func record(
        topic: Int, partition: Int32, offset: Int64, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?
    ) { preconditionFailure() }
}

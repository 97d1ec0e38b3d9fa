public import KrunOutcome

/// What one produce step's messages came to. Delivery reports are to come from one thread; other calls from any.
public final class ProduceLedger: Sendable {
    init() {}

    /// Takes the lock once for many reports.
    public func withBatch(_ body: (inout ProduceBatch) -> Void) { preconditionFailure() }

    /// One acknowledged message; see `ProduceBatch.acknowledged`.
    public func acknowledged(
        sequence: UInt64, partition: Int32, offset: Int64?, key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?, placedByPartitioner: Bool
    ) { preconditionFailure() }

    /// One message that was not acknowledged; see `ProduceBatch.failed`.
    public func failed(
        sequence: UInt64, errorName: String, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?
    ) { preconditionFailure() }

    /// Acknowledged so far.
    public var messages: Int { preconditionFailure() }

    /// Not acknowledged so far.
    public var failures: Int { preconditionFailure() }

    /// Ends the step: tells the scenario's ledger what stands in the log now, and judges. To be called once, also
    /// when the step ended in an error.
    public func finish(duration: Duration, allow: Set<Invariant>) -> (ProduceOutcome, [InvariantOutcome]) {
        preconditionFailure()
    }
}

/// The delivery reports of one call of librdkafka.
public struct ProduceBatch {
    /// Notes an acknowledged message.
    ///
    /// - Parameters:
    ///   - sequence: the 0-based number of the message in the step, in the order of sending.
    ///   - offset: nil where it is unknown, as with `acks: 0`.
    ///   - key: nil for none; borrowed for the call.
    ///   - value: nil for a tombstone; borrowed for the call.
    ///   - placedByPartitioner: whether the message named no partition itself.
    public mutating func acknowledged(
        sequence: UInt64, partition: Int32, offset: Int64?, key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?, placedByPartitioner: Bool
    ) { preconditionFailure() }

    /// Notes a message that was refused or ran out of time; it may stand in the log all the same.
    public mutating func failed(
        sequence: UInt64, errorName: String, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?
    ) { preconditionFailure() }
}

public import KrunOutcome
import Synchronization

/// What one produce step's messages came to. Delivery reports are to come from one thread; other calls from any.
///
/// The scenario's ledger knows what is acknowledged as soon as it is: others may read it meanwhile.
public final class ProduceLedger: Sendable {
    private let scenario: ScenarioLedger
    private let topic: Int
    private let state: Mutex<ProduceBatch>
    private let acknowledgedCount = Atomic(0)
    private let failedCount = Atomic(0)

    init(scenario: ScenarioLedger, topic: Int, batch: ProduceBatch) {
        self.scenario = scenario
        self.topic = topic
        state = Mutex(batch)
    }

    /// Takes the lock once for many reports.
    public func withBatch(_ body: (inout ProduceBatch) -> Void) {
        state.withLock { batch in
            body(&batch)
            acknowledgedCount.store(batch.messages, ordering: .relaxed)
            failedCount.store(batch.failed, ordering: .relaxed)
            if batch.hasNews { scenario.state.withLock { batch.tell(&$0.topics[topic]) } }
        }
    }

    /// One acknowledged message; see `ProduceBatch.acknowledged`.
    public func acknowledged(
        sequence: UInt64, partition: Int32, offset: Int64?, key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?, placedByPartitioner: Bool
    ) {
        withBatch {
            $0.acknowledged(
                sequence: sequence, partition: partition, offset: offset, key: key, value: value,
                placedByPartitioner: placedByPartitioner)
        }
    }

    /// One message that was not acknowledged; see `ProduceBatch.failed`.
    public func failed(
        sequence: UInt64, errorName: String, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
        isRefusedByClient: Bool = false
    ) {
        withBatch {
            $0.failed(
                sequence: sequence, errorName: errorName, key: key, value: value,
                isRefusedByClient: isRefusedByClient)
        }
    }

    /// Acknowledged so far; cheap, without the lock.
    public var messages: Int { acknowledgedCount.load(ordering: .relaxed) }

    /// Not acknowledged so far; cheap, without the lock.
    public var failures: Int { failedCount.load(ordering: .relaxed) }

    /// What the step brought about so far.
    public func outcome(duration: Duration) -> ProduceOutcome { state.withLock { $0.outcome(duration: duration) } }

    /// Keys that moved because partitions were added; known once the step is concluded.
    public var movedKeys: MovedKeys { state.withLock { $0.movedKeys } }

    /// What is acknowledged from now on belongs to this transaction. To be called before the first message.
    public func belongs(to transaction: Int) { state.withLock { $0.transaction = transaction } }

    /// Its producer was fenced before this message was sent; the first time counts.
    public func fenced(from sequence: UInt64) { state.withLock { $0.fencedFrom = $0.fencedFrom ?? sequence } }

    /// Judges. To be called once, when the step has ended and nothing is at work beside it, also after an error.
    ///
    /// - Parameter standing: of the producer; nil where it has no transactions.
    public func conclude(allow: Set<Invariant>, standing: ProducerStanding? = nil) -> [InvariantOutcome] {
        state.withLock { batch in
            scenario.state.withLock { batch.conclude(in: &$0.topics[topic], allow: allow) }
                + (standing.map { [$0.conclude(batch.afterFencing, allow: allow)] } ?? [])
        }
    }
}

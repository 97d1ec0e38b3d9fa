import KrunBrokerTestSupport
import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct LogTransactionTests {
    private let log = PartitionLog(now: LogFixture.now())

    private func append(_ id: Int64, _ sequence: Int32, epoch: Int16 = 0, count: Int = 1) throws -> LogAppendResult {
        try log.append(
            LogFixture.sequenced(id, epoch: epoch, sequence: sequence, count: count, isTransactional: true),
            leaderEpoch: 4, now: LogFixture.now())
    }

    private func end(
        _ id: Int64, epoch: Int16 = 0, commit: Bool, coordinatorEpoch: Int32 = 3
    ) throws -> LogAppendResult {
        try log.appendEndTransactionMarker(
            producerId: id, producerEpoch: epoch, commit: commit, coordinatorEpoch: coordinatorEpoch, leaderEpoch: 4,
            now: LogFixture.now(9))
    }

    private func code(_ body: () throws -> LogAppendResult) -> ErrorCode? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? LogError)?.code
        }
    }

    /// Readers of committed records wait for the oldest open transaction, whoever else has ended theirs.
    @Test
    func theLastStableOffsetWaitsForTheOldestTransaction() throws {
        _ = try log.append(LogFixture.batch(["plain"]), leaderEpoch: 4, now: LogFixture.now())
        _ = try append(1, 0)
        _ = try append(2, 0, count: 2)
        #expect(log.lastStableOffset == 1)
        _ = try end(2, commit: false)
        #expect(log.lastStableOffset == 1)
        #expect(log.highWatermark == 5)
        #expect(try log.allRecords(upTo: .lastStable).map(\.offset) == [0])
        #expect(log.offset(for: .latest, isolation: .lastStable)?.offset == 1)
        #expect(log.offset(for: .timestamp(LogFixture.wall + 1), isolation: .lastStable) == nil)
        #expect(log.offset(for: .timestamp(LogFixture.wall + 1))?.offset == 4)
        _ = try end(1, commit: true)
        #expect(log.lastStableOffset == 6)
        let aborted = AbortedTransaction(producerId: 2, firstOffset: 2, lastOffset: 4, lastStableOffset: 1)
        #expect(log.abortedTransactions(from: 0, to: 6) == [aborted])
        #expect(log.abortedTransactions(from: 4, to: 6) == [aborted])
        #expect(log.abortedTransactions(from: 5, to: 6) == [])
        #expect(log.abortedTransactions(from: 0, to: 2) == [])
    }

    /// Byte for byte what Kafka writes: key version 0 and type, value version 0 and coordinator epoch.
    @Test(arguments: [true, false])
    func writesTheMarkerOfKafka(commit: Bool) throws {
        _ = try append(7, 0, epoch: 2)
        #expect(
            try end(7, epoch: 2, commit: commit)
                == LogAppendResult(
                    baseOffset: 1, lastOffset: 1, logAppendTime: -1, logStartOffset: 0, isDuplicate: false,
                    recordCount: 1, storedBytes: 78))
        let header = try log.header(of: 1)
        #expect(header.isControl && header.isTransactional && header.compression == RecordCompression.none)
        #expect([header.producerId, Int64(header.producerEpoch), Int64(header.baseSequence)] == [7, 2, -1])
        #expect(header.partitionLeaderEpoch == 4)
        #expect(
            try log.allRecords().last
                == LogRecord(
                    offset: 1, timestamp: LogFixture.wall + 9, key: [0, 0, 0, commit ? 1 : 0],
                    value: [0, 0, 0, 0, 0, 3]))
    }

    @Test
    func fencesOldProducersAndOldCoordinators() throws {
        _ = try append(7, 0, epoch: 2)
        #expect(code { try end(7, epoch: 1, commit: true) } == .invalidProducerEpoch)
        _ = try end(7, epoch: 3, commit: false, coordinatorEpoch: 5)
        #expect(code { try append(7, 1, epoch: 2) } == .invalidProducerEpoch)
        #expect(code { try end(7, epoch: 3, commit: true, coordinatorEpoch: 4) } == .transactionCoordinatorFenced)
        #expect(code { try append(7, 1, epoch: 3) } == .outOfOrderSequenceNumber)
        #expect(try append(7, 0, epoch: 3).baseOffset == 2)
    }

    @Test
    func refusesPlainBatchesWithinATransaction() throws {
        _ = try append(7, 0)
        let plain = LogFixture.sequenced(7, sequence: 1)
        #expect(code { try log.append(plain, leaderEpoch: 4, now: LogFixture.now()) } == .invalidTxnState)
        _ = try end(7, commit: true)
        #expect(code { try log.append(plain, leaderEpoch: 4, now: LogFixture.now()) } == nil)
    }

    /// What DescribeProducers shows.
    @Test
    func describesProducers() throws {
        _ = try append(9, 5, count: 3)
        _ = try end(8, epoch: 1, commit: true)
        var open = ProducerState(producerId: 9)
        open.producerEpoch = 0
        open.lastTimestamp = LogFixture.wall
        open.currentTransactionFirstOffset = 0
        open.batches = [
            ProducerState.Batch(
                firstSequence: 5, lastSequence: 7, firstOffset: 0, lastOffset: 2, timestamp: LogFixture.wall)
        ]
        var marked = ProducerState(producerId: 8)
        marked.producerEpoch = 1
        marked.coordinatorEpoch = 3
        marked.lastTimestamp = LogFixture.wall + 9
        #expect(log.describeProducers() == [marked, open])
        #expect(log.describeProducers().map(\.lastSequence) == [-1, 7])
    }

    /// Only the five latest batches are known: an older retry is out of order, as Kafka answers.
    @Test
    func answersRetriesOfTheLastFiveBatches() throws {
        for sequence: Int32 in 0..<7 { _ = try append(7, sequence) }
        let retry = try append(7, 2)
        #expect(retry.isDuplicate && retry.baseOffset == 2 && retry.lastOffset == 2)
        #expect(code { try append(7, 1) } == .outOfOrderSequenceNumber)
        #expect(log.logEndOffset == 7)
    }

    /// The id of a producer that is silent for `producer.id.expiration.ms` is forgotten, unless its transaction is
    /// open.
    @Test
    func forgetsIdleProducers() throws {
        _ = try append(1, 0)
        _ = try log.append(LogFixture.sequenced(2, sequence: 0), leaderEpoch: 4, now: LogFixture.now())
        log.configuration.producerIdExpirationMs = 1_000_000
        #expect(log.nextMaintenance(now: LogFixture.now()) == .milliseconds(600_000))
        log.maintain(now: LogFixture.now(999_999))
        #expect(log.describeProducers().map(\.producerId) == [1, 2])
        log.maintain(now: LogFixture.now(1_600_000))
        #expect(log.describeProducers().map(\.producerId) == [1])
        // Any sequence is accepted from one that is not known.
        #expect(
            try log.append(LogFixture.sequenced(2, sequence: 99), leaderEpoch: 4, now: LogFixture.now()).baseOffset == 2
        )
    }

    /// A marker that replicas do not have yet holds readers of committed records back like an open transaction.
    @Test
    func aHeldHighWatermarkHoldsTheLastStableOffset() throws {
        log.isHighWatermarkHeld = true
        _ = try append(1, 0)
        _ = try append(2, 0)
        _ = try end(1, commit: true)
        #expect([log.highWatermark, log.lastStableOffset, log.logEndOffset] == [0, 0, 3])
        log.moveHighWatermark(to: 2)
        #expect([log.highWatermark, log.lastStableOffset] == [2, 0])
        log.moveHighWatermark(to: 3)
        #expect([log.highWatermark, log.lastStableOffset] == [3, 1])
        _ = try end(2, commit: true)
        log.isHighWatermarkHeld = false
        #expect([log.highWatermark, log.lastStableOffset] == [4, 4])
    }
}

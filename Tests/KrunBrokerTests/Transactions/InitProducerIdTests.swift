import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct InitProducerIdTests {
    typealias Granted = TransactionBench.Granted

    @Test func withoutTransactionalIdEveryAnswerIsANewProducer() {
        var bench = TransactionBench()
        #expect(bench.initialize(nil) == Granted(id: 0, epoch: 0))
        #expect(bench.initialize(nil, timeout: -1, held: (0, 0)) == Granted(id: 1, epoch: 0))
        #expect(bench.coordinator.count == 0)
        #expect(bench.coordinator.nextDeadline == nil)
    }

    @Test func aTransactionalIdKeepsItsProducerIdAndGetsTheNextEpoch() {
        var bench = TransactionBench()
        #expect(bench.initialize() == Granted(id: 0, epoch: 0))
        #expect(
            bench.actions == [
                .event(
                    TransactionEvent(
                        transactionalId: "t", producerId: 0, producerEpoch: 0, from: .empty, to: .empty,
                        cause: .initialized))
            ])
        #expect(bench.initialize() == Granted(id: 0, epoch: 1))
        #expect(bench.initialize("u") == Granted(id: 1, epoch: 0))
    }

    @Test(arguments: [0, -1, 900_001] as [Int32])
    func aTimeoutMustBeWithinTheBrokersLimit(timeout: Int32) {
        var bench = TransactionBench()
        #expect(bench.initialize(timeout: timeout) == Granted(error: .invalidTransactionTimeout))
        #expect(bench.initialize(timeout: 900_000) == Granted(id: 0, epoch: 0))
    }

    @Test func anEmptyIdOrHalfAProducerIsNoRequest() {
        var bench = TransactionBench()
        #expect(bench.initialize("", timeout: 0) == Granted(error: .invalidRequest))
        #expect(bench.initialize(held: (1, -1)) == Granted(error: .invalidRequest))
        #expect(bench.initialize(held: (-1, 1)) == Granted(error: .invalidRequest))
    }

    /// An open transaction is aborted under an epoch that nobody holds; the producer asks again until the markers are written.
    @Test func anOpenTransactionIsAbortedFirst() {
        var bench = TransactionBench.open()
        #expect(bench.initialize() == Granted(error: .concurrentTransactions))
        let markers = TransactionMarkers(
            transactionalId: "t", number: 1, producerId: 0, producerEpoch: 1, commit: false, coordinatorEpoch: 0,
            partitions: [TransactionPartition(topic: "a", partition: 0)], groups: [])
        #expect(
            bench.actions == [
                .event(
                    TransactionEvent(
                        transactionalId: "t", producerId: 0, producerEpoch: 1, from: .ongoing, to: .prepareAbort,
                        cause: .fenced)),
                .writeMarkers(markers),
            ])
        #expect(bench.add([1]) == .producerFenced)
        #expect(bench.initialize() == Granted(error: .concurrentTransactions))
        #expect(bench.actions == [])
        #expect(
            bench.coordinator.markersWritten(markers, now: bench.now) == [
                .event(
                    TransactionEvent(
                        transactionalId: "t", producerId: 0, producerEpoch: 1, from: .prepareAbort, to: .completeAbort,
                        cause: .markersWritten))
            ])
        #expect(bench.initialize() == Granted(id: 0, epoch: 2))
    }

    /// KIP-360: who holds the present epoch gets the next one, and the same one again if the answer was lost.
    @Test func aProducerMayBumpItsOwnEpoch() {
        var bench = TransactionBench.complete(commit: true)
        #expect(bench.initialize(held: (0, 0)) == Granted(id: 0, epoch: 1))
        #expect(bench.initialize(held: (0, 0)) == Granted(id: 0, epoch: 1))
        #expect(bench.initialize(held: (0, 1)) == Granted(id: 0, epoch: 2))
        #expect(bench.initialize(held: (0, 0)) == Granted(error: .producerFenced))
        #expect(bench.initialize(held: (7, 2)) == Granted(error: .producerFenced))
        #expect(bench.initialize(held: (0, 0), version: 3) == Granted(error: .invalidProducerEpoch))
        // A producer that starts anew takes over: no retry of the one before it succeeds.
        #expect(bench.initialize() == Granted(id: 0, epoch: 3))
        #expect(bench.initialize(held: (0, 1)) == Granted(error: .producerFenced))
        #expect(bench.initialize(held: (0, 2)) == Granted(error: .producerFenced))
    }

    /// A transactional id that expired meanwhile admits whoever asks.
    @Test func anUnknownTransactionalIdAdmitsAnyProducer() {
        var bench = TransactionBench()
        #expect(bench.initialize(held: (40, 4)) == Granted(id: 0, epoch: 0))
    }

    @Test func whileMarkersAreWrittenItIsConcurrentUnlessFenced() {
        var bench = TransactionBench.preparing(commit: true)
        #expect(bench.initialize() == Granted(error: .concurrentTransactions))
        #expect(bench.initialize(held: (0, 0)) == Granted(error: .concurrentTransactions))
        #expect(bench.initialize(held: (9, 0)) == Granted(error: .producerFenced))
    }

    /// 32 766 is the last epoch that is given out; then comes a new producer id.
    @Test func anExhaustedEpochGivesANewProducerId() {
        var bench = TransactionBench()
        #expect((0...Int16.max - 1).allSatisfy { bench.initialize() == Granted(id: 0, epoch: $0) })
        #expect(bench.initialize() == Granted(id: 1, epoch: 0))
        #expect(bench.initialize(held: (0, .max - 1)) == Granted(error: .producerFenced))
    }

    /// The same when the holder of the last epoch asks, and again when it asks again.
    @Test func theHolderOfTheLastEpochIsGivenANewProducerIdOnce() {
        var bench = TransactionBench()
        for _ in 0...Int16.max - 1 { _ = bench.initialize() }
        let last = (Int64(0), Int16.max - 1)
        #expect(bench.initialize(held: (0, 5)) == Granted(error: .producerFenced))
        #expect(bench.initialize(held: last) == Granted(id: 1, epoch: 0))
        #expect(bench.initialize(held: last) == Granted(id: 1, epoch: 0))
        #expect(bench.initialize(held: (1, 0)) == Granted(id: 1, epoch: 1))
        #expect(bench.initialize(held: last) == Granted(error: .producerFenced))
    }

    /// Fencing the last epoch uses up 32 767; nothing overflows.
    @Test func aTransactionOfTheLastEpochCanBeFenced() {
        var bench = TransactionBench()
        for _ in 0...Int16.max - 1 { _ = bench.initialize() }
        #expect(bench.add([0], by: (0, .max - 1)) == .none)
        #expect(bench.initialize() == Granted(error: .concurrentTransactions))
        bench.writeMarkers()
        // An epoch that nobody was given begins a transaction when guessed: then fencing has no epoch left to go to.
        #expect(bench.add([0], by: (0, .max)) == .none)
        #expect(bench.initialize() == Granted(error: .concurrentTransactions))
        bench.writeMarkers()
        #expect(bench.initialize() == Granted(id: 1, epoch: 0))
    }
}

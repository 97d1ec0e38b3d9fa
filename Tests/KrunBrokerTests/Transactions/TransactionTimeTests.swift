import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct TransactionTimeTests {
    private let week = Duration.seconds(604_800)

    /// KIP-588: the transaction is aborted under a new epoch, and its producer shut out.
    @Test func aTransactionThatTakesTooLongIsAborted() {
        var bench = TransactionBench.open(timeout: 1000)
        #expect(bench.coordinator.nextDeadline == .seconds(1))
        bench.pass(.milliseconds(999))
        #expect(bench.actions == [])
        // Adding to it does not prolong it.
        _ = bench.add([1])
        #expect(bench.coordinator.nextDeadline == .seconds(1))
        bench.pass(.milliseconds(1))
        let markers = TransactionMarkers(
            transactionalId: "t", number: 1, producerId: 0, producerEpoch: 1, commit: false, coordinatorEpoch: 0,
            partitions: [0, 1].map { TransactionPartition(topic: "a", partition: $0) }, groups: [])
        #expect(
            bench.actions == [
                .event(
                    TransactionEvent(
                        transactionalId: "t", producerId: 0, producerEpoch: 1, from: .ongoing, to: .prepareAbort,
                        cause: .timedOut)), .writeMarkers(markers),
            ])
        #expect(bench.coordinator.nextDeadline == nil)
        #expect(bench.end(commit: true) == .producerFenced)
        #expect(bench.end(commit: true, version: 1) == .invalidProducerEpoch)
        bench.actions = [.writeMarkers(markers)]
        bench.writeMarkers()
        #expect(bench.initialize(held: (0, 0)) == TransactionBench.Granted(error: .producerFenced))
        #expect(bench.initialize() == TransactionBench.Granted(id: 0, epoch: 2))
    }

    @Test func aTransactionIsTimedFromItsBeginning() {
        var bench = TransactionBench.complete(commit: true)
        #expect(bench.coordinator.nextDeadline == week)
        bench.pass(.seconds(10))
        _ = bench.add([0])
        #expect(bench.coordinator.nextDeadline == .seconds(70))
    }

    @Test func anUnusedTransactionalIdIsForgotten() {
        var bench = TransactionBench.complete(commit: true)
        bench.pass(week - .milliseconds(1))
        #expect(bench.actions == [])
        bench.pass(.milliseconds(1))
        #expect(
            bench.actions == [
                .event(
                    TransactionEvent(
                        transactionalId: "t", producerId: 0, producerEpoch: 0, from: .completeCommit, to: .dead,
                        cause: .expired))
            ])
        #expect(bench.coordinator.count == 0)
        #expect(bench.coordinator.nextDeadline == nil)
        #expect(bench.add([0]) == .invalidProducerIdMapping)
        #expect(bench.initialize(held: (0, 0)) == TransactionBench.Granted(id: 1, epoch: 0))
    }

    /// However long a partition is away, its marker is waited for.
    @Test func whatWaitsForMarkersNeitherTimesOutNorExpires() {
        var bench = TransactionBench.preparing(commit: true)
        bench.pass(week * 2)
        #expect(bench.actions == [])
        #expect(bench.coordinator.state(of: "t") == .prepareCommit)
    }

    @Test func changedSettingsCountAtOnce() {
        var bench = TransactionBench.complete(commit: true)
        bench.coordinator.settings.idExpirationMilliseconds = 5
        #expect(bench.coordinator.nextDeadline == .milliseconds(5))
    }

    @Test func theEarliestDeadlineIsTheNext() {
        var bench = TransactionBench()
        for (index, timeout) in [5000, 1000, 3000, 2000, 4000].enumerated() {
            let id = "t\(index)"
            let granted = bench.initialize(id, timeout: Int32(timeout))
            _ = bench.add([0], id: id, by: (granted.id, granted.epoch))
        }
        for second in 1...5 {
            #expect(bench.coordinator.nextDeadline == .seconds(second))
            bench.pass(.seconds(1))
            bench.writeMarkers()
        }
        #expect(bench.coordinator.nextDeadline == week + .seconds(1))
    }
}

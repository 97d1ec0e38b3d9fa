import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct TransactionRequestTests {
    private let a0 = TransactionPartition(topic: "a", partition: 0)

    @Test func theFirstPartitionBeginsTheTransaction() {
        var bench = TransactionBench()
        _ = bench.initialize()
        #expect(bench.add([0, 1]) == .none)
        #expect(
            bench.actions == [
                .event(
                    TransactionEvent(
                        transactionalId: "t", producerId: 0, producerEpoch: 0, from: .empty, to: .ongoing, cause: .begun
                    ))
            ])
        #expect(bench.add([1]) == .none)
        #expect(bench.add([2]) == .none)
        #expect(bench.actions == [])
        #expect(bench.coordinator.transactionsBegun == 1)
        #expect(bench.coordinator.describe(["t"])[0].partitions.map(\.partition) == [0, 1, 2])
    }

    @Test func whoMayNotAddOrEnd() {
        var bench = TransactionBench()
        _ = bench.initialize()
        _ = bench.initialize()
        typealias Request = (inout TransactionBench, String, (Int64, Int16), Int16) -> ErrorCode
        let requests: [Request] = [
            { $0.add([0], id: $1, by: $2, version: $3) }, { $0.add(group: "g", id: $1, by: $2, version: $3) },
            { $0.end(commit: true, id: $1, by: $2, version: $3) },
        ]
        for request in requests {
            #expect(request(&bench, "", (0, 1), 3) == .invalidRequest)
            #expect(request(&bench, "u", (0, 1), 3) == .invalidProducerIdMapping)
            #expect(request(&bench, "t", (5, 1), 3) == .invalidProducerIdMapping)
            #expect(request(&bench, "t", (0, 0), 3) == .producerFenced)
            #expect(request(&bench, "t", (0, 0), 1) == .invalidProducerEpoch)
            #expect(request(&bench, "t", (0, 2), 2) == .producerFenced)
        }
        #expect(bench.coordinator.state(of: "t") == .empty)
    }

    @Test(arguments: [true, false])
    func nothingIsAddedWhileMarkersAreWritten(commit: Bool) {
        var bench = TransactionBench.preparing(commit: commit)
        #expect(bench.add([0]) == .concurrentTransactions)
        #expect(bench.add(group: "g") == .concurrentTransactions)
        bench.actions = [.writeMarkers(bench.coordinator.pendingMarkers[0])]
        bench.writeMarkers()
        #expect(bench.add([0]) == .none)
        #expect(bench.coordinator.transactionsBegun == 2)
    }

    @Test(arguments: [true, false])
    func theEndIsAnsweredBeforeTheMarkersAreWritten(commit: Bool) {
        var bench = TransactionBench.open()
        bench.coordinator.coordinatorEpoch = 7
        #expect(bench.add([5, 3]) == .none)
        #expect(bench.add(group: "h") == .none)
        #expect(bench.add(group: "g") == .none)
        #expect(bench.end(commit: commit) == .none)
        let markers = TransactionMarkers(
            transactionalId: "t", number: 1, producerId: 0, producerEpoch: 0, commit: commit, coordinatorEpoch: 7,
            partitions: [0, 3, 5].map { TransactionPartition(topic: "a", partition: $0) }, groups: ["g", "h"])
        #expect(
            bench.actions == [
                .event(
                    TransactionEvent(
                        transactionalId: "t", producerId: 0, producerEpoch: 0, from: .ongoing,
                        to: commit ? .prepareCommit : .prepareAbort, cause: .ended)), .writeMarkers(markers),
            ])
        #expect(bench.coordinator.pendingMarkers == [markers])

        // Written in parts: what is left stays asked for.
        var part = markers
        part.partitions = [markers.partitions[1]]
        part.groups = ["g"]
        #expect(bench.coordinator.markersWritten(part, now: bench.now) == [])
        var rest = markers
        rest.partitions.remove(at: 1)
        rest.groups = ["h"]
        #expect(bench.coordinator.pendingMarkers == [rest])
        #expect(
            bench.coordinator.markersWritten(rest, now: bench.now) == [
                .event(
                    TransactionEvent(
                        transactionalId: "t", producerId: 0, producerEpoch: 0,
                        from: commit ? .prepareCommit : .prepareAbort, to: commit ? .completeCommit : .completeAbort,
                        cause: .markersWritten))
            ])
        #expect(bench.coordinator.pendingMarkers == [])
        #expect(bench.coordinator.markersWritten(markers, now: bench.now) == [])
    }

    /// A late report of one transaction's markers says nothing of the next one's.
    @Test func aLateReportIsIgnored() {
        var bench = TransactionBench.preparing(commit: true)
        let first = bench.coordinator.pendingMarkers[0]
        bench.writeMarkers()
        _ = bench.add([0])
        _ = bench.end(commit: false)
        #expect(bench.coordinator.markersWritten(first, now: bench.now) == [])
        #expect(bench.coordinator.state(of: "t") == .prepareAbort)
        let stranger = TransactionMarkers(
            transactionalId: "u", number: 2, producerId: 0, producerEpoch: 0, commit: false, coordinatorEpoch: 0,
            partitions: [a0], groups: [])
        #expect(bench.coordinator.markersWritten(stranger, now: bench.now) == [])
    }

    @Test func anEndAskedForAgain() {
        for commit in [true, false] {
            var bench = TransactionBench.preparing(commit: commit)
            #expect(bench.end(commit: commit) == .concurrentTransactions)
            #expect(bench.end(commit: !commit) == .invalidTxnState)
            bench = TransactionBench.complete(commit: commit)
            #expect(bench.end(commit: commit) == .none)
            #expect(bench.actions == [])
            #expect(bench.end(commit: !commit) == .invalidTxnState)
        }
        var bench = TransactionBench()
        _ = bench.initialize()
        #expect(bench.end(commit: true) == .invalidTxnState)
        #expect(bench.end(commit: false) == .invalidTxnState)
    }

    /// AddPartitionsToTxn without partitions begins a transaction, as in Kafka; it ends with no marker to write.
    @Test func aTransactionOfNothingIsOverAtOnce() {
        var bench = TransactionBench()
        _ = bench.initialize()
        #expect(bench.add([]) == .none)
        #expect(bench.end(commit: true) == .none)
        #expect(bench.actions.count == 2)
        #expect(bench.coordinator.state(of: "t") == .completeCommit)
    }

    @Test func aDeletedTopicNeedsNoMarkers() {
        var bench = TransactionBench.open()
        _ = bench.add([0], topic: "b")
        #expect(bench.coordinator.forget(topic: "a", now: bench.now) == [])
        _ = bench.end(commit: true)
        #expect(bench.coordinator.pendingMarkers[0].partitions == [TransactionPartition(topic: "b", partition: 0)])
        #expect(bench.coordinator.forget(topic: "c", now: bench.now) == [])
        // With the last of its partitions gone, the transaction is over.
        #expect(bench.coordinator.forget(topic: "b", now: bench.now).count == 1)
        #expect(bench.coordinator.state(of: "t") == .completeCommit)
    }
}

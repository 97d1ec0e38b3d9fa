import KrunWire
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct TransactionQueryTests {
    private let a0 = TransactionPartition(topic: "a", partition: 0)

    private func verify(
        _ bench: TransactionBench, _ partition: Int32 = 0, id: String = "t", by producer: (Int64, Int16) = (0, 0)
    ) -> ErrorCode {
        bench.coordinator.verify(
            TransactionPartition(topic: "a", partition: partition), transactionalId: id, producerId: producer.0,
            producerEpoch: producer.1)
    }

    private func produceError(
        _ bench: TransactionBench, _ partition: Int32 = 0, by producer: (Int64, Int16) = (0, 0), version: Int16 = 10
    ) -> ErrorCode {
        bench.coordinator.produceError(
            TransactionPartition(topic: "a", partition: partition), transactionalId: "t", producerId: producer.0,
            producerEpoch: producer.1, produceVersion: version)
    }

    /// KIP-890, part 1: a record reaches the log only if its partition was added to the open transaction.
    @Test func verification() {
        var bench = TransactionBench.open()
        #expect(verify(bench) == .none)
        #expect(verify(bench, 1) == .transactionAbortable)
        #expect(verify(bench, id: "") == .invalidRequest)
        #expect(verify(bench, id: "u") == .invalidProducerIdMapping)
        #expect(verify(bench, by: (1, 0)) == .invalidProducerIdMapping)
        #expect(verify(bench, by: (0, 1)) == .producerFenced)
        #expect(
            bench.coordinator.verify(group: "g", transactionalId: "t", producerId: 0, producerEpoch: 0)
                == .transactionAbortable)
        _ = bench.add(group: "g")
        #expect(
            bench.coordinator.verify(group: "g", transactionalId: "t", producerId: 0, producerEpoch: 0) == .none)
        _ = bench.end(commit: true)
        #expect(verify(bench) == .concurrentTransactions)
        bench.writeMarkers()
        #expect(verify(bench) == .transactionAbortable)
    }

    @Test func verificationInTheWordsOfProduce() {
        var bench = TransactionBench.open()
        #expect(produceError(bench) == .none)
        #expect(produceError(bench, 1) == .invalidTxnState)
        #expect(produceError(bench, 1, version: 11) == .transactionAbortable)
        #expect(produceError(bench, by: (0, 1)) == .invalidProducerEpoch)
        #expect(produceError(bench, by: (1, 0)) == .invalidProducerIdMapping)
        _ = bench.end(commit: true)
        #expect(produceError(bench) == .notEnoughReplicas)
    }

    @Test func descriptions() {
        var bench = TransactionBench.open(timeout: 1234)
        _ = bench.add(group: "g")
        var described = TransactionDescription(
            transactionalId: "t", errorCode: .none, state: "Ongoing", timeoutMilliseconds: 1234,
            startMilliseconds: 1_000_000, producerId: 0, producerEpoch: 0, partitions: [a0], groups: ["g"])
        #expect(
            bench.coordinator.describe(["", "t", "u"]) == [
                TransactionDescription(transactionalId: "", errorCode: .invalidRequest), described,
                TransactionDescription(transactionalId: "u", errorCode: .transactionalIdNotFound),
            ])
        _ = bench.end(commit: true)
        described.state = "PrepareCommit"
        #expect(bench.coordinator.describe(["t"]) == [described])
        bench.writeMarkers()
        described.state = "CompleteCommit"
        (described.partitions, described.groups) = ([], [])
        #expect(bench.coordinator.describe(["t"]) == [described])
    }

    @Test func listings() {
        var bench = TransactionBench.open()
        _ = bench.initialize("s")
        typealias Entry = TransactionListing.Entry
        let s = Entry(transactionalId: "s", producerId: 1, state: "Empty")
        let t = Entry(transactionalId: "t", producerId: 0, state: "Ongoing")
        func list(
            states: [String] = [], producerIds: [Int64] = [], longer: Int64 = -1
        ) -> TransactionListing {
            bench.coordinator.list(
                states: states, producerIds: producerIds, longerThanMilliseconds: longer, now: bench.now)
        }
        #expect(list() == TransactionListing(transactions: [s, t]))
        #expect(list(states: ["Ongoing"]) == TransactionListing(transactions: [t]))
        #expect(
            list(states: ["Open", "Empty"]) == TransactionListing(unknownStateFilters: ["Open"], transactions: [s]))
        #expect(list(states: ["Open"]) == TransactionListing(unknownStateFilters: ["Open"]))
        #expect(list(states: ["PrepareEpochFence"]) == TransactionListing())
        #expect(list(producerIds: [0, 7]) == TransactionListing(transactions: [t]))
        bench.pass(.milliseconds(10))
        // What never began counts as begun long ago, as in Kafka.
        #expect(list(longer: 10) == TransactionListing(transactions: [s]))
        #expect(list(longer: 9) == TransactionListing(transactions: [s, t]))
    }
}

import KrunWire
import NIOCore
import Testing

@testable import KrunBroker

/// Transactions as producers and consumers see them.
@Suite(.timeLimit(.minutes(1)))
struct TransactionWireTests {
    @Test
    func readCommittedHidesWhatWasAborted() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t")
        let producer = try await TransactionClient(cluster, "tx")
        #expect(try await producer.start() == .none)
        #expect(try await producer.add("t", 0) == .none)
        #expect(try await producer.produce("t", 0, ["a"]) == .none)
        let reader = try await cluster.client()
        // While it is open nothing may be read, and the last stable offset stands before it.
        let open = try await reader.send(Ask.fetch("t", committed: true), version: 11).only
        #expect(try open.values == [])
        #expect(open.highWatermark == 1)
        #expect(open.lastStableOffset == 0)
        let listed = try await reader.send(DataTests.list("t", timestamp: -1, committed: true), version: 7)
        #expect(listed.topics[0].partitions[0].offset == 0)
        #expect(try await reader.send(Ask.fetch("t"), version: 11).only.values == ["a"])

        // A reader that waits hears of the end.
        let number = try await reader.post(Ask.fetch("t", wait: .max, committed: true), version: 11)
        try await cluster.untilWaiting("t", 1)
        #expect(try await producer.end(commit: false) == .none)
        let aborted = try await reader.receive(FetchRequest.self, version: 11, number: number).only
        #expect(aborted.lastStableOffset == 2)
        let expected = with(FetchResponse.AbortedTransaction()) {
            $0.producerId = producer.id
            $0.firstOffset = 0
        }
        #expect(aborted.abortedTransactions == [expected])
        #expect(try cluster.values(of: "t") == ["a", "abort"])

        #expect(try await producer.add("t", 0) == .none)
        #expect(try await producer.produce("t", 0, ["b"]) == .none)
        #expect(try await producer.end(commit: true) == .none)
        let committed = try await reader.send(Ask.fetch("t", from: 2, committed: true), version: 11).only
        #expect(try committed.values == ["b"])
        #expect(committed.abortedTransactions == [])
        #expect(try cluster.values(of: "t") == ["a", "abort", "b", "commit"])
    }

    @Test
    func offsetsCountWithTheTransaction() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t", partitions: 2)
        let producer = try await TransactionClient(cluster, "tx")
        let client = producer.client
        for commit in [false, true] {
            _ = try await producer.start()
            let added = with(AddOffsetsToTxnRequest()) {
                $0.transactionalId = "tx"
                $0.producerId = producer.id
                $0.producerEpoch = producer.epoch
                $0.groupId = "g"
            }
            #expect(try await client.send(added, version: 3).errorCode == .none)
            let offsets = with(TxnOffsetCommitRequest()) { request in
                request.transactionalId = "tx"
                request.groupId = "g"
                request.producerId = producer.id
                request.producerEpoch = producer.epoch
                request.topics = [
                    with(TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic()) { topic in
                        topic.name = "t"
                        topic.partitions = [
                            with(TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition()) {
                                $0.committedOffset = 3
                                $0.committedMetadata = "mine"
                            }
                        ]
                    }
                ]
            }
            let answered = try await client.send(offsets, version: 3).topics[0].partitions[0]
            #expect(answered.errorCode == .none)
            #expect(try await GroupWireTests.offsets("g", client) == ["t/0: -1 ", "t/1: -1 "])
            #expect(try await producer.end(commit: commit) == .none)
            #expect(
                try await GroupWireTests.offsets("g", client)
                    == [commit ? "t/0: 3 mine" : "t/0: -1 ", "t/1: -1 "])
        }
    }

    @Test
    func aNewProducerFencesTheOld() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t")
        let old = try await TransactionClient(cluster, "tx")
        let new = try await TransactionClient(cluster, "tx")
        _ = try await old.start()
        _ = try await old.add("t", 0)
        #expect(try await old.produce("t", 0, ["a"]) == .none)
        // The open transaction is aborted first, which is done by the time the answer says to try again.
        #expect(try await new.start() == .concurrentTransactions)
        #expect(try await new.start() == .none)
        #expect(new.id == old.id)
        #expect(new.epoch == old.epoch + 2)
        #expect(try cluster.values(of: "t") == ["a", "abort"])
        #expect(try await old.add("t", 0) == .producerFenced)
        #expect(try await old.end(commit: true) == .producerFenced)
        #expect(try await old.produce("t", 0, ["b"]) == .invalidProducerEpoch)
    }

    @Test
    func needsItsPartitionsAdded() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t", partitions: 2)
        let producer = try await TransactionClient(cluster, "tx")
        _ = try await producer.start()
        _ = try await producer.add("t", 0)
        let code = try await producer.produce("t", 1, ["a"])
        #expect(code == .invalidTxnState)
        #expect(try cluster.values(of: "t", 1) == [])
        #expect(try await producer.add("t", 9) == .unknownTopicOrPartition)
    }

    @Test
    func aForgottenTransactionIsAborted() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t")
        let producer = try await TransactionClient(cluster, "tx", timeout: 1500)
        _ = try await producer.start()
        _ = try await producer.add("t", 0)
        _ = try await producer.produce("t", 0, ["a"])
        let reader = try await cluster.client()
        let end = try await reader.send(Ask.fetch("t", wait: .max, committed: true), version: 11).only
        #expect(end.lastStableOffset == 2)
        #expect(try cluster.values(of: "t") == ["a", "abort"])
        #expect(try await producer.end(commit: true) == .producerFenced)
    }

    /// A marker whose partition has no leader is written when there is one again.
    @Test
    func writesAMarkerLate() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 2))
        defer { cluster.close() }
        let coordinator = try cluster.coordinator(ofTransactionalID: "tx")
        for name in ["t", "u"] { try cluster.createTopic(name, replicationFactor: 1) }
        let topic = try cluster.leader(of: "t") == coordinator ? "u" : "t"
        let leader = try cluster.leader(of: topic)
        let producer = try await TransactionClient(cluster, "tx")
        _ = try await producer.start()
        _ = try await producer.add(topic, 0)
        let writer = try await cluster.client(of: leader)
        #expect(try await producer.produce(topic, 0, ["a"], to: writer) == .none)
        try cluster.stopBroker(leader)
        #expect(try await producer.end(commit: true) == .none)
        #expect(try cluster.values(of: topic) == ["a"])
        #expect(try await producer.add(topic, 0) == .concurrentTransactions)
        try cluster.startBroker(leader)
        #expect(try cluster.values(of: topic) == ["a", "commit"])
        #expect(try await producer.add(topic, 0) == .none)
    }
}

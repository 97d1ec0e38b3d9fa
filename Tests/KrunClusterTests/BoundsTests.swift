import KrunWire
import NIOCore
import Testing

@testable import KrunBroker

/// Requests that ask for more than anybody needs.
@Suite(.timeLimit(.minutes(1)), .serialized)
struct BoundsTests {
    /// `fetch.max.bytes` bounds what a client asks for, and what others do not read leaves less of it.
    @Test
    func fetchesAreBounded() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1, configs: ["fetch.max.bytes": "1024"]))
        defer { cluster.close() }
        try cluster.createTopic("t")
        let client = try await cluster.client()
        for value in ["a", "b", "c"] {
            let long = value + String(repeating: "v", count: 600)
            #expect(try await client.send(Ask.produce("t", [long]), version: 9).only.errorCode == .none)
        }
        #expect(try await client.send(Ask.fetch("t"), version: 11).only.values.count == 1)
    }

    /// 40 clients that ask for 100 MB each and read nothing are not given 40 copies of the log.
    @Test
    func manyLongFetchesThatNobodyReads() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.onLoop { core in core.maximumUnsentBytes = 32 << 20 }
        try cluster.createTopic("t")
        let other = try await cluster.client()
        let value = String(repeating: "v", count: 900_000)
        for _ in 0..<24 { _ = try await other.send(Ask.produce("t", [value]), version: 9) }
        let fetch = with(Ask.fetch("t")) { request in
            request.maxBytes = 100_000_000
            request.topics[0].partitions[0].partitionMaxBytes = 100_000_000
        }
        // An answer of its own is as long as it may be: a fourth of what is left.
        #expect(try await other.send(fetch, version: 11).only.values.count == 9)
        var silent: [TestClient] = []
        for _ in 0..<40 {
            let client = try await cluster.client()
            try await client.stopReading()
            try await client.post(fetch, version: 11)
            silent.append(client)
        }
        #expect(try await other.send(Ask.metadata([]), version: 4).controllerId == 1)
        let made = cluster.events.recent.reduce(0) { sum, event in
            if case .requestServed(let served) = event.kind, served.request == .fetch {
                sum + served.bytesOut
            } else {
                sum
            }
        }
        print(
            "40 clients that do not read were answered \(made >> 20) MiB, of the \((40 * 24 * 900_000) >> 20) MiB that they asked for"
        )
        // What the system takes into the buffers of sockets is not counted as unread, and is no fixed amount.
        #expect(made < 256 << 20)
        _ = silent
    }

    /// As Kafka's controller bounds one request: 10 000 records, of which each topic and each partition is one.
    @Test
    func oneRequestCreatesSoMuchAndNoMore() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let client = try await cluster.client()
        let text = "Unable to perform excessively large batch operation."
        let large = try await client.send(Ask.topic("t", 10_000), version: 7).topics[0]
        #expect(large.errorCode == .policyViolation && large.errorMessage == text)
        #expect(try await client.send(Ask.topic("t", 9_999), version: 7).topics[0].errorCode == .none)
        let more = with(CreatePartitionsRequest()) { request in
            request.topics = [
                with(CreatePartitionsRequest.CreatePartitionsTopic()) {
                    $0.name = "t"
                    $0.count = 20_000
                    $0.assignments = nil
                }
            ]
        }
        let grown = try await client.send(more, version: 3).results[0]
        #expect(grown.errorCode == .policyViolation && grown.errorMessage == text)
    }

    @Test
    func oneMetadataRequestCreatesSoMuchAndNoMore() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let client = try await cluster.client()
        let names = (0..<5001).map { "t-\($0)" }
        let none = try await client.send(Ask.metadata(names, creating: true), version: 12).topics
        #expect(none.count == 5001 && none.allSatisfy { $0.errorCode == .unknownTopicOrPartition })
        #expect(try cluster.onLoop { core throws(ClusterError) in core.topics.count } == 0)
        let all = try await client.send(Ask.metadata(Array(names.dropLast()), creating: true), version: 12).topics
        #expect(all.count == 5000 && all.allSatisfy { $0.errorCode == .none })
    }

    /// What a member says of itself is at most what Kafka could keep of a group.
    @Test
    func subscriptionsAreBounded() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let client = try await cluster.client()
        let large = with(Ask.join("g")) { $0.protocols[0].metadata = [UInt8](repeating: 0, count: 1_048_588) }
        #expect(try await client.send(large, version: 9).errorCode == .unknownServerError)
        let fitting = with(Ask.join("g")) { $0.protocols[0].metadata = [UInt8](repeating: 0, count: 1_000_000) }
        #expect(try await client.send(fitting, version: 9).errorCode == .memberIdRequired)
    }
}

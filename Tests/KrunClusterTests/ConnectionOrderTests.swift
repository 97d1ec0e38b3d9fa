import Dispatch
import KrunWire
import NIOCore
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct ConnectionOrderTests {
    @Test
    func answersPipelinedRequestsInTheirOrder() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t")
        let client = try await cluster.client()
        var sent: [Int32] = []
        for number in 0..<50 { sent.append(try await client.post(Ask.produce("t", ["\(number)"]), version: 9)) }
        var offsets: [Int64] = []
        for number in sent {
            offsets.append(try await client.receive(ProduceRequest.self, version: 9, number: number).only.baseOffset)
        }
        #expect(offsets == Array(0..<50))
    }

    /// What comes after a Fetch that waits is served after it; other connections do not notice.
    @Test
    func aWaitingRequestHoldsUpItsOwnConnectionOnly() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t")
        let (waiting, other) = (try await cluster.client(), try await cluster.client())
        let fetch = try await waiting.post(Ask.fetch("t", wait: 20_000), version: 11)
        let after = try await waiting.post(Ask.produce("t", ["after"]), version: 9)
        let produced = try await other.send(Ask.produce("t", ["before"]), version: 9)
        #expect(produced.only.baseOffset == 0)
        let fetched = try await waiting.receive(FetchRequest.self, version: 11, number: fetch)
        #expect(try fetched.only.values == ["before"])
        let late = try await waiting.receive(ProduceRequest.self, version: 9, number: after)
        #expect(late.only.baseOffset == 1)
    }

    /// Each takes a tenth of a second or more, and all of them come at once.
    @Test
    func batchesThatTakeLongDoNotHoldUpShortRequests() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t")
        var builder = RecordBatchBuilder(compression: .zstd)
        builder.append(timestamp: Ask.now, key: nil, value: [UInt8](repeating: 0x78, count: 90_000_000))
        let batch = ByteBuffer(bytes: builder.build())
        #expect(batch.readableBytes < 16_384)
        var clients: [TestClient] = []
        for _ in 0..<21 {
            let client = try await cluster.client()
            _ = try await client.send(Ask.metadata([]), version: 4)
            clients.append(client)
        }
        let other = clients.removeLast()
        // All of them wait before the broker sees the first.
        let gate = DispatchSemaphore(value: 0)
        DispatchQueue(label: "gate").async { try? cluster.onLoop { _ in gate.wait() } }
        defer { gate.signal() }
        for client in clients { try await client.post(Ask.produce("t", [0: batch]), version: 9) }
        let short = try await other.post(Ask.metadata([]), version: 4)
        gate.signal()
        #expect(try await other.receive(MetadataRequest.self, version: 4, number: short).controllerId == 1)
        var offsets: Set<Int64> = []
        for client in clients {
            offsets.insert(try await client.receive(ProduceRequest.self, version: 9, number: 2).only.baseOffset)
        }
        #expect(offsets == Set(0..<20))
        let served = cluster.events.recent.compactMap { event -> RequestKind? in
            if case .requestServed(let served) = event.kind { served.request } else { nil }
        }
        #expect(try #require(served.lastIndex(of: .metadata)) < 21 + 10, "\(served)")
    }

    /// In one request for many partitions, and then in searches by time, which are short and have nothing compressed in them.
    @Test
    func oneRequestThatTakesLongGivesWayBetweenItsPartitions() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t", partitions: 20)
        var builder = RecordBatchBuilder(compression: .zstd)
        builder.append(timestamp: Ask.now, key: nil, value: [UInt8](repeating: 0x78, count: 90_000_000))
        builder.append(timestamp: Ask.now + 1_000, key: nil, value: [1])
        let batch = ByteBuffer(bytes: builder.build())
        #expect(batch.readableBytes < 16_384)
        let (busy, other) = (try await cluster.client(), try await cluster.client())
        let batches = Dictionary(uniqueKeysWithValues: (Int32(0)..<20).map { ($0, batch) })
        try await busy.post(Ask.produce("t", batches), version: 9)
        #expect(try await other.send(Ask.metadata([]), version: 4).controllerId == 1)
        let produced = try await busy.receive(ProduceRequest.self, version: 9, number: 1)
        #expect(produced.responses[0].partitionResponses.map(\.errorCode) == Array(repeating: .none, count: 20))
        #expect(produced.responses[0].partitionResponses.map(\.index) == Array(0..<20))
        var search = ListOffsetsRequest()
        var topic = ListOffsetsRequest.ListOffsetsTopic()
        topic.name = "t"
        topic.partitions = (Int32(0)..<20).map { index in
            with(ListOffsetsRequest.ListOffsetsPartition()) {
                $0.partitionIndex = index
                $0.timestamp = Ask.now + 500
            }
        }
        search.topics = [topic]
        try await busy.post(search, version: 5)
        #expect(try await other.send(Ask.metadata([]), version: 4).controllerId == 1)
        let found = try await busy.receive(ListOffsetsRequest.self, version: 5, number: 2)
        #expect(found.topics[0].partitions.map(\.offset) == Array(repeating: 1, count: 20))
        let served = cluster.events.recent.compactMap { event -> RequestKind? in
            if case .requestServed(let served) = event.kind { served.request } else { nil }
        }
        #expect(served == [.metadata, .produce, .metadata, .listOffsets])
    }

    @Test
    func aWaitingJoinGroupHoldsUpItsOwnConnectionOnly() async throws {
        let cluster = try EmbeddedCluster(
            ClusterOptions(brokers: 1, configs: ["group.initial.rebalance.delay.ms": "20000"]))
        defer { cluster.close() }
        let waiting = try await cluster.client()
        try await waiting.post(Ask.join("g"), version: 3)
        try await waiting.post(Ask.metadata([]), version: 4)
        let metadata = try await cluster.client().send(Ask.metadata([]), version: 4)
        #expect(metadata.controllerId == 1)
        // Its coordinator moving ends the wait, and what came after it is served.
        try cluster.moveCoordinator(ofGroup: "g", to: 1)
        let (header, join) = try JoinGroupRequest.decodeResponse(try await waiting.frame(), version: 3)
        #expect(header.correlationId == 1)
        #expect(join.errorCode == .notCoordinator)
        #expect(try await waiting.receive(MetadataRequest.self, version: 4, number: 2).controllerId == 1)
    }

    /// Each answered Fetch frees a connection whose next request answers the next one's Fetch: a chain as long as there are connections,
    /// which must not be served one within the other.
    @Test
    func aChainOfConnectionsDoesNotFillTheStack() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t")
        let count = min(500, (OpenFiles.raise() - 1500) / 2)
        guard count >= 300 else {
            print("skipped: fewer than 2100 files can be open here")
            return
        }
        var clients: [TestClient] = []
        for _ in 0..<count {
            let client = try await cluster.client()
            let fetch = try Ask.fetch("t", wait: 20_000).frame(version: 11, correlationId: 1, clientId: nil)
            let produce = try Ask.produce("t", ["v"]).frame(version: 9, correlationId: 2, clientId: nil)
            try await client.write(with(fetch) { $0.writeImmutableBuffer(produce) })
            clients.append(client)
        }
        try await cluster.untilWaiting("t", count)
        _ = try await cluster.client().send(Ask.produce("t", ["first"]), version: 9)
        var offsets: Set<Int64> = []
        for client in clients {
            _ = try await client.receive(FetchRequest.self, version: 11, number: 1)
            offsets.insert(try await client.receive(ProduceRequest.self, version: 9, number: 2).only.baseOffset)
        }
        #expect(offsets == Set(1...Int64(count)))
        // Every Fetch was answered before anything that waited behind one was done.
        let events = cluster.events.recent.map(\.kind)
        let lastFetch = events.lastIndex {
            if case .requestServed(let served) = $0 { served.request == .fetch } else { false }
        }
        let appends = events.indices.filter { if case .recordsAppended = events[$0] { true } else { false } }
        #expect(try #require(appends.dropFirst().first) > #require(lastFetch))
    }

    /// A Fetch of a client that has gone is not kept until its time is up.
    @Test
    func forgetsTheFetchOfAClosedConnection() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t")
        var closings = cluster.events.events().makeAsyncIterator()
        let client = try await cluster.client()
        try await client.post(Ask.fetch("t", wait: .max), version: 11)
        try await cluster.untilWaiting("t", 1)
        try await client.close()
        while let event = await closings.next() {
            if case .connectionClosed = event.kind { break }
        }
        #expect(try cluster.waitingFetches("t") == 0)
    }
}

extension EmbeddedCluster {
    func waitingFetches(_ topic: String) throws -> Int {
        try onLoop { core throws(ClusterError) in core.topics[topic]?.partition(0)?.waiting.count ?? 0 }
    }

    /// Yields until so many fetches wait; the test's time limit ends it otherwise.
    func untilWaiting(_ topic: String, _ count: Int) async throws {
        while try waitingFetches(topic) != count {
            try Task.checkCancellation()
            await Task.yield()
        }
    }
}

import KrunWire
import NIOCore
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct DataTests {
    // MARK: Produce

    @Test(arguments: Int16(3)...11)
    func appendsAndTellsWhere(version: Int16) async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t", partitions: 2)
        let client = try await cluster.client()
        let request = Ask.produce("t", [0: Ask.batch(["a", "b"]), 1: Ask.batch(["c"]), 2: Ask.batch(["d"])], acks: 1)
        let first = try await client.send(request, version: version)
        let second = try await client.send(request, version: version)
        let start: Int64 = version >= 5 ? 0 : -1
        func expected(_ offsets: [Int64]) -> ProduceResponse {
            with(ProduceResponse()) { answer in
                answer.responses = [
                    with(ProduceResponse.TopicProduceResponse()) { topic in
                        topic.name = "t"
                        topic.partitionResponses = offsets.enumerated().map { index, offset in
                            with(ProduceResponse.PartitionProduceResponse()) {
                                $0.index = Int32(index)
                                $0.baseOffset = offset
                                $0.errorCode = offset < 0 ? .unknownTopicOrPartition : .none
                                $0.logStartOffset = offset < 0 ? -1 : start
                            }
                        }
                    }
                ]
            }
        }
        #expect(first == expected([0, 0, -1]))
        #expect(second == expected([2, 1, -1]))
        #expect(try cluster.values(of: "t", 0) == ["a", "b", "a", "b"])
        #expect(try cluster.values(of: "t", 1) == ["c", "c"])
    }

    @Test
    func answersNothingWithoutAcks() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t")
        let client = try await cluster.client()
        try await client.post(Ask.produce("t", ["a"], acks: 0), version: 9)
        #expect(try await client.send(Ask.produce("t", ["b"]), version: 9).only.baseOffset == 1)
        // An error has no other way to be told than the end of the connection.
        try await client.post(Ask.produce("nowhere", ["c"], acks: 0), version: 9)
        #expect(try await client.closed() == 0)
        #expect(try cluster.values(of: "t") == ["a", "b"])
    }

    @Test(arguments: [Int16(2), -2, .max])
    func refusesOtherAcks(acks: Int16) async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t")
        let answer = try await cluster.client().send(Ask.produce("t", ["a"], acks: acks), version: 9).only
        #expect(answer.errorCode == .invalidRequiredAcks)
        #expect(answer.baseOffset == -1)
        #expect(try cluster.values(of: "t") == [])
    }

    @Test
    func refusesABrokenBatch() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t", partitions: 2)
        let broken = with(Ask.batch(["a"])) { _ = $0.setInteger(UInt8(0xFF), at: $0.writerIndex - 1) }
        let answer = try await cluster.client().send(
            Ask.produce("t", [0: broken, 1: Ask.batch(["b"])]), version: 9)
        #expect(answer.responses[0].partitionResponses.map(\.errorCode) == [.corruptMessage, .none])
        #expect(try cluster.values(of: "t", 1) == ["b"])
    }

    @Test
    func tellsWhoLeads() async throws {
        let cluster = try EmbeddedCluster()
        defer { cluster.close() }
        try cluster.createTopic("t")
        let leader = try cluster.leader(of: "t")
        let other = leader % 3 + 1
        let client = try await cluster.client(of: other)
        let endpoint = with(ProduceResponse.NodeEndpoint()) {
            $0.nodeId = leader
            $0.host = "127.0.0.1"
            $0.port = Int32(cluster.ports[Int(leader) - 1])
        }
        let produced = try await client.send(Ask.produce("t", ["a"]), version: 10)
        #expect(produced.only.errorCode == .notLeaderOrFollower)
        #expect(produced.only.currentLeader.leaderId == leader)
        #expect(produced.only.currentLeader.leaderEpoch == 0)
        #expect(produced.nodeEndpoints == [endpoint])
        let silent = try await client.send(Ask.produce("t", ["a"]), version: 9)
        #expect(silent.only.errorCode == .notLeaderOrFollower)
        #expect(silent.nodeEndpoints == [])

        let id = try cluster.topicID("t")
        let fetched = try await client.send(Ask.fetch(id: id, wait: 20_000), version: 16)
        #expect(fetched.only.errorCode == .notLeaderOrFollower)
        #expect(fetched.only.currentLeader.leaderId == leader)
        #expect(fetched.nodeEndpoints.map(\.port) == [endpoint.port])
        let listed = try await client.send(Self.list("t", timestamp: -1), version: 7)
        #expect(listed.topics[0].partitions[0].errorCode == .notLeaderOrFollower)
    }

    // MARK: Fetch

    @Test(arguments: Int16(4)...17)
    func readsWhatWasWritten(version: Int16) async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t")
        let client = try await cluster.client()
        _ = try await client.send(Ask.produce("t", ["a", "b"]), version: 9)
        let id = try cluster.topicID("t")
        let response = try await client.send(
            version >= 13 ? Ask.fetch(id: id, from: 1) : Ask.fetch("t", from: 1), version: version)
        #expect(response.responses[0].topic == (version >= 13 ? "" : "t"))
        #expect(response.responses[0].topicId == (version >= 13 ? id : .zero))
        #expect(response.sessionId == 0)
        #expect(response.only.highWatermark == 2)
        #expect(response.only.lastStableOffset == 2)
        #expect(response.only.logStartOffset == (version >= 5 ? 0 : -1))
        // The whole batch comes, its first record included, as Kafka sends it.
        #expect(try response.only.values == ["a", "b"])
    }

    @Test
    func waitsForItsBytesOrItsTime() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t")
        let (reader, writer) = (try await cluster.client(), try await cluster.client())
        let clock = ContinuousClock()
        // Nothing comes: the time is up.
        let start = clock.now
        let empty = try await reader.send(Ask.fetch("t", wait: 60), version: 11)
        #expect(clock.now - start >= .milliseconds(60))
        #expect(try empty.only.values == [])
        #expect(empty.only.errorCode == .none)
        // Too little comes: it goes on waiting; then enough.
        let number = try await reader.post(Ask.fetch("t", wait: 20_000, min: 150), version: 11)
        try await cluster.untilWaiting("t", 1)
        _ = try await writer.send(Ask.produce("t", ["a"]), version: 9)
        #expect(try cluster.waitingFetches("t") == 1)
        let second = clock.now
        _ = try await writer.send(Ask.produce("t", [String(repeating: "b", count: 200)]), version: 9)
        let full = try await reader.receive(FetchRequest.self, version: 11, number: number)
        print("a waiting fetch was answered \(clock.now - second) after the produce request was sent")
        #expect(try full.only.values.count == 2)
        #expect(try cluster.waitingFetches("t") == 0)
    }

    @Test
    func honoursMaxBytesButSendsOneBatch() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t", partitions: 2)
        let client = try await cluster.client()
        for value in ["a", "b"] {
            _ = try await client.send(Ask.produce("t", [0: Ask.batch([value]), 1: Ask.batch([value])]), version: 9)
        }
        var request = Ask.fetch("t")
        request.topics[0].partitions.append(with(request.topics[0].partitions[0]) { $0.partition = 1 })
        request.maxBytes = 1
        let response = try await client.send(request, version: 11)
        #expect(try response.responses[0].partitions.map { try $0.values } == [["a"], []])
        request.maxBytes = .max
        request.topics[0].partitions[1].partitionMaxBytes = 1
        let wider = try await client.send(request, version: 11)
        #expect(try wider.responses[0].partitions.map { try $0.values } == [["a", "b"], []])
    }

    @Test
    func saysWhatIsWrongWithAFetch() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 2))
        defer { cluster.close() }
        try cluster.createTopic("t")
        let first = try cluster.leader(of: "t")
        try cluster.moveLeader(ofTopic: "t", partition: 0, to: 3 - first)
        let client = try await cluster.leaderClient(of: "t")
        func error(_ request: FetchRequest, _ version: Int16 = 11) async throws -> ErrorCode {
            try await client.send(request, version: version).only.errorCode
        }
        #expect(try await error(Ask.fetch("nowhere", wait: 20_000)) == .unknownTopicOrPartition)
        #expect(try await error(Ask.fetch("t", partition: 9, wait: 20_000)) == .unknownTopicOrPartition)
        #expect(try await error(Ask.fetch(id: KafkaUUID(high: 1, low: 2), wait: 20_000), 13) == .unknownTopicId)
        #expect(try await error(Ask.fetch("t", from: 1, wait: 20_000)) == .offsetOutOfRange)
        #expect(try await error(Ask.fetch("t", from: -1, wait: 20_000)) == .offsetOutOfRange)
        #expect(try await error(Ask.fetch("t", wait: 20_000, epoch: 0)) == .fencedLeaderEpoch)
        #expect(try await error(Ask.fetch("t", wait: 20_000, epoch: 2)) == .unknownLeaderEpoch)
        #expect(try await error(Ask.fetch("t", wait: 1, epoch: 1)) == .none)
    }

    /// KIP-227: no session is ever given, so one that a client goes on with is not found; a full request is served all the same.
    @Test
    func declinesSessions() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t")
        let client = try await cluster.client()
        func answer(_ id: Int32, _ epoch: Int32) async throws -> FetchResponse {
            try await client.send(
                with(Ask.fetch("t")) {
                    $0.sessionId = id
                    $0.sessionEpoch = epoch
                }, version: 11)
        }
        for (id, epoch) in [(0, 0), (0, -1), (7, 0), (7, -1)] as [(Int32, Int32)] {
            let response = try await answer(id, epoch)
            #expect(response.errorCode == .none)
            #expect(response.sessionId == 0)
            #expect(response.responses.count == 1)
        }
        for (id, epoch) in [(7, 1), (0, 1)] as [(Int32, Int32)] {
            let refused = with(FetchResponse()) { $0.errorCode = .fetchSessionIdNotFound }
            #expect(try await answer(id, epoch) == refused)
        }
    }

    // MARK: Offsets

    @Test
    func listsOffsets() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t")
        let client = try await cluster.client()
        let now = Ask.now
        for (value, time) in [("a", now), ("b", now + 20), ("c", now + 10)] {
            _ = try await client.send(Ask.produce("t", [0: Ask.batch([value], timestamp: time)]), version: 9)
        }
        func found(_ timestamp: Int64) async throws -> [Int64] {
            let answer = try await client.send(Self.list("t", timestamp: timestamp), version: 7).topics[0].partitions[0]
            return [Int64(answer.errorCode.rawValue), answer.offset, answer.timestamp, Int64(answer.leaderEpoch)]
        }
        #expect(try await found(-2) == [0, 0, -1, 0])
        #expect(try await found(-1) == [0, 3, -1, 0])
        #expect(try await found(-3) == [0, 1, now + 20, 0])
        #expect(try await found(now) == [0, 0, now, 0])
        #expect(try await found(now + 1) == [0, 1, now + 20, 0])
        #expect(try await found(now + 21) == [0, -1, -1, -1])
        #expect(try await found(-9) == [35, -1, -1, -1])
        #expect(
            try await client.send(Self.list("t", timestamp: -3), version: 6).topics[0].partitions[0].errorCode
                == .unsupportedVersion)
        // The same partition twice is a mistake of the client's.
        var twice = Self.list("t", timestamp: -1)
        twice.topics[0].partitions += twice.topics[0].partitions
        let answers = try await client.send(twice, version: 7).topics[0].partitions
        #expect(answers.map(\.errorCode) == [.invalidRequest, .invalidRequest])
    }

    @Test
    func deletesRecords() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t")
        try cluster.createTopic("c", configs: ["cleanup.policy": "compact"])
        let client = try await cluster.client()
        _ = try await client.send(Ask.produce("t", ["a", "b", "c"]), version: 9)
        func delete(_ topic: String, before offset: Int64) async throws -> [Int64] {
            let request = with(DeleteRecordsRequest()) { request in
                request.topics = [
                    with(DeleteRecordsRequest.DeleteRecordsTopic()) { item in
                        item.name = topic
                        item.partitions = [with(DeleteRecordsRequest.DeleteRecordsPartition()) { $0.offset = offset }]
                    }
                ]
            }
            let answer = try await client.send(request, version: 2).topics[0].partitions[0]
            return [Int64(answer.errorCode.rawValue), answer.lowWatermark]
        }
        #expect(try await delete("t", before: 2) == [0, 2])
        #expect(try await delete("t", before: 1) == [0, 2])
        #expect(try await delete("t", before: 4) == [1, -1])
        #expect(try await delete("t", before: -1) == [0, 3])
        #expect(try await delete("nowhere", before: 1) == [3, -1])
        #expect(try await delete("c", before: 0) == [44, -1])
        #expect(try await client.send(Ask.fetch("t", from: 2), version: 11).only.errorCode == .offsetOutOfRange)
    }

    @Test
    func tellsWhereAnEpochEnds() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 2))
        defer { cluster.close() }
        try cluster.createTopic("t")
        let first = try cluster.leader(of: "t")
        _ = try await cluster.leaderClient(of: "t").send(Ask.produce("t", ["a", "b"]), version: 9)
        try cluster.moveLeader(ofTopic: "t", partition: 0, to: 3 - first)
        let client = try await cluster.leaderClient(of: "t")
        _ = try await client.send(Ask.produce("t", ["c"]), version: 9)
        func end(of epoch: Int32, current: Int32 = -1) async throws -> [Int64] {
            let request = with(OffsetForLeaderEpochRequest()) { request in
                request.topics = [
                    with(OffsetForLeaderEpochRequest.OffsetForLeaderTopic()) { item in
                        item.topic = "t"
                        item.partitions = [
                            with(OffsetForLeaderEpochRequest.OffsetForLeaderPartition()) {
                                $0.currentLeaderEpoch = current
                                $0.leaderEpoch = epoch
                            }
                        ]
                    }
                ]
            }
            let answer = try await client.send(request, version: 4).topics[0].partitions[0]
            return [Int64(answer.errorCode.rawValue), Int64(answer.leaderEpoch), answer.endOffset]
        }
        #expect(try await end(of: 0) == [0, 0, 2])
        #expect(try await end(of: 1) == [0, 1, 3])
        #expect(try await end(of: 2) == [0, -1, -1])
        #expect(try await end(of: 0, current: 0) == [74, -1, -1])
        #expect(try await end(of: 0, current: 2) == [75, -1, -1])
    }

    static func list(_ topic: String, timestamp: Int64, committed: Bool = false) -> ListOffsetsRequest {
        with(ListOffsetsRequest()) { request in
            request.replicaId = -1
            request.isolationLevel = committed ? 1 : 0
            request.topics = [
                with(ListOffsetsRequest.ListOffsetsTopic()) { item in
                    item.name = topic
                    item.partitions = [with(ListOffsetsRequest.ListOffsetsPartition()) { $0.timestamp = timestamp }]
                }
            ]
        }
    }
}

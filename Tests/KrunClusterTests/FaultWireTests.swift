import KrunWire
import NIOCore
import Testing

@testable import KrunBroker

/// Faults as clients suffer them.
@Suite(.timeLimit(.minutes(1)))
struct FaultWireTests {
    @Test
    func failsWithTheErrorAsked() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t", partitions: 2)
        let client = try await cluster.client()
        let all = try cluster.inject(.fail(.produce, with: "KAFKA_STORAGE_ERROR", times: 1))
        let request = Ask.produce("t", [0: Ask.batch(["a"]), 1: Ask.batch(["b"])])
        #expect(
            try await client.send(request, version: 9).responses[0].partitionResponses.map(\.errorCode)
                == [.kafkaStorageError, .kafkaStorageError])
        let part = try cluster.inject(.fail(.produce, with: "REQUEST_TIMED_OUT", topic: "t", partition: 1))
        #expect(
            try await client.send(request, version: 9).responses[0].partitionResponses.map(\.errorCode)
                == [.none, .requestTimedOut])
        #expect(try cluster.remove(part))
        #expect(try await client.send(request, version: 9).only.errorCode == .none)
        #expect(try cluster.values(of: "t", 0) == ["a", "a"])
        #expect(try cluster.values(of: "t", 1) == ["b"])
        #expect(try cluster.timesFired(all) == 1)
        #expect(try cluster.timesFired(part) == 1)
        #expect(throws: ClusterError.self) { try cluster.inject(.fail(.produce, with: "NO_SUCH_ERROR")) }
    }

    /// Every request that this broker answers can be made to fail, or loses its connection; nothing hangs.
    @Test(arguments: Request.types.map { $0.apiKey })
    func failsEveryRequest(key: ApiKey) async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let client = try await cluster.client()
        try cluster.inject(.fail(RequestKind(rawValue: key.rawValue), with: "UNKNOWN_SERVER_ERROR"))
        let type = try #require(Request.types.first { $0.apiKey == key })
        for version in type.versions {
            let another = try await cluster.client()
            try await post(type, version, another)
            do { _ = try await another.frame() } catch TestClient.Trouble.closed {}
        }
        if key != .metadata { #expect(try await client.send(Ask.metadata([]), version: 4).controllerId == 1) }
    }

    private func post<R: KafkaRequest>(_: R.Type, _ version: Int16, _ client: TestClient) async throws {
        var request = R()
        if var produce = request as? ProduceRequest {
            produce.acks = 1
            if let changed = produce as? R { request = changed }
        }
        try await client.post(request, version: version)
    }

    @Test
    func delaysTheAnswerOfWhatIsDone() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t")
        try cluster.inject(.delay(.produce, by: .milliseconds(60), client: "slow*"))
        let slow = try await cluster.client(id: "slow-1")
        let fast = try await cluster.client(id: "fast")
        let clock = ContinuousClock()
        let start = clock.now
        let number = try await slow.post(Ask.produce("t", ["a"]), version: 9)
        // Its connection waits with it, and the record is there at once.
        let after = try await slow.post(Ask.metadata([]), version: 4)
        while try cluster.values(of: "t") != ["a"] { await Task.yield() }
        #expect(try await fast.send(Ask.produce("t", ["b"]), version: 9).only.baseOffset == 1)
        #expect(try await slow.receive(ProduceRequest.self, version: 9, number: number).only.baseOffset == 0)
        #expect(clock.now - start >= .milliseconds(60))
        _ = try await slow.receive(MetadataRequest.self, version: 4, number: after)
    }

    @Test
    func silenceStallsAConnection() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t")
        try cluster.inject(.silence(.produce, times: 1))
        let client = try await cluster.client()
        try await client.post(Ask.produce("t", ["a"]), version: 9)
        try await client.post(Ask.metadata([]), version: 4)
        await #expect(throws: TestClient.Trouble.nothingCame(within: .milliseconds(50))) {
            try await client.frame(within: .milliseconds(50))
        }
        #expect(try await cluster.client().send(Ask.produce("t", ["b"]), version: 9).only.baseOffset == 0)
        #expect(try cluster.values(of: "t") == ["b"])
    }

    @Test
    func disconnectsWithoutDoingAnything() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t")
        try cluster.inject(.disconnect(.produce, topic: "t", times: 1))
        let client = try await cluster.client()
        try await client.post(Ask.produce("t", ["a"]), version: 9)
        #expect(try await client.closed() == 0)
        #expect(cluster.closings == ["a fault closed it"])
        #expect(try cluster.values(of: "t") == [])
        #expect(try await cluster.client().send(Ask.produce("t", ["a"]), version: 9).only.baseOffset == 0)
    }

    /// The record is there, the answer is not: who sends it again has it twice, unless its sequence says that it is the same.
    @Test
    func losesAcknowledgements() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t", partitions: 2)
        try cluster.inject(.loseAcknowledgement(times: 2))
        let plain = Ask.produce("t", [0: Ask.batch(["a"])])
        let sequenced = Ask.produce("t", [1: Ask.batch(["b"], producer: (77, 0, 0))])
        for request in [plain, sequenced] {
            let client = try await cluster.client()
            try await client.post(request, version: 9)
            #expect(try await client.closed() == 0)
        }
        #expect(try cluster.values(of: "t", 0) == ["a"])
        #expect(try cluster.values(of: "t", 1) == ["b"])
        let client = try await cluster.client()
        #expect(try await client.send(plain, version: 9).only.baseOffset == 1)
        let duplicate = try await client.send(sequenced, version: 9).only
        #expect(duplicate.errorCode == .none)
        #expect(duplicate.baseOffset == 0)
        #expect(try cluster.values(of: "t", 0) == ["a", "a"])
        #expect(try cluster.values(of: "t", 1) == ["b"])
    }

    /// The member hears that all is well until its session is over.
    @Test
    func losesHeartbeats() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        var events = cluster.events.events().makeAsyncIterator()
        let member = try await GroupClient(cluster, "g", session: 100)
        let joined = try await member.join()
        _ = try await member.sync(joined, assignments: [joined.memberId: [1]])
        let fault = try cluster.inject(.loseHeartbeats(group: "g"))
        #expect(try await member.heartbeat(joined) == .none)
        var why: String?
        while why == nil, let event = await events.next() {
            if case .memberLeft("g", joined.memberId, let reason) = event.kind { why = reason }
        }
        #expect(why == "no heartbeat within its session timeout")
        #expect(try await member.heartbeat(joined) == .none)
        #expect(try cluster.remove(fault))
        #expect(try await member.heartbeat(joined) == .unknownMemberId)
    }

    // MARK: Brokers

    @Test
    func aBrokerGoesAndComes() async throws {
        let cluster = try EmbeddedCluster()
        defer { cluster.close() }
        try cluster.createTopic("t", partitions: 3)
        let client = try await cluster.client(of: 1)
        // Connected is not accepted yet.
        _ = try await client.send(Ask.metadata([]), version: 12)
        let ports = cluster.ports
        try cluster.stopBroker(1)
        try cluster.stopBroker(1)
        #expect(try await client.closed() == 0)
        #expect(cluster.closings == ["the broker went down"])
        #expect(cluster.brokers == [1: false, 2: true, 3: true])
        await #expect(throws: (any Error).self) { try await cluster.client(of: 1) }
        func partitions(_ broker: Int32) async throws -> [MetadataResponse.MetadataResponsePartition] {
            try await cluster.client(of: broker).send(Ask.metadata(["t"]), version: 12).topics[0].partitions
        }
        let without = try await partitions(2)
        #expect(without.map(\.leaderId) == [2, 2, 3])
        #expect(without.map(\.leaderEpoch) == [1, 0, 0])
        #expect(without.map(\.isrNodes) == [[2, 3], [2, 3], [3, 2]])
        #expect(without.map(\.offlineReplicas) == [[1], [1], [1]])
        try cluster.startBroker(1)
        try cluster.startBroker(1)
        #expect(cluster.ports == ports)
        let again = try await partitions(1)
        #expect(again.map(\.leaderId) == [2, 2, 3])
        #expect(again.map(\.isrNodes) == [[1, 2, 3], [2, 3, 1], [3, 1, 2]])
        #expect(throws: ClusterError("there is no broker 4", hint: "brokers are numbered from 1 to 3")) {
            try cluster.stopBroker(4)
        }
    }

    @Test
    func refusesRecordsForTooFewReplicas() async throws {
        let cluster = try EmbeddedCluster()
        defer { cluster.close() }
        try cluster.createTopic("t", configs: ["min.insync.replicas": "3"])
        try cluster.stopBroker(3)
        let client = try await cluster.leaderClient(of: "t")
        let refused = try await client.send(Ask.produce("t", ["a"], acks: -1), version: 9).only
        #expect(refused.errorCode == .notEnoughReplicas)
        #expect(refused.baseOffset == -1)
        #expect(try await client.send(Ask.produce("t", ["b"], acks: 1), version: 9).only.errorCode == .none)
        try cluster.startBroker(3)
        #expect(try await client.send(Ask.produce("t", ["c"], acks: -1), version: 9).only.baseOffset == 1)
    }

    @Test
    func hasNoLeaderWithoutReplicas() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 2))
        defer { cluster.close() }
        try cluster.createTopic("t", replicationFactor: 1)
        let leader = try cluster.leader(of: "t")
        let other = 3 - leader
        _ = try await cluster.client(of: leader).send(Ask.produce("t", ["a"]), version: 9)
        try cluster.stopBroker(leader)
        let client = try await cluster.client(of: other)
        let partition = try await client.send(Ask.metadata(["t"]), version: 12).topics[0].partitions[0]
        #expect(partition.errorCode == .leaderNotAvailable)
        #expect(partition.leaderId == -1)
        #expect(partition.isrNodes == [leader])
        try cluster.startBroker(leader)
        // What was acknowledged is still there.
        let fetched = try await cluster.client(of: leader).send(Ask.fetch("t"), version: 11)
        #expect(try fetched.only.values == ["a"])
    }

    @Test
    func aWaitingFetchHearsOfTheNewLeader() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 2))
        defer { cluster.close() }
        try cluster.createTopic("t")
        let leader = try cluster.leader(of: "t")
        let client = try await cluster.client(of: leader)
        let number = try await client.post(Ask.fetch("t", wait: .max), version: 12)
        try await cluster.untilWaiting("t", 1)
        try cluster.moveLeader(ofTopic: "t", partition: 0, to: 3 - leader)
        let answer = try await client.receive(FetchRequest.self, version: 12, number: number).only
        #expect(answer.errorCode == .notLeaderOrFollower)
        #expect(answer.currentLeader.leaderId == 3 - leader)
        #expect(answer.currentLeader.leaderEpoch == 1)
        #expect(throws: ClusterError("there is no partition t/9")) {
            try cluster.moveLeader(ofTopic: "t", partition: 9, to: 1)
        }
        try cluster.stopBroker(leader)
        #expect(
            throws: ClusterError(
                "broker \(leader) cannot lead t/0: it is no in-sync replica of it, or down",
                hint: "in sync: \(3 - leader)")
        ) { try cluster.moveLeader(ofTopic: "t", partition: 0, to: leader) }
    }

    @Test
    func aWaitingJoinHearsOfTheNewCoordinator() async throws {
        let cluster = try EmbeddedCluster(
            ClusterOptions(configs: ["group.initial.rebalance.delay.ms": "20000"]))
        defer { cluster.close() }
        let old = try cluster.coordinator(ofGroup: "g")
        let client = try await cluster.client(of: old)
        let greeting = try await client.send(Ask.join("g"), version: 9)
        let number = try await client.post(Ask.join("g", member: greeting.memberId), version: 9)
        // The request has been served when the next one on another connection has been.
        _ = try await cluster.client(of: old).send(Ask.metadata([]), version: 4)
        try cluster.moveCoordinator(ofGroup: "g", to: old % 3 + 1)
        let answer = try await client.receive(JoinGroupRequest.self, version: 9, number: number)
        #expect(answer.errorCode == .notCoordinator)
        #expect(throws: ClusterError("group g has no member nobody")) {
            try cluster.expelMember("nobody", ofGroup: "g")
        }
        try cluster.stopBroker(2)
        #expect(throws: ClusterError("broker 2 is down")) { try cluster.moveCoordinator(ofGroup: "g", to: 2) }
    }

    /// A short story, as `cluster.events` tells it, times and sizes aside.
    @Test
    func tellsWhatHappened() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 2))
        try cluster.createTopic("t", replicationFactor: 2)
        let client = try await cluster.client(of: 1, id: "teller")
        _ = try await client.send(Ask.produce("t", ["a", "b"]), version: 9)
        try cluster.inject(.fail(.produce, with: "REQUEST_TIMED_OUT", times: 1))
        _ = try await client.send(Ask.produce("t", ["c"]), version: 9)
        try cluster.stopBroker(1)
        try await client.closed()
        try cluster.startBroker(1)
        try cluster.moveLeader(ofTopic: "t", partition: 0, to: 1)
        cluster.close()
        let told = cluster.events.recent.map { event in
            switch event.kind {
            case .requestServed(let served):
                "\(served.request) v\(served.version) of \(served.client ?? "?") at \(served.broker): "
                    + "\(served.error.map { "\($0)" } ?? "well")"
            case .recordsAppended(let appended):
                "\(appended.count) at \(appended.topic)/\(appended.partition) \(appended.baseOffset)"
            default: "\(event.kind)"
            }
        }
        #expect(
            told == [
                "broker 1: started", "broker 2: started", "t: created with 1 partition",
                "broker 1: connection 1 from 127.0.0.1", "broker 1: connection 1 is teller", "2 at t/0 0",
                "Produce v9 of teller at 1: well",
                "fault 1 fired on Produce from teller: Produce fails with REQUEST_TIMED_OUT, once",
                "Produce v9 of teller at 1: REQUEST_TIMED_OUT", "broker 1: stopped",
                "broker 1: connection 1 closed: the broker went down", "t 0: leader 1 to 2, epoch 1",
                "broker 1: started", "t 0: leader 2 to 1, epoch 2",
            ])
    }
}

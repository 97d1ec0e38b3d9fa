import KrunWire
import NIOConcurrencyHelpers
import NIOCore
import Testing

@testable import KrunBroker

/// Groups as clients see them: over the wire, in time.
@Suite(.timeLimit(.minutes(1)))
struct GroupWireTests {
    /// Within 50 ms on a machine that does nothing else, as the clock of the state machine's own tests has it to the millisecond; the bound
    /// here is for one on which other tests run.
    @Test
    func twoMembersAreAssignedAMomentAfterTheLastJoined() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let (first, second) = (try await GroupClient(cluster, "g"), try await GroupClient(cluster, "g"))
        try await first.greet()
        try await second.greet()
        let clock = ContinuousClock()
        async let joined = first.settle(among: 2)
        let last = clock.now
        let other = try await second.settle(among: 2)
        let one = try await joined
        let taken = clock.now - last
        print("two members were assigned \(taken) after the last one's JoinGroup")
        #expect(taken < .seconds(10))
        #expect(one.generationId == other.generationId)
        #expect(one.leader == other.leader)
        #expect(Set([first, second].map { $0.assignment.withLockedValue { $0 } }) == [[1], [2]])
        #expect(try await first.heartbeat(one) == .none)
        #expect(try await second.heartbeat(other) == .none)
    }

    @Test
    func aLeaveSettlesAtOnce() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let (first, second) = (try await GroupClient(cluster, "g"), try await GroupClient(cluster, "g"))
        let (one, other) = try await Self.form(first, second)
        let clock = ContinuousClock()
        let start = clock.now
        #expect(try await second.leave(other).members.map(\.errorCode) == [.none])
        #expect(try await first.heartbeat(one) == .rebalanceInProgress)
        let again = try await first.join()
        #expect(again.generationId == one.generationId + 1)
        #expect(again.members.map(\.memberId) == [one.memberId])
        #expect(try await first.sync(again, assignments: [again.memberId: [3]]).assignment == [3])
        print("a leave settled after \(clock.now - start)")
        #expect(clock.now - start < .seconds(1))
        #expect(try await second.heartbeat(other) == .unknownMemberId)
        #expect(try await first.heartbeat(one) == .illegalGeneration)
    }

    /// KIP-345: who comes again as the same instance takes its place without a rebalance, and fences who had it.
    @Test
    func staticMembersKeepTheirPlace() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let first = try await GroupClient(cluster, "g", instance: "i")
        let joined = try await first.join()
        #expect(try await first.sync(joined, assignments: [joined.memberId: [7]]).assignment == [7])
        let second = try await GroupClient(cluster, "g", instance: "i")
        let again = try await second.join()
        #expect(again.errorCode == .none)
        #expect(again.generationId == joined.generationId)
        #expect(again.memberId != joined.memberId)
        #expect(try await second.sync(again).assignment == [7])
        let fenced = with(Ask.heartbeat("g", member: joined.memberId, generation: 1)) { $0.groupInstanceId = "i" }
        #expect(try await first.client.send(fenced, version: 4).errorCode == .fencedInstanceId)
    }

    @Test
    func aMemberThatIsSilentIsThrownOut() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let member = try await GroupClient(cluster, "g", session: 50)
        var events = cluster.events.events().makeAsyncIterator()
        let joined = try await member.join()
        _ = try await member.sync(joined, assignments: [joined.memberId: [1]])
        var reason: String?
        while reason == nil, let event = await events.next() {
            if case .memberLeft(_, joined.memberId, let why) = event.kind { reason = why }
        }
        #expect(reason == "no heartbeat within its session timeout")
        #expect(try await member.heartbeat(joined) == .unknownMemberId)
    }

    // MARK: Offsets

    /// Version 1 is that of older versions of Sarama.
    @Test(arguments: Int16(1)...9)
    func commitsOffsets(version: Int16) async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t", partitions: 2)
        let client = try await cluster.client()
        let committed = try await client.send(Self.commit("g", [0: 5, 7: 6], version: version), version: version)
        #expect(committed.topics.map(\.name) == ["t"])
        #expect(committed.topics[0].partitions.map(\.partitionIndex) == [0, 7])
        #expect(committed.topics[0].partitions.map(\.errorCode) == [.none, .unknownTopicOrPartition])
        #expect(try await Self.offsets("g", client) == ["t/0: 5 mine", "t/1: -1 "])
    }

    /// Version 0 is of offsets in ZooKeeper; Kafka 3.9 offers it, and without ZooKeeper answers so.
    @Test
    func version0IsOfZooKeeper() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t", partitions: 2)
        let client = try await cluster.client()
        let refused = try await client.send(Self.commit("g", [0: 5], version: 0), version: 0)
        #expect(refused.topics[0].partitions.map(\.errorCode) == [.unsupportedVersion])
        #expect(try await Self.offsets("g", client) == ["t/0: -1 ", "t/1: -1 "])
    }

    @Test(arguments: Int16(0)...9)
    func fetchesOffsets(version: Int16) async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t", partitions: 2)
        let client = try await cluster.client()
        _ = try await client.send(Self.commit("g", [1: 9], version: 8), version: 8)
        #expect(try await Self.offsets("g", client, version: version) == ["t/0: -1 ", "t/1: 9 mine"])
        if version >= 2 {
            #expect(try await Self.offsets("g", client, version: version, all: true) == ["t/1: 9 mine"])
        }
    }

    @Test
    func deletesGroupsThatAreEmpty() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let member = try await GroupClient(cluster, "g")
        try await member.greet()
        let joined = try await member.join()
        let request = with(DeleteGroupsRequest()) { $0.groupsNames = ["g", "nobody"] }
        let refused = try await member.client.send(request, version: 2)
        #expect(refused.results.map(\.errorCode) == [.nonEmptyGroup, .groupIdNotFound])
        _ = try await member.leave(joined)
        let done = try await member.client.send(request, version: 2)
        #expect(done.results.map(\.errorCode) == [.none, .groupIdNotFound])
    }

    static func form(_ first: GroupClient, _ second: GroupClient) async throws -> (JoinGroupResponse, JoinGroupResponse)
    {
        try await first.greet()
        try await second.greet()
        async let joined = first.settle(among: 2)
        let other = try await second.settle(among: 2)
        let one = try await joined
        return (one, other)
    }

    static func commit(_ group: String, _ offsets: [Int32: Int64], version: Int16) -> OffsetCommitRequest {
        with(OffsetCommitRequest()) { request in
            request.groupId = group
            request.topics = [
                with(OffsetCommitRequest.OffsetCommitRequestTopic()) { topic in
                    topic.name = "t"
                    topic.partitions = offsets.sorted { $0.key < $1.key }.map { index, offset in
                        with(OffsetCommitRequest.OffsetCommitRequestPartition()) {
                            $0.partitionIndex = index
                            $0.committedOffset = offset
                            $0.committedMetadata = "mine"
                        }
                    }
                }
            ]
        }
    }

    /// As `topic/partition: offset metadata`.
    static func offsets(
        _ group: String, _ client: TestClient, version: Int16 = 8, all: Bool = false
    ) async throws -> [String] {
        var request = OffsetFetchRequest()
        if version >= 8 {
            request.groups = [
                with(OffsetFetchRequest.OffsetFetchRequestGroup()) { asked in
                    asked.groupId = group
                    asked.topics =
                        all
                        ? nil
                        : [
                            with(OffsetFetchRequest.OffsetFetchRequestTopics()) {
                                $0.name = "t"
                                $0.partitionIndexes = [0, 1]
                            }
                        ]
                }
            ]
            let answer = try await client.send(request, version: version).groups[0]
            #expect(answer.errorCode == .none)
            return answer.topics.flatMap { topic in
                topic.partitions.map {
                    "\(topic.name)/\($0.partitionIndex): \($0.committedOffset) \($0.metadata ?? "null")"
                }
            }
        }
        request.groupId = group
        request.topics =
            all
            ? nil
            : [
                with(OffsetFetchRequest.OffsetFetchRequestTopic()) {
                    $0.name = "t"
                    $0.partitionIndexes = [0, 1]
                }
            ]
        let answer = try await client.send(request, version: version)
        #expect(answer.errorCode == .none)
        return answer.topics.flatMap { topic in
            topic.partitions.map {
                "\(topic.name)/\($0.partitionIndex): \($0.committedOffset) \($0.metadata ?? "null")"
            }
        }
    }
}

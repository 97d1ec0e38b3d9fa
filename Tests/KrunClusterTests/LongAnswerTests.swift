import KrunWire
import NIOCore
import Testing

@testable import KrunBroker

/// Requests whose answers would be far longer than they are themselves, or longer than the protocol allows.
@Suite(.timeLimit(.minutes(1)))
struct LongAnswerTests {
    private let longest = String(repeating: "n", count: 32_767)

    @Test func aNameThatFillsATextIsRefusedInFewerWords() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let client = try await cluster.client()
        let request = with(CreateTopicsRequest()) { request in
            request.topics = [
                with(CreateTopicsRequest.CreatableTopic()) {
                    $0.name = longest
                    $0.numPartitions = 1
                    $0.replicationFactor = 1
                }
            ]
        }
        let answer = try await client.send(request, version: 7)
        #expect(answer.topics.first?.errorCode == .invalidTopicException)
        #expect(answer.topics.first?.errorMessage?.hasPrefix("Topic name is invalid: the length of 'nnn") == true)
    }

    /// The member's id would be longer than a text may be.
    @Test func anAnswerThatCannotBeWrittenEndsItsConnectionOnly() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        let (client, other) = (try await cluster.client(id: longest), try await cluster.client())
        try await client.write(Ask.join("g").frame(version: 5, correlationId: 1, clientId: longest))
        #expect(try await client.closed() == 0)
        #expect(cluster.closings == ["an answer that is longer than the protocol allows"])
        #expect(try await other.send(Ask.metadata([]), version: 4).controllerId == 1)
    }

    @Test func whatIsAskedForOftenIsAnsweredOnce() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("t")
        let client = try await cluster.client()
        let offsets = with(OffsetFetchRequest()) { request in
            request.groupId = "g"
            request.topics = [
                with(OffsetFetchRequest.OffsetFetchRequestTopic()) {
                    $0.name = "t"
                    $0.partitionIndexes = [0, 1, 0, 0]
                }
            ]
        }
        let fetched = try await client.send(offsets, version: 5)
        #expect(fetched.topics.first?.partitions.map(\.partitionIndex) == [0, 1])
        let groups = with(DescribeGroupsRequest()) { $0.groups = ["g", "h", "g"] }
        #expect(try await client.send(groups, version: 5).groups.map(\.groupId) == ["g", "h"])
    }
}

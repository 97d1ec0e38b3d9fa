import KrunWire
import NIOCore
import Testing

@testable import KrunBroker

/// What a Kafka 3.9 without the feature answers: an error that says so, or that there is nothing.
@Suite(.timeLimit(.minutes(1)))
struct AbsentFeatureTests {
    private static func cluster() throws -> EmbeddedCluster { try EmbeddedCluster(ClusterOptions(brokers: 1)) }

    @Test
    func acls() async throws {
        let cluster = try Self.cluster()
        defer { cluster.close() }
        let client = try await cluster.client()
        let described = try await client.send(DescribeAclsRequest(), version: 3)
        #expect(
            described
                == with(DescribeAclsResponse()) {
                    $0.errorCode = .securityDisabled
                    $0.errorMessage = "No Authorizer is configured on the broker"
                })
        let creation = with(CreateAclsRequest()) { $0.creations = [CreateAclsRequest.AclCreation()] }
        let created = try await client.send(creation, version: 3).results
        #expect(created.map(\.errorCode) == [.securityDisabled])
        #expect(created.map(\.errorMessage) == ["No Authorizer is configured."])
        let deletion = with(DeleteAclsRequest()) { $0.filters = [DeleteAclsRequest.DeleteAclsFilter()] }
        let deleted = try await client.send(deletion, version: 3).filterResults
        #expect(deleted.map(\.errorCode) == [.securityDisabled])
        #expect(deleted.map(\.errorMessage) == ["No Authorizer is configured."])
    }

    @Test
    func quotas() async throws {
        let cluster = try Self.cluster()
        defer { cluster.close() }
        let client = try await cluster.client()
        let described = try await client.send(DescribeClientQuotasRequest(), version: 1)
        #expect(described == with(DescribeClientQuotasResponse()) { $0.errorMessage = nil })
        let alteration = with(AlterClientQuotasRequest()) { request in
            request.entries = [
                with(AlterClientQuotasRequest.EntryData()) { entry in
                    entry.entity = [
                        with(AlterClientQuotasRequest.EntityData()) {
                            ($0.entityType, $0.entityName) = ("user", "alice")
                        }
                    ]
                }
            ]
        }
        let altered = try await client.send(alteration, version: 1).entries
        #expect(altered.map(\.errorCode) == [.invalidRequest])
        #expect(altered.map(\.errorMessage) == ["This broker has no quotas."])
        #expect(altered.first?.entity.map(\.entityName) == ["alice"])
    }

    @Test
    func scramCredentials() async throws {
        let cluster = try Self.cluster()
        defer { cluster.close() }
        let client = try await cluster.client()
        let all = try await client.send(DescribeUserScramCredentialsRequest(), version: 0)
        #expect(all == with(DescribeUserScramCredentialsResponse()) { $0.errorMessage = nil })
        let asked = with(DescribeUserScramCredentialsRequest()) { request in
            request.users = ["alice", "bob", "bob"].map { name in
                with(DescribeUserScramCredentialsRequest.UserName()) { $0.name = name }
            }
        }
        let found = try await client.send(asked, version: 0).results
        #expect(found.map(\.errorCode) == [.resourceNotFound, .duplicateResource])
        #expect(found.first?.errorMessage == "Attempt to describe a user credential that does not exist: alice")
        let alteration = with(AlterUserScramCredentialsRequest()) { request in
            request.upsertions = [
                with(AlterUserScramCredentialsRequest.ScramCredentialUpsertion()) { $0.name = "alice" }
            ]
            request.deletions = [with(AlterUserScramCredentialsRequest.ScramCredentialDeletion()) { $0.name = "bob" }]
        }
        let altered = try await client.send(alteration, version: 0).results
        #expect(altered.map(\.user) == ["alice", "bob"])
        #expect(altered.map(\.errorCode) == [.unsupportedSaslMechanism, .resourceNotFound])
    }

    @Test
    func quorum() async throws {
        let cluster = try EmbeddedCluster()
        defer { cluster.close() }
        try cluster.stopBroker(3)
        let client = try await cluster.client()
        let request = with(DescribeQuorumRequest()) { request in
            request.topics = [
                with(DescribeQuorumRequest.TopicData()) {
                    $0.topicName = "__cluster_metadata"
                    $0.partitions = [DescribeQuorumRequest.PartitionData()]
                }
            ]
        }
        let answer = try await client.send(request, version: 2)
        let partition = try #require(answer.topics.first?.partitions.first)
        #expect(partition.leaderId == 1 && partition.errorCode == .none)
        #expect(partition.currentVoters.map(\.replicaId) == [1, 2, 3])
        #expect(partition.currentVoters.map { $0.lastCaughtUpTimestamp == -1 } == [false, false, true])
        #expect(answer.nodes.map(\.listeners.first?.port) == cluster.ports.map { UInt16($0) })
        let other = with(request) { $0.topics[0].topicName = "orders" }
        #expect(
            try await client.send(other, version: 1).topics[0].partitions.map(\.errorCode) == [.unknownTopicOrPartition]
        )
    }

    @Test(
        arguments: [
            ("metadata.version", 21, nil),
            (
                "metadata.version", 20,
                "Invalid update version 20 for feature metadata.version. This broker keeps it at 21, as Kafka 3.9 does."
            ),
            (
                "metadata.version", 99,
                "Invalid update version 99 for feature metadata.version. Local controller 1 only supports versions 1-21"
            ),
            ("tea", 1, "Invalid update version 1 for feature tea. Local controller 1 does not support this feature."),
        ] as [(String, Int16, String?)])
    func features(name: String, level: Int16, text: String?) async throws {
        let cluster = try Self.cluster()
        defer { cluster.close() }
        let request = with(UpdateFeaturesRequest()) { request in
            request.featureUpdates = [
                with(UpdateFeaturesRequest.FeatureUpdateKey()) { ($0.feature, $0.maxVersionLevel) = (name, level) }
            ]
        }
        let result = try await cluster.client().send(request, version: 1).results.first
        #expect(result?.errorCode == (text == nil ? ErrorCode.none : .invalidUpdateVersion))
        #expect(result?.errorMessage == text)
    }

    @Test
    func loggers() async throws {
        let cluster = try Self.cluster()
        defer { cluster.close() }
        let client = try await cluster.client()
        func ask(_ name: String) async throws -> DescribeConfigsResponse.DescribeConfigsResult {
            try await client.send(
                with(DescribeConfigsRequest()) { request in
                    request.resources = [
                        with(DescribeConfigsRequest.DescribeConfigsResource()) {
                            ($0.resourceType, $0.resourceName) = (8, name)
                        }
                    ]
                }, version: 4
            ).results[0]
        }
        let own = try await ask("1")
        #expect(own.errorCode == .none && own.configs.isEmpty)
        #expect(try await ask("").errorMessage == "Broker id must not be empty")
        #expect(try await ConfigEffectTests.alter("1", type: 8, ["kafka": "DEBUG"], client) == .invalidConfig)
    }

    /// Kafka 3.9 offers the request and answers it so unless it was told to serve it. It is told of, for the client may wait in silence.
    @Test
    func theGroupProtocolConsumer() async throws {
        let cluster = try Self.cluster()
        defer { cluster.close() }
        let heartbeat = with(ConsumerGroupHeartbeatRequest()) { $0.groupId = "billing" }
        let answer = try await cluster.client(id: "app").send(heartbeat, version: 0)
        #expect(answer == with(ConsumerGroupHeartbeatResponse()) { $0.errorCode = .unsupportedVersion })
        let told = cluster.events.recent.compactMap { event in
            if case .groupProtocolNotServed(let group, let client) = event.kind {
                "\(group) \(client ?? "")"
            } else {
                nil
            }
        }
        #expect(told == ["billing app"])
    }

    /// The codec knows later versions of some requests; what is not Kafka 3.9's ends the connection.
    @Test
    func laterVersions() async throws {
        let cluster = try Self.cluster()
        defer { cluster.close() }
        let client = try await cluster.client()
        try await client.post(Ask.metadata([]), version: 13)
        #expect(try await client.closed() == 0)
        #expect(cluster.closings == ["a request that this broker does not serve"])
    }
}

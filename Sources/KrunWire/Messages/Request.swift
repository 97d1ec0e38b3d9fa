package import NIOCore

/// A request of any API that is decoded here.
package enum Request: Equatable, Sendable {
    case produce(ProduceRequest)
    case fetch(FetchRequest)
    case listOffsets(ListOffsetsRequest)
    case metadata(MetadataRequest)
    case offsetCommit(OffsetCommitRequest)
    case offsetFetch(OffsetFetchRequest)
    case findCoordinator(FindCoordinatorRequest)
    case joinGroup(JoinGroupRequest)
    case heartbeat(HeartbeatRequest)
    case leaveGroup(LeaveGroupRequest)
    case syncGroup(SyncGroupRequest)
    case describeGroups(DescribeGroupsRequest)
    case listGroups(ListGroupsRequest)
    case saslHandshake(SaslHandshakeRequest)
    case apiVersions(ApiVersionsRequest)
    case createTopics(CreateTopicsRequest)
    case deleteTopics(DeleteTopicsRequest)
    case deleteRecords(DeleteRecordsRequest)
    case initProducerId(InitProducerIdRequest)
    case offsetForLeaderEpoch(OffsetForLeaderEpochRequest)
    case addPartitionsToTxn(AddPartitionsToTxnRequest)
    case addOffsetsToTxn(AddOffsetsToTxnRequest)
    case endTxn(EndTxnRequest)
    case txnOffsetCommit(TxnOffsetCommitRequest)
    case describeConfigs(DescribeConfigsRequest)
    case alterConfigs(AlterConfigsRequest)
    case describeLogDirs(DescribeLogDirsRequest)
    case saslAuthenticate(SaslAuthenticateRequest)
    case createPartitions(CreatePartitionsRequest)
    case deleteGroups(DeleteGroupsRequest)
    case electLeaders(ElectLeadersRequest)
    case incrementalAlterConfigs(IncrementalAlterConfigsRequest)
    case listPartitionReassignments(ListPartitionReassignmentsRequest)
    case offsetDelete(OffsetDeleteRequest)
    case describeCluster(DescribeClusterRequest)
    case describeProducers(DescribeProducersRequest)
    case describeTransactions(DescribeTransactionsRequest)
    case listTransactions(ListTransactionsRequest)
    case describeAcls(DescribeAclsRequest)
    case createAcls(CreateAclsRequest)
    case deleteAcls(DeleteAclsRequest)
    case describeUserScramCredentials(DescribeUserScramCredentialsRequest)
    case alterUserScramCredentials(AlterUserScramCredentialsRequest)
    case describeClientQuotas(DescribeClientQuotasRequest)
    case alterClientQuotas(AlterClientQuotasRequest)
    case describeQuorum(DescribeQuorumRequest)
    case updateFeatures(UpdateFeaturesRequest)
    case consumerGroupHeartbeat(ConsumerGroupHeartbeatRequest)
    case describeTopicPartitions(DescribeTopicPartitionsRequest)
}

extension Request {
    /// The types of the requests that are decoded here, by the numbers of their APIs.
    package static let types: [any KafkaRequest.Type] = [
        ProduceRequest.self, FetchRequest.self, ListOffsetsRequest.self, MetadataRequest.self,
        OffsetCommitRequest.self, OffsetFetchRequest.self, FindCoordinatorRequest.self, JoinGroupRequest.self,
        HeartbeatRequest.self, LeaveGroupRequest.self, SyncGroupRequest.self, DescribeGroupsRequest.self,
        ListGroupsRequest.self, SaslHandshakeRequest.self, ApiVersionsRequest.self, CreateTopicsRequest.self,
        DeleteTopicsRequest.self, DeleteRecordsRequest.self, InitProducerIdRequest.self,
        OffsetForLeaderEpochRequest.self, AddPartitionsToTxnRequest.self, AddOffsetsToTxnRequest.self,
        EndTxnRequest.self, TxnOffsetCommitRequest.self, DescribeConfigsRequest.self, AlterConfigsRequest.self,
        DescribeLogDirsRequest.self, SaslAuthenticateRequest.self, CreatePartitionsRequest.self,
        DeleteGroupsRequest.self, ElectLeadersRequest.self, IncrementalAlterConfigsRequest.self,
        ListPartitionReassignmentsRequest.self, OffsetDeleteRequest.self, DescribeClusterRequest.self,
        DescribeProducersRequest.self, DescribeTransactionsRequest.self, ListTransactionsRequest.self,
        DescribeAclsRequest.self,
        CreateAclsRequest.self,
        DeleteAclsRequest.self,
        DescribeUserScramCredentialsRequest.self,
        AlterUserScramCredentialsRequest.self,
        DescribeClientQuotasRequest.self,
        AlterClientQuotasRequest.self,
        DescribeQuorumRequest.self,
        UpdateFeaturesRequest.self,
        ConsumerGroupHeartbeatRequest.self,
        DescribeTopicPartitionsRequest.self,
    ]

    /// The versions of an API that are decoded here; nil if none.
    package static func versions(of key: ApiKey) -> ClosedRange<Int16>? {
        switch key {
        case .produce: ProduceRequest.versions
        case .fetch: FetchRequest.versions
        case .listOffsets: ListOffsetsRequest.versions
        case .metadata: MetadataRequest.versions
        case .offsetCommit: OffsetCommitRequest.versions
        case .offsetFetch: OffsetFetchRequest.versions
        case .findCoordinator: FindCoordinatorRequest.versions
        case .joinGroup: JoinGroupRequest.versions
        case .heartbeat: HeartbeatRequest.versions
        case .leaveGroup: LeaveGroupRequest.versions
        case .syncGroup: SyncGroupRequest.versions
        case .describeGroups: DescribeGroupsRequest.versions
        case .listGroups: ListGroupsRequest.versions
        case .saslHandshake: SaslHandshakeRequest.versions
        case .apiVersions: ApiVersionsRequest.versions
        case .createTopics: CreateTopicsRequest.versions
        case .deleteTopics: DeleteTopicsRequest.versions
        case .deleteRecords: DeleteRecordsRequest.versions
        case .initProducerId: InitProducerIdRequest.versions
        case .offsetForLeaderEpoch: OffsetForLeaderEpochRequest.versions
        case .addPartitionsToTxn: AddPartitionsToTxnRequest.versions
        case .addOffsetsToTxn: AddOffsetsToTxnRequest.versions
        case .endTxn: EndTxnRequest.versions
        case .txnOffsetCommit: TxnOffsetCommitRequest.versions
        case .describeConfigs: DescribeConfigsRequest.versions
        case .alterConfigs: AlterConfigsRequest.versions
        case .describeLogDirs: DescribeLogDirsRequest.versions
        case .saslAuthenticate: SaslAuthenticateRequest.versions
        case .createPartitions: CreatePartitionsRequest.versions
        case .deleteGroups: DeleteGroupsRequest.versions
        case .electLeaders: ElectLeadersRequest.versions
        case .incrementalAlterConfigs: IncrementalAlterConfigsRequest.versions
        case .listPartitionReassignments: ListPartitionReassignmentsRequest.versions
        case .offsetDelete: OffsetDeleteRequest.versions
        case .describeCluster: DescribeClusterRequest.versions
        case .describeProducers: DescribeProducersRequest.versions
        case .describeTransactions: DescribeTransactionsRequest.versions
        case .listTransactions: ListTransactionsRequest.versions
        case .describeAcls: DescribeAclsRequest.versions
        case .createAcls: CreateAclsRequest.versions
        case .deleteAcls: DeleteAclsRequest.versions
        case .describeUserScramCredentials: DescribeUserScramCredentialsRequest.versions
        case .alterUserScramCredentials: AlterUserScramCredentialsRequest.versions
        case .describeClientQuotas: DescribeClientQuotasRequest.versions
        case .alterClientQuotas: AlterClientQuotasRequest.versions
        case .describeQuorum: DescribeQuorumRequest.versions
        case .updateFeatures: UpdateFeaturesRequest.versions
        case .consumerGroupHeartbeat: ConsumerGroupHeartbeatRequest.versions
        case .describeTopicPartitions: DescribeTopicPartitionsRequest.versions
        default: nil
        }
    }

    /// The first of an API's versions with compact lengths and tagged fields, in requests and responses alike; nil if the API
    /// is not decoded here.
    package static func firstFlexibleVersion(of key: ApiKey) -> Int16? {
        switch key {
        case .produce: ProduceRequest.firstFlexibleVersion
        case .fetch: FetchRequest.firstFlexibleVersion
        case .listOffsets: ListOffsetsRequest.firstFlexibleVersion
        case .metadata: MetadataRequest.firstFlexibleVersion
        case .offsetCommit: OffsetCommitRequest.firstFlexibleVersion
        case .offsetFetch: OffsetFetchRequest.firstFlexibleVersion
        case .findCoordinator: FindCoordinatorRequest.firstFlexibleVersion
        case .joinGroup: JoinGroupRequest.firstFlexibleVersion
        case .heartbeat: HeartbeatRequest.firstFlexibleVersion
        case .leaveGroup: LeaveGroupRequest.firstFlexibleVersion
        case .syncGroup: SyncGroupRequest.firstFlexibleVersion
        case .describeGroups: DescribeGroupsRequest.firstFlexibleVersion
        case .listGroups: ListGroupsRequest.firstFlexibleVersion
        case .saslHandshake: SaslHandshakeRequest.firstFlexibleVersion
        case .apiVersions: ApiVersionsRequest.firstFlexibleVersion
        case .createTopics: CreateTopicsRequest.firstFlexibleVersion
        case .deleteTopics: DeleteTopicsRequest.firstFlexibleVersion
        case .deleteRecords: DeleteRecordsRequest.firstFlexibleVersion
        case .initProducerId: InitProducerIdRequest.firstFlexibleVersion
        case .offsetForLeaderEpoch: OffsetForLeaderEpochRequest.firstFlexibleVersion
        case .addPartitionsToTxn: AddPartitionsToTxnRequest.firstFlexibleVersion
        case .addOffsetsToTxn: AddOffsetsToTxnRequest.firstFlexibleVersion
        case .endTxn: EndTxnRequest.firstFlexibleVersion
        case .txnOffsetCommit: TxnOffsetCommitRequest.firstFlexibleVersion
        case .describeConfigs: DescribeConfigsRequest.firstFlexibleVersion
        case .alterConfigs: AlterConfigsRequest.firstFlexibleVersion
        case .describeLogDirs: DescribeLogDirsRequest.firstFlexibleVersion
        case .saslAuthenticate: SaslAuthenticateRequest.firstFlexibleVersion
        case .createPartitions: CreatePartitionsRequest.firstFlexibleVersion
        case .deleteGroups: DeleteGroupsRequest.firstFlexibleVersion
        case .electLeaders: ElectLeadersRequest.firstFlexibleVersion
        case .incrementalAlterConfigs: IncrementalAlterConfigsRequest.firstFlexibleVersion
        case .listPartitionReassignments: ListPartitionReassignmentsRequest.firstFlexibleVersion
        case .offsetDelete: OffsetDeleteRequest.firstFlexibleVersion
        case .describeCluster: DescribeClusterRequest.firstFlexibleVersion
        case .describeProducers: DescribeProducersRequest.firstFlexibleVersion
        case .describeTransactions: DescribeTransactionsRequest.firstFlexibleVersion
        case .listTransactions: ListTransactionsRequest.firstFlexibleVersion
        case .describeAcls: DescribeAclsRequest.firstFlexibleVersion
        case .createAcls: CreateAclsRequest.firstFlexibleVersion
        case .deleteAcls: DeleteAclsRequest.firstFlexibleVersion
        case .describeUserScramCredentials: DescribeUserScramCredentialsRequest.firstFlexibleVersion
        case .alterUserScramCredentials: AlterUserScramCredentialsRequest.firstFlexibleVersion
        case .describeClientQuotas: DescribeClientQuotasRequest.firstFlexibleVersion
        case .alterClientQuotas: AlterClientQuotasRequest.firstFlexibleVersion
        case .describeQuorum: DescribeQuorumRequest.firstFlexibleVersion
        case .updateFeatures: UpdateFeaturesRequest.firstFlexibleVersion
        case .consumerGroupHeartbeat: ConsumerGroupHeartbeatRequest.firstFlexibleVersion
        case .describeTopicPartitions: DescribeTopicPartitionsRequest.firstFlexibleVersion
        default: nil
        }
    }

    /// The message itself.
    package var message: any KafkaRequest {
        switch self {
        case .produce(let message): message
        case .fetch(let message): message
        case .listOffsets(let message): message
        case .metadata(let message): message
        case .offsetCommit(let message): message
        case .offsetFetch(let message): message
        case .findCoordinator(let message): message
        case .joinGroup(let message): message
        case .heartbeat(let message): message
        case .leaveGroup(let message): message
        case .syncGroup(let message): message
        case .describeGroups(let message): message
        case .listGroups(let message): message
        case .saslHandshake(let message): message
        case .apiVersions(let message): message
        case .createTopics(let message): message
        case .deleteTopics(let message): message
        case .deleteRecords(let message): message
        case .initProducerId(let message): message
        case .offsetForLeaderEpoch(let message): message
        case .addPartitionsToTxn(let message): message
        case .addOffsetsToTxn(let message): message
        case .endTxn(let message): message
        case .txnOffsetCommit(let message): message
        case .describeConfigs(let message): message
        case .alterConfigs(let message): message
        case .describeLogDirs(let message): message
        case .saslAuthenticate(let message): message
        case .createPartitions(let message): message
        case .deleteGroups(let message): message
        case .electLeaders(let message): message
        case .incrementalAlterConfigs(let message): message
        case .listPartitionReassignments(let message): message
        case .offsetDelete(let message): message
        case .describeCluster(let message): message
        case .describeProducers(let message): message
        case .describeTransactions(let message): message
        case .listTransactions(let message): message
        case .describeAcls(let message): message
        case .createAcls(let message): message
        case .deleteAcls(let message): message
        case .describeUserScramCredentials(let message): message
        case .alterUserScramCredentials(let message): message
        case .describeClientQuotas(let message): message
        case .alterClientQuotas(let message): message
        case .describeQuorum(let message): message
        case .updateFeatures(let message): message
        case .consumerGroupHeartbeat(let message): message
        case .describeTopicPartitions(let message): message
        }
    }

    /// Reads the message of a request whose header has been read.
    static func read(_ key: ApiKey, version: Int16, from reader: inout WireReader) throws(WireError) -> Request? {
        switch key {
        case .produce: .produce(try reader.message(version: version))
        case .fetch: .fetch(try reader.message(version: version))
        case .listOffsets: .listOffsets(try reader.message(version: version))
        case .metadata: .metadata(try reader.message(version: version))
        case .offsetCommit: .offsetCommit(try reader.message(version: version))
        case .offsetFetch: .offsetFetch(try reader.message(version: version))
        case .findCoordinator: .findCoordinator(try reader.message(version: version))
        case .joinGroup: .joinGroup(try reader.message(version: version))
        case .heartbeat: .heartbeat(try reader.message(version: version))
        case .leaveGroup: .leaveGroup(try reader.message(version: version))
        case .syncGroup: .syncGroup(try reader.message(version: version))
        case .describeGroups: .describeGroups(try reader.message(version: version))
        case .listGroups: .listGroups(try reader.message(version: version))
        case .saslHandshake: .saslHandshake(try reader.message(version: version))
        case .apiVersions: .apiVersions(try reader.message(version: version))
        case .createTopics: .createTopics(try reader.message(version: version))
        case .deleteTopics: .deleteTopics(try reader.message(version: version))
        case .deleteRecords: .deleteRecords(try reader.message(version: version))
        case .initProducerId: .initProducerId(try reader.message(version: version))
        case .offsetForLeaderEpoch: .offsetForLeaderEpoch(try reader.message(version: version))
        case .addPartitionsToTxn: .addPartitionsToTxn(try reader.message(version: version))
        case .addOffsetsToTxn: .addOffsetsToTxn(try reader.message(version: version))
        case .endTxn: .endTxn(try reader.message(version: version))
        case .txnOffsetCommit: .txnOffsetCommit(try reader.message(version: version))
        case .describeConfigs: .describeConfigs(try reader.message(version: version))
        case .alterConfigs: .alterConfigs(try reader.message(version: version))
        case .describeLogDirs: .describeLogDirs(try reader.message(version: version))
        case .saslAuthenticate: .saslAuthenticate(try reader.message(version: version))
        case .createPartitions: .createPartitions(try reader.message(version: version))
        case .deleteGroups: .deleteGroups(try reader.message(version: version))
        case .electLeaders: .electLeaders(try reader.message(version: version))
        case .incrementalAlterConfigs: .incrementalAlterConfigs(try reader.message(version: version))
        case .listPartitionReassignments: .listPartitionReassignments(try reader.message(version: version))
        case .offsetDelete: .offsetDelete(try reader.message(version: version))
        case .describeCluster: .describeCluster(try reader.message(version: version))
        case .describeProducers: .describeProducers(try reader.message(version: version))
        case .describeTransactions: .describeTransactions(try reader.message(version: version))
        case .listTransactions: .listTransactions(try reader.message(version: version))
        case .describeAcls: .describeAcls(try reader.message(version: version))
        case .createAcls: .createAcls(try reader.message(version: version))
        case .deleteAcls: .deleteAcls(try reader.message(version: version))
        case .describeUserScramCredentials: .describeUserScramCredentials(try reader.message(version: version))
        case .alterUserScramCredentials: .alterUserScramCredentials(try reader.message(version: version))
        case .describeClientQuotas: .describeClientQuotas(try reader.message(version: version))
        case .alterClientQuotas: .alterClientQuotas(try reader.message(version: version))
        case .describeQuorum: .describeQuorum(try reader.message(version: version))
        case .updateFeatures: .updateFeatures(try reader.message(version: version))
        case .consumerGroupHeartbeat: .consumerGroupHeartbeat(try reader.message(version: version))
        case .describeTopicPartitions: .describeTopicPartitions(try reader.message(version: version))
        default: nil
        }
    }
}

extension Request {
    /// Reads a request.
    ///
    /// What follows it in its frame is ignored, as Kafka does: librdkafka 2.0 ends ListGroups v4 with a byte too many, 2.16 a Metadata v13
    /// with three.
    ///
    /// - Parameter frame: what follows the length. `records` of the result share its memory.
    /// - Throws: `unknownApiKey` and `unsupportedVersion` as soon as the header's start is read; anything else about the bytes.
    package static func decode(_ frame: ByteBuffer) throws(WireError) -> (RequestHeader, Request) {
        var start = WireReader(frame, isFlexible: false)
        var header = try RequestHeader(startFrom: &start)
        guard let key = ApiKey(rawValue: header.apiKey), let versions = versions(of: key),
            let firstFlexible = firstFlexibleVersion(of: key)
        else {
            throw .unknownApiKey(header.apiKey, version: header.apiVersion, correlationId: header.correlationId)
        }
        guard versions.contains(header.apiVersion) else {
            throw .unsupportedVersion(key, version: header.apiVersion, correlationId: header.correlationId)
        }
        let isFlexible = header.apiVersion >= firstFlexible
        var reader = start.flexible(isFlexible)
        try header.readRest(from: &reader, isFlexible: isFlexible)
        guard let request = try read(key, version: header.apiVersion, from: &reader) else {
            throw .unknownApiKey(header.apiKey, version: header.apiVersion, correlationId: header.correlationId)
        }
        return (header, request)
    }

    package var apiKey: ApiKey { type(of: message).apiKey }
}

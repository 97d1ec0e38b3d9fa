internal import KrunWire

extension ClusterCore {
    func describeCluster(_ request: DescribeClusterRequest, _ context: RequestContext) -> DescribeClusterResponse {
        var response = DescribeClusterResponse()
        response.clusterId = clusterID
        guard request.endpointType == 1 else {
            // Controllers have no listeners of their own here.
            response.errorCode = request.endpointType == 2 ? .mismatchedEndpointType : .unsupportedEndpointType
            response.errorMessage = "the request was sent to an endpoint of type broker"
            return response
        }
        response.controllerId = controllerID
        response.brokers = nodes.filter(\.isUp).map { node in
            var broker = DescribeClusterResponse.DescribeClusterBroker()
            broker.brokerId = node.id
            broker.host = node.advertisedHost
            broker.port = Int32(node.port)
            broker.rack = node.rack
            return broker
        }
        if request.includeClusterAuthorizedOperations {
            response.clusterAuthorizedOperations = AuthorizedOperations.cluster
        }
        return response
    }
}

/// What a client may do, as a set of bits by Kafka's AclOperation codes; without an authorizer everybody may do everything.
enum AuthorizedOperations {
    /// Create, Alter, Describe, ClusterAction, DescribeConfigs, AlterConfigs, IdempotentWrite.
    static let cluster = bits(5, 7, 8, 9, 10, 11, 12)
    /// Read, Write, Create, Delete, Alter, Describe, DescribeConfigs, AlterConfigs.
    static let topic = bits(3, 4, 5, 6, 7, 8, 10, 11)
    /// Read, Delete, Describe.
    static let group = bits(3, 6, 8)

    private static func bits(_ codes: Int32...) -> Int32 {
        codes.reduce(0) { $0 | 1 << $1 }
    }
}

extension ClusterCore {
    /// One directory a broker, which is no directory but says where its logs are: in memory.
    func describeLogDirs(_ request: DescribeLogDirsRequest, _ context: RequestContext) -> DescribeLogDirsResponse {
        var response = DescribeLogDirsResponse()
        var directory = DescribeLogDirsResponse.DescribeLogDirsResult()
        directory.logDir = Self.logDirectory
        directory.totalBytes = Int64(memory.limit)
        directory.usableBytes = Int64(max(0, memory.limit - memory.used))
        // Each topic once, however often it is named; nil: all of them.
        let wanted = request.topics?.reduce(into: [String: Set<Int32>]()) { wanted, item in
            wanted[item.topic, default: []].formUnion(item.partitions)
        }
        for name in (wanted.map { Array($0.keys) } ?? Array(topics.keys)).sorted() {
            guard let topic = topics[name] else { continue }
            let indexes = wanted?[name]
            var answer = DescribeLogDirsResponse.DescribeLogDirsTopic()
            answer.name = name
            answer.partitions = topic.partitions.filter { partition in
                partition.replicas.contains(context.broker) && indexes?.contains(partition.index) ?? true
            }.map { partition in
                var item = DescribeLogDirsResponse.DescribeLogDirsPartition()
                item.partitionIndex = partition.index
                item.partitionSize = Int64(partition.log.sizeInBytes)
                return item
            }
            if !answer.partitions.isEmpty { directory.topics.append(answer) }
        }
        response.results = [directory]
        return response
    }

    static let logDirectory = "memory"
}

extension ClusterCore {
    /// The quorum as if each broker were a controller, too; what Kafka keeps in its log is in the memory that all of them share.
    func describeQuorum(_ request: DescribeQuorumRequest, _ context: RequestContext) -> DescribeQuorumResponse {
        var response = DescribeQuorumResponse()
        response.errorMessage = nil
        let isMetadata =
            request.topics.count == 1 && request.topics[0].topicName == Self.metadataTopic
            && request.topics[0].partitions.map(\.partitionIndex) == [0]
        response.topics = request.topics.map { topic in
            var answer = DescribeQuorumResponse.TopicData()
            answer.topicName = topic.topicName
            answer.partitions = topic.partitions.map { wanted in
                isMetadata ? quorum(context) : Self.unknownQuorum(wanted.partitionIndex)
            }
            return answer
        }
        guard isMetadata, context.version >= 2 else { return response }
        response.nodes = nodes.map { node in
            var listener = DescribeQuorumResponse.Listener()
            listener.name = "CONTROLLER"
            listener.host = node.advertisedHost
            listener.port = UInt16(clamping: node.port)
            var item = DescribeQuorumResponse.Node()
            item.nodeId = node.id
            item.listeners = [listener]
            return item
        }
        return response
    }

    private static let metadataTopic = "__cluster_metadata"

    private func quorum(_ context: RequestContext) -> DescribeQuorumResponse.PartitionData {
        var answer = DescribeQuorumResponse.PartitionData()
        answer.errorMessage = nil
        answer.leaderId = controllerID
        answer.leaderEpoch = 1
        answer.currentVoters = nodes.map { node in
            var voter = DescribeQuorumResponse.ReplicaState()
            voter.replicaId = node.id
            if context.version >= 1, node.isUp {
                voter.lastFetchTimestamp = context.now.wallMilliseconds
                voter.lastCaughtUpTimestamp = context.now.wallMilliseconds
            }
            return voter
        }
        return answer
    }

    private static func unknownQuorum(_ index: Int32) -> DescribeQuorumResponse.PartitionData {
        var answer = DescribeQuorumResponse.PartitionData()
        answer.partitionIndex = index
        answer.errorCode = .unknownTopicOrPartition
        answer.errorMessage = "This server does not host this topic-partition."
        return answer
    }
}

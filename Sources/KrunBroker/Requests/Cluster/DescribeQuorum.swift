internal import KrunWire

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

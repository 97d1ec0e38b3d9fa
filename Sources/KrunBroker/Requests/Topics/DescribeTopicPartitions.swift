internal import KrunWire

extension ClusterCore {
    /// Topics a page at a time, in the order of their names (KIP-966).
    func describeTopicPartitions(
        _ request: DescribeTopicPartitionsRequest, _ context: RequestContext
    ) -> DescribeTopicPartitionsResponse {
        var response = DescribeTopicPartitionsResponse()
        if let cursor = request.cursor, cursor.partitionIndex < 0 {
            // The request has no place for an error of its own; nothing follows such a cursor.
            return response
        }
        var names = (request.topics.isEmpty ? Array(topics.keys) : Array(Set(request.topics.map(\.name)))).sorted()
        if let cursor = request.cursor { names.removeAll { $0 < cursor.topicName } }
        let up = up
        var left = max(1, min(Int(request.responsePartitionLimit), Int(configs.settings.partitionsAnsweredMaximum)))
        for name in names {
            if left == 0 {
                response.nextCursor = Self.cursor(name, 0)
                break
            }
            var answer = DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic()
            answer.name = name
            if let code = context.faults.error(topic: name, partition: nil) {
                answer.errorCode = code
                response.topics.append(answer)
                continue
            }
            guard let topic = topics[name] else {
                answer.errorCode =
                    TopicName.problem(with: name) == nil ? .unknownTopicOrPartition : .invalidTopicException
                response.topics.append(answer)
                continue
            }
            answer.topicId = topic.id
            answer.isInternal = InternalTopic.isInternal(name)
            answer.topicAuthorizedOperations = AuthorizedOperations.topic
            let first = request.cursor?.topicName == name ? Int(request.cursor?.partitionIndex ?? 0) : 0
            let page = topic.partitions.dropFirst(first).prefix(left)
            answer.partitions = page.map { partition in
                var item = DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition()
                item.errorCode = partition.leader == -1 ? .leaderNotAvailable : .none
                item.partitionIndex = partition.index
                item.leaderId = partition.leader
                item.leaderEpoch = partition.leaderEpoch
                item.replicaNodes = partition.replicas
                item.isrNodes = partition.inSync
                item.eligibleLeaderReplicas = []
                item.lastKnownElr = []
                item.offlineReplicas = partition.offlineReplicas(up: up)
                return item
            }
            response.topics.append(answer)
            left -= page.count
            if first + page.count < topic.partitions.count {
                response.nextCursor = Self.cursor(name, Int32(first + page.count))
                break
            }
        }
        return response
    }

    private static func cursor(_ name: String, _ index: Int32) -> DescribeTopicPartitionsResponse.Cursor {
        var cursor = DescribeTopicPartitionsResponse.Cursor()
        cursor.topicName = name
        cursor.partitionIndex = index
        return cursor
    }
}

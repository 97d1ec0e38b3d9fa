internal import KrunWire

extension ClusterCore {
    func metadata(_ request: MetadataRequest, _ context: RequestContext) -> MetadataResponse {
        var response = MetadataResponse()
        response.brokers = nodes.filter(\.isUp).map { node in
            var broker = MetadataResponse.MetadataResponseBroker()
            broker.nodeId = node.id
            broker.host = node.advertisedHost
            broker.port = Int32(node.port)
            broker.rack = node.rack
            return broker
        }
        response.clusterId = clusterID
        response.controllerId = controllerID
        if (8...10).contains(context.version), request.includeClusterAuthorizedOperations {
            response.clusterAuthorizedOperations = AuthorizedOperations.cluster
        }
        // Nothing asked for means everything; in version 0 an empty list does.
        if let wanted = request.topics, !(context.version == 0 && wanted.isEmpty) {
            // Each once, as Kafka does: else a short request could ask for a very long answer.
            var seen: Set<Named> = []
            let once = wanted.filter { seen.insert(Named(name: $0.name, id: $0.topicId)).inserted }
            let creates =
                request.allowAutoTopicCreation && configs.createsTopicsAutomatically
                && mayCreate(once.compactMap(\.name).filter { topics[$0] == nil && TopicName.problem(with: $0) == nil })
            response.topics = once.map { describe($0, request, context, creates: creates) }
        } else {
            response.topics = topics.values.sorted { $0.name < $1.name }.map { describe($0, request) }
        }
        return response
    }

    private struct Named: Hashable {
        let name: String?
        let id: KafkaUUID
    }

    private func describe(
        _ wanted: MetadataRequest.MetadataRequestTopic, _ request: MetadataRequest, _ context: RequestContext,
        creates: Bool
    ) -> MetadataResponse.MetadataResponseTopic {
        var answer = MetadataResponse.MetadataResponseTopic()
        guard let name = wanted.name else {
            if let topic = topicsByID[wanted.topicId] { return describe(topic, request) }
            answer.topicId = wanted.topicId
            answer.name = context.version >= 12 ? nil : ""
            answer.errorCode = .unknownTopicId
            return answer
        }
        if let topic = topics[name] {
            guard let code = context.faults.error(topic: name, partition: nil) else { return describe(topic, request) }
            answer.name = name
            answer.errorCode = code
            return answer
        }
        answer.name = name
        answer.isInternal = InternalTopic.isInternal(name)
        if TopicName.problem(with: name) != nil {
            answer.errorCode = .invalidTopicException
        } else if creates {
            answer.errorCode = createAutomatically(name, client: context.clientID)
            if let topic = topics[name] { return describe(topic, request) }
        } else {
            answer.errorCode = .unknownTopicOrPartition
        }
        return answer
    }

    private func describe(_ topic: Topic, _ request: MetadataRequest) -> MetadataResponse.MetadataResponseTopic {
        var answer = MetadataResponse.MetadataResponseTopic()
        answer.name = topic.name
        answer.topicId = topic.id
        answer.isInternal = InternalTopic.isInternal(topic.name)
        if request.includeTopicAuthorizedOperations { answer.topicAuthorizedOperations = AuthorizedOperations.topic }
        let up = up
        answer.partitions = topic.partitions.map { partition in
            var item = MetadataResponse.MetadataResponsePartition()
            item.errorCode = partition.leader == -1 ? .leaderNotAvailable : .none
            item.partitionIndex = partition.index
            item.leaderId = partition.leader
            item.leaderEpoch = partition.leaderEpoch
            item.replicaNodes = partition.replicas
            item.isrNodes = partition.inSync
            item.offlineReplicas = partition.offlineReplicas(up: up)
            return item
        }
        return answer
    }
}

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

extension ClusterCore {
    func findCoordinator(_ request: FindCoordinatorRequest, _ context: RequestContext) -> FindCoordinatorResponse {
        var response = FindCoordinatorResponse()
        if context.version >= 4 {
            response.coordinators = request.coordinatorKeys.map { coordinator($0, type: request.keyType) }
        } else {
            let found = coordinator(request.key, type: request.keyType)
            response.errorCode = found.errorCode
            response.errorMessage = found.errorMessage
            response.nodeId = found.nodeId
            response.host = found.host
            response.port = found.port
        }
        return response
    }

    private func coordinator(_ key: String, type: Int8) -> FindCoordinatorResponse.Coordinator {
        var answer = FindCoordinatorResponse.Coordinator()
        answer.key = key
        answer.nodeId = -1
        answer.port = -1
        let kind: CoordinatorTable.Kind
        switch type {
        case 0: kind = .group
        case 1: kind = .transaction
        default:
            answer.errorCode = .invalidRequest
            answer.errorMessage = "there is no coordinator of type \(type)"
            return answer
        }
        guard let id = self.coordinator(kind, key), let node = node(id) else {
            answer.errorCode = .coordinatorNotAvailable
            answer.errorMessage = "no broker is available to coordinate it"
            return answer
        }
        answer.nodeId = id
        answer.host = node.advertisedHost
        answer.port = Int32(node.port)
        return answer
    }

    /// Whether this broker coordinates it; others answer NOT_COORDINATOR.
    func coordinates(_ kind: CoordinatorTable.Kind, _ id: String, _ context: RequestContext) -> Bool {
        coordinator(kind, id) == context.broker
    }
}

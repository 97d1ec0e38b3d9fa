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

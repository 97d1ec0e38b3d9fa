internal import KrunWire

extension RequestFacts {
    /// What a request is about, for the rules that tell by it.
    ///
    /// - Parameter topicName: the name of a topic that is named by its id (Fetch v13).
    init(_ request: Request, _ header: RequestHeader, broker: Int32, topicName: (KafkaUUID) -> String?) {
        self.init(kind: RequestKind(rawValue: header.apiKey), broker: broker, client: header.clientId)
        topics = Self.topics(of: request, topicName)
        switch request {
        case .produce(let r): transactionalId = r.transactionalId
        case .findCoordinator(let r):
            let keys = r.coordinatorKeys.isEmpty ? [r.key] : r.coordinatorKeys
            if r.keyType == 0 { group = keys.first } else { transactionalId = keys.first }
        case .joinGroup(let r): (group, member, instance) = (r.groupId, r.memberId, r.groupInstanceId)
        case .consumerGroupHeartbeat(let r): (group, member, instance) = (r.groupId, r.memberId, r.instanceId)
        case .syncGroup(let r): (group, member, instance) = (r.groupId, r.memberId, r.groupInstanceId)
        case .heartbeat(let r): (group, member, instance) = (r.groupId, r.memberId, r.groupInstanceId)
        case .leaveGroup(let r):
            let first = r.members.first
            (group, member, instance) = (r.groupId, first?.memberId ?? r.memberId, first?.groupInstanceId)
        case .offsetCommit(let r): (group, member, instance) = (r.groupId, r.memberId, r.groupInstanceId)
        case .offsetFetch(let r): group = r.groups.first?.groupId ?? r.groupId
        case .offsetDelete(let r): group = r.groupId
        case .describeGroups(let r): group = r.groups.first
        case .deleteGroups(let r): group = r.groupsNames.first
        case .initProducerId(let r): transactionalId = r.transactionalId
        case .addPartitionsToTxn(let r): transactionalId = r.v3AndBelowTransactionalId
        case .addOffsetsToTxn(let r): (transactionalId, group) = (r.transactionalId, r.groupId)
        case .endTxn(let r): transactionalId = r.transactionalId
        case .txnOffsetCommit(let r):
            (transactionalId, group, member, instance) = (r.transactionalId, r.groupId, r.memberId, r.groupInstanceId)
        case .describeTransactions(let r): transactionalId = r.transactionalIds.first
        default: break
        }
    }

    private static func topics(of request: Request, _ topicName: (KafkaUUID) -> String?) -> [Topic] {
        switch request {
        case .produce(let r):
            r.topicData.map { Topic(name: $0.name, partitions: $0.partitionData.map(\.index)) }
        case .fetch(let r):
            r.topics.map { topic in
                let name = topic.topicId == .zero ? topic.topic : topicName(topic.topicId) ?? ""
                return Topic(name: name, partitions: topic.partitions.map(\.partition))
            }
        case .listOffsets(let r):
            r.topics.map { Topic(name: $0.name, partitions: $0.partitions.map(\.partitionIndex)) }
        case .offsetForLeaderEpoch(let r):
            r.topics.map { Topic(name: $0.topic, partitions: $0.partitions.map(\.partition)) }
        case .deleteRecords(let r):
            r.topics.map { Topic(name: $0.name, partitions: $0.partitions.map(\.partitionIndex)) }
        case .metadata(let r):
            (r.topics ?? []).map { Topic(name: $0.name ?? topicName($0.topicId) ?? "", partitions: []) }
        case .createTopics(let r): r.topics.map { Topic(name: $0.name, partitions: []) }
        case .deleteTopics(let r):
            r.topics.map { Topic(name: $0.name ?? topicName($0.topicId) ?? "", partitions: []) }
                + r.topicNames.map { Topic(name: $0, partitions: []) }
        case .createPartitions(let r): r.topics.map { Topic(name: $0.name, partitions: []) }
        case .describeTopicPartitions(let r): r.topics.map { Topic(name: $0.name, partitions: []) }
        case .offsetCommit(let r):
            r.topics.map { Topic(name: $0.name, partitions: $0.partitions.map(\.partitionIndex)) }
        case .txnOffsetCommit(let r):
            r.topics.map { Topic(name: $0.name, partitions: $0.partitions.map(\.partitionIndex)) }
        case .addPartitionsToTxn(let r):
            r.v3AndBelowTopics.map { Topic(name: $0.name, partitions: $0.partitions) }
        case .describeProducers(let r): r.topics.map { Topic(name: $0.name, partitions: $0.partitionIndexes) }
        default: []
        }
    }
}

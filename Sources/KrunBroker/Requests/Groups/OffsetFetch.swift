internal import KrunNames
internal import KrunWire

extension ClusterCore {
    func offsetCommit(_ request: OffsetCommitRequest, _ context: RequestContext) -> OffsetCommitResponse {
        // Offsets of version 0 are kept in ZooKeeper: Kafka takes such a request, and without ZooKeeper has this answer to it.
        if context.version == 0 { return request.response(refusing: .unsupportedVersion, version: 0) }
        var commit = CommitRequest(
            groupId: request.groupId, generation: request.generationIdOrMemberEpoch, memberId: request.memberId,
            instanceId: request.groupInstanceId, offsets: [],
            retentionMilliseconds: request.retentionTimeMs < 0 ? nil : request.retentionTimeMs,
            knowsGroupIdNotFound: context.version >= 9)
        let isOurs = coordinates(.group, request.groupId, context)
        for topic in request.topics where isOurs {
            for item in topic.partitions
            where topics[topic.name]?.partition(item.partitionIndex) != nil
                && context.faults.error(topic: topic.name, partition: item.partitionIndex) == nil
            {
                commit.offsets.append(
                    CommitRequest.Offset(
                        partition: GroupPartition(topic: topic.name, partition: item.partitionIndex),
                        offset: item.committedOffset,
                        leaderEpoch: item.committedLeaderEpoch < 0 ? nil : item.committedLeaderEpoch,
                        metadata: item.committedMetadata,
                        timestamp: item.commitTimestamp < 0 ? nil : item.commitTimestamp))
            }
        }
        var errors: [GroupPartition: ErrorCode] = [:]
        if !commit.offsets.isEmpty {
            let (codes, actions) = groups.commit(commit, now: context.now)
            perform(actions, now: context.now)
            errors = Dictionary(zip(commit.offsets.map(\.partition), codes), uniquingKeysWith: { _, last in last })
        }
        var response = OffsetCommitResponse()
        response.topics = request.topics.map { topic in
            var answers = OffsetCommitResponse.OffsetCommitResponseTopic()
            answers.name = topic.name
            answers.partitions = topic.partitions.map { item in
                var answer = OffsetCommitResponse.OffsetCommitResponsePartition()
                answer.partitionIndex = item.partitionIndex
                let place = GroupPartition(topic: topic.name, partition: item.partitionIndex)
                answer.errorCode =
                    context.faults.error(topic: topic.name, partition: item.partitionIndex) ?? errors[place]
                    ?? (isOurs ? .unknownTopicOrPartition : .notCoordinator)
                return answer
            }
            return answers
        }
        return response
    }
}

extension ClusterCore {
    func offsetFetch(_ request: OffsetFetchRequest, _ context: RequestContext) -> OffsetFetchResponse {
        var response = OffsetFetchResponse()
        guard context.version >= 8 else {
            let wanted = request.topics?.map { ($0.name, $0.partitionIndexes) }
            switch fetchOffsets(request.groupId, wanted, requireStable: request.requireStable, context) {
            case .failure(let failure):
                response.errorCode = failure.code
                // Before version 2 an error has a place in partitions only.
                if context.version < 2 { response.topics = OffsetFetchResponse.failed(wanted ?? [], failure.code) }
            case .success(let found):
                response.topics = found.map { name, offsets in
                    var topic = OffsetFetchResponse.OffsetFetchResponseTopic()
                    topic.name = name
                    topic.partitions = offsets.map(OffsetFetchResponse.OffsetFetchResponsePartition.init)
                    return topic
                }
            }
            return response
        }
        var seen: Set<ExactName> = []
        response.groups = request.groups.filter { seen.insert(ExactName($0.groupId)).inserted }.map { wanted in
            var group = OffsetFetchResponse.OffsetFetchResponseGroup()
            group.groupId = wanted.groupId
            let topics = wanted.topics?.map { ($0.name, $0.partitionIndexes) }
            switch fetchOffsets(wanted.groupId, topics, requireStable: request.requireStable, context) {
            case .failure(let failure): group.errorCode = failure.code
            case .success(let found):
                group.topics = found.map { name, offsets in
                    var topic = OffsetFetchResponse.OffsetFetchResponseTopics()
                    topic.name = name
                    topic.partitions = offsets.map(OffsetFetchResponse.OffsetFetchResponsePartitions.init)
                    return topic
                }
            }
            return group
        }
        return response
    }

    /// What was committed, by topic in the order asked for; nil topics: all that the group has offsets of.
    private func fetchOffsets(
        _ group: String, _ wanted: [(String, [Int32])]?, requireStable: Bool, _ context: RequestContext
    ) -> Result<[(String, [FetchedOffset])], WireFailure> {
        guard coordinates(.group, group, context) else { return .failure(WireFailure(code: .notCoordinator)) }
        guard let wanted else {
            let all = groups.fetchOffsets(group: group, partitions: nil, requireStable: requireStable)
            return .success(
                all.reduce(into: []) { topics, offset in
                    if topics.last?.0 == offset.partition.topic {
                        topics[topics.count - 1].1.append(offset)
                    } else {
                        topics.append((offset.partition.topic, [offset]))
                    }
                })
        }
        // Each once, as groups are: else a short request could ask for a very long answer, of the metadata of one offset.
        var seen: Set<GroupPartition> = []
        return .success(
            wanted.map { name, indexes in
                let partitions = indexes.map { GroupPartition(topic: name, partition: $0) }
                    .filter { seen.insert($0).inserted }
                return (name, groups.fetchOffsets(group: group, partitions: partitions, requireStable: requireStable))
            })
    }
}

extension OffsetFetchResponse {
    /// Of versions in which an error has a place in partitions only.
    static func failed(
        _ wanted: [(String, [Int32])], _ code: ErrorCode
    ) -> [OffsetFetchResponse.OffsetFetchResponseTopic] {
        wanted.map { name, indexes in
            var topic = OffsetFetchResponse.OffsetFetchResponseTopic()
            topic.name = name
            topic.partitions = indexes.map { index in
                OffsetFetchResponse.OffsetFetchResponsePartition(
                    FetchedOffset(partition: GroupPartition(topic: name, partition: index), error: code))
            }
            return topic
        }
    }
}

extension OffsetFetchResponse.OffsetFetchResponsePartition {
    fileprivate init(_ offset: FetchedOffset) {
        self.init()
        partitionIndex = offset.partition.partition
        committedOffset = offset.committed?.offset ?? -1
        committedLeaderEpoch = offset.committed?.leaderEpoch ?? -1
        metadata = offset.committed?.metadata ?? ""
        errorCode = offset.error
    }
}

extension OffsetFetchResponse.OffsetFetchResponsePartitions {
    fileprivate init(_ offset: FetchedOffset) {
        self.init()
        partitionIndex = offset.partition.partition
        committedOffset = offset.committed?.offset ?? -1
        committedLeaderEpoch = offset.committed?.leaderEpoch ?? -1
        metadata = offset.committed?.metadata ?? ""
        errorCode = offset.error
    }
}

extension ClusterCore {
    func offsetDelete(_ request: OffsetDeleteRequest, _ context: RequestContext) -> OffsetDeleteResponse {
        var response = OffsetDeleteResponse()
        guard coordinates(.group, request.groupId, context) else {
            response.errorCode = .notCoordinator
            return response
        }
        let places = request.topics.flatMap { topic in
            topic.partitions.map { GroupPartition(topic: topic.name, partition: $0.partitionIndex) }
        }
        let known = places.filter { topics[$0.topic]?.partition($0.partition) != nil }
        let (answer, actions) = groups.deleteOffsets(group: request.groupId, partitions: known, now: context.now)
        perform(actions, now: context.now)
        response.errorCode = answer.error
        guard answer.error == .none else { return response }
        let errors = Dictionary(zip(known, answer.partitions), uniquingKeysWith: { _, last in last })
        response.topics = request.topics.map { topic in
            var answers = OffsetDeleteResponse.OffsetDeleteResponseTopic()
            answers.name = topic.name
            answers.partitions = topic.partitions.map { wanted in
                var item = OffsetDeleteResponse.OffsetDeleteResponsePartition()
                item.partitionIndex = wanted.partitionIndex
                item.errorCode =
                    errors[GroupPartition(topic: topic.name, partition: wanted.partitionIndex)]
                    ?? .unknownTopicOrPartition
                return item
            }
            return answers
        }
        return response
    }
}

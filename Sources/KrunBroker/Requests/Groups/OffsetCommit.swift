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

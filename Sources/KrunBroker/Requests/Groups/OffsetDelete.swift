internal import KrunWire

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

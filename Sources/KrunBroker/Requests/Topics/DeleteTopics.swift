internal import KrunWire

extension ClusterCore {
    func deleteTopics(_ request: DeleteTopicsRequest, _ context: RequestContext) -> DeleteTopicsResponse {
        var response = DeleteTopicsResponse()
        let wanted =
            context.version >= 6
            ? request.topics
            : request.topicNames.map { name in
                var state = DeleteTopicsRequest.DeleteTopicState()
                state.name = name
                return state
            }
        let names = Dictionary(wanted.compactMap { $0.name.map { ($0, 1) } }, uniquingKeysWith: +)
        let ids = Dictionary(wanted.filter { $0.name == nil }.map { ($0.topicId, 1) }, uniquingKeysWith: +)
        var doomed: [Topic] = []
        // What is named twice is answered once.
        var answered: Set<DeletedName> = []
        for item in wanted {
            let name = DeletedName(name: item.name, id: item.name == nil ? item.topicId : .zero)
            let isRepeated = item.name.map { names[$0, default: 0] > 1 } ?? (item.topicId != .zero)
            guard answered.insert(name).inserted || !isRepeated else { continue }
            var answer = DeleteTopicsResponse.DeletableTopicResult()
            answer.name = item.name
            answer.topicId = item.topicId
            do throws(RequestProblem) {
                let topic = try topic(of: item, names: names, ids: ids)
                if let code = context.faults.error(topic: topic.name, partition: nil) { throw RequestProblem(code) }
                guard configs.deletesTopics else {
                    throw RequestProblem(
                        context.version < 3 ? .invalidRequest : .topicDeletionDisabled, "Topic deletion is disabled.")
                }
                try refuseInternal(topic.name)
                answer.name = topic.name
                answer.topicId = topic.id
                doomed.append(topic)
            } catch {
                answer.errorCode = error.code
                answer.errorMessage = error.message
            }
            response.responses.append(answer)
        }
        for topic in doomed where topics[topic.name] === topic { deleteTopic(topic, client: context.clientID) }
        return response
    }

    private struct DeletedName: Hashable {
        let name: String?
        let id: KafkaUUID
    }

    private func topic(
        of item: DeleteTopicsRequest.DeleteTopicState, names: [String: Int], ids: [KafkaUUID: Int]
    ) throws(RequestProblem) -> Topic {
        if let name = item.name {
            if item.topicId != .zero {
                throw RequestProblem(.invalidRequest, "You may not specify both topic name and topic id.")
            }
            if names[name, default: 0] > 1 {
                throw RequestProblem(.invalidRequest, "Duplicate topic name.")
            }
            guard let topic = topics[name] else {
                throw RequestProblem(.unknownTopicOrPartition, "This server does not host this topic-partition.")
            }
            return topic
        }
        if item.topicId == .zero {
            throw RequestProblem(.invalidRequest, "Neither topic name nor id were specified.")
        }
        if ids[item.topicId, default: 0] > 1 {
            throw RequestProblem(.invalidRequest, "Duplicate topic id.")
        }
        guard let topic = topicsByID[item.topicId] else {
            throw RequestProblem(.unknownTopicId, "This server does not host this topic ID.")
        }
        return topic
    }
}

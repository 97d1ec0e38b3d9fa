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
        var doomed: [(topic: Topic, answer: Int)] = []
        for item in wanted {
            var answer = DeleteTopicsResponse.DeletableTopicResult()
            answer.name = item.name
            answer.topicId = item.topicId
            do throws(RequestProblem) {
                let topic = try topic(of: item, among: wanted)
                if let code = context.faults.error(topic: topic.name, partition: nil) { throw RequestProblem(code) }
                guard configs.deletesTopics else {
                    throw RequestProblem(
                        context.version < 3 ? .invalidRequest : .topicDeletionDisabled, "Topic deletion is disabled.")
                }
                answer.name = topic.name
                answer.topicId = topic.id
                doomed.append((topic, response.responses.count))
            } catch {
                answer.errorCode = error.code
                answer.errorMessage = error.message
            }
            response.responses.append(answer)
        }
        for (topic, _) in doomed where topics[topic.name] === topic { deleteTopic(topic) }
        return response
    }

    private func topic(
        of item: DeleteTopicsRequest.DeleteTopicState, among all: [DeleteTopicsRequest.DeleteTopicState]
    ) throws(RequestProblem) -> Topic {
        if let name = item.name {
            if item.topicId != .zero {
                throw RequestProblem(.invalidRequest, "Can't specify both topic name and ID.")
            }
            if all.count(where: { $0.name == name }) > 1 {
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
        if all.count(where: { $0.name == nil && $0.topicId == item.topicId }) > 1 {
            throw RequestProblem(.invalidRequest, "Duplicate topic id.")
        }
        guard let topic = topicsByID[item.topicId] else {
            throw RequestProblem(.unknownTopicId, "This server does not host this topic ID.")
        }
        return topic
    }
}

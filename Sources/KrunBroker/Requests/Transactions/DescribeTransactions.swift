internal import KrunNames
internal import KrunWire

extension ClusterCore {
    func describeTransactions(
        _ request: DescribeTransactionsRequest, _ context: RequestContext
    ) -> DescribeTransactionsResponse {
        var response = DescribeTransactionsResponse()
        // Each once: else a short request could ask for a very long answer.
        var seen: Set<ExactName> = []
        let ids = request.transactionalIds.filter { seen.insert(ExactName($0)).inserted }
        response.transactionStates = transactions.describe(ids).map { description in
            var state = DescribeTransactionsResponse.TransactionState()
            state.transactionalId = description.transactionalId
            guard coordinates(.transaction, description.transactionalId, context) else {
                state.errorCode = .notCoordinator
                return state
            }
            state.errorCode = description.errorCode
            state.transactionState = description.state
            state.transactionTimeoutMs = description.timeoutMilliseconds
            state.transactionStartTimeMs = description.startMilliseconds
            state.producerId = description.producerId
            state.producerEpoch = description.producerEpoch
            state.topics = description.byTopic.map { name, partitions in
                var topic = DescribeTransactionsResponse.TopicData()
                topic.topic = name
                topic.partitions = partitions
                return topic
            }
            return state
        }
        return response
    }
}

extension TransactionDescription {
    /// Its partitions, which are in order, by their topics.
    fileprivate var byTopic: [(String, [Int32])] {
        partitions.reduce(into: [(String, [Int32])]()) { topics, place in
            if topics.last?.0 == place.topic {
                topics[topics.count - 1].1.append(place.partition)
            } else {
                topics.append((place.topic, [place.partition]))
            }
        }
    }
}

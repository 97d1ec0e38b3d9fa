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

extension ClusterCore {
    /// Those that this broker coordinates; a client asks every broker.
    func listTransactions(_ request: ListTransactionsRequest, _ context: RequestContext) -> ListTransactionsResponse {
        var response = ListTransactionsResponse()
        let listing = transactions.list(
            states: request.stateFilters, producerIds: request.producerIdFilters,
            longerThanMilliseconds: request.durationFilter, now: context.now)
        response.unknownStateFilters = listing.unknownStateFilters
        response.transactionStates =
            listing.transactions.filter { coordinates(.transaction, $0.transactionalId, context) }.map { entry in
                var state = ListTransactionsResponse.TransactionState()
                state.transactionalId = entry.transactionalId
                state.producerId = entry.producerId
                state.transactionState = entry.state
                return state
            }
        return response
    }
}

extension ClusterCore {
    func describeProducers(_ request: DescribeProducersRequest, _ context: RequestContext) -> DescribeProducersResponse
    {
        var response = DescribeProducersResponse()
        // Each once: else a short request could ask for a very long answer.
        var seen: Set<GroupPartition> = []
        response.topics = request.topics.map { topic in
            var answers = DescribeProducersResponse.TopicResponse()
            answers.name = topic.name
            let indexes = topic.partitionIndexes.filter {
                seen.insert(GroupPartition(topic: topic.name, partition: $0)).inserted
            }
            answers.partitions = indexes.map { index in
                var answer = DescribeProducersResponse.PartitionResponse()
                answer.partitionIndex = index
                if let code = context.faults.error(topic: topic.name, partition: index) {
                    answer.errorCode = code
                    return answer
                }
                switch leading(topic.name, index, on: context.broker) {
                case .failure(let failure): answer.errorCode = failure.code
                case .success(let partition):
                    answer.activeProducers = partition.log.describeProducers().map(
                        DescribeProducersResponse.ProducerState.init)
                }
                return answer
            }
            return answers
        }
        return response
    }
}

extension DescribeProducersResponse.ProducerState {
    init(_ producer: ProducerState) {
        self.init()
        producerId = producer.producerId
        producerEpoch = Int32(producer.producerEpoch)
        lastSequence = producer.lastSequence
        lastTimestamp = producer.lastTimestamp
        coordinatorEpoch = producer.coordinatorEpoch
        currentTxnStartOffset = producer.currentTransactionFirstOffset ?? -1
    }
}

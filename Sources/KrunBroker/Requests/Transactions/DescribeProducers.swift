internal import KrunWire

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

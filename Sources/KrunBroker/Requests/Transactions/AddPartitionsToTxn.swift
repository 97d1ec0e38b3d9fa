internal import KrunWire

extension ClusterCore {
    func addPartitionsToTxn(_ request: AddPartitionsToTxnRequest, _ context: RequestContext)
        -> AddPartitionsToTxnResponse
    {
        var response = AddPartitionsToTxnResponse()
        let partitions = request.v3AndBelowTopics.flatMap { topic in
            topic.partitions.map { TransactionPartition(topic: topic.name, partition: $0) }
        }
        let code: (TransactionPartition) -> ErrorCode
        if let problem = coordinatorProblem(ofTransaction: request.v3AndBelowTransactionalId, context) {
            code = { _ in problem }
        } else {
            var bad: [TransactionPartition: ErrorCode] = [:]
            for place in partitions {
                let known = topics[place.topic]?.partition(place.partition) != nil
                bad[place] =
                    context.faults.error(topic: place.topic, partition: place.partition)
                    ?? (known ? nil : .unknownTopicOrPartition)
            }
            if bad.isEmpty {
                let answer = transactions.addPartitions(
                    partitions, transactionalId: request.v3AndBelowTransactionalId,
                    producerId: request.v3AndBelowProducerId, producerEpoch: request.v3AndBelowProducerEpoch,
                    apiVersion: context.version, now: context.now)
                perform(answer.actions, now: context.now)
                code = { _ in answer.errorCode }
            } else {
                // All or none: the good ones are told that others were not.
                code = { bad[$0] ?? .operationNotAttempted }
            }
        }
        response.resultsByTopicV3AndBelow = request.v3AndBelowTopics.map { topic in
            var result = AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult()
            result.name = topic.name
            result.resultsByPartition = topic.partitions.map { index in
                var item = AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult()
                item.partitionIndex = index
                item.partitionErrorCode = code(TransactionPartition(topic: topic.name, partition: index))
                return item
            }
            return result
        }
        return response
    }
}

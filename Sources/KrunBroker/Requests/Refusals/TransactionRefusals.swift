internal import KrunWire

extension InitProducerIdRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> InitProducerIdResponse {
        var response = InitProducerIdResponse()
        response.errorCode = code
        response.producerId = -1
        response.producerEpoch = -1
        return response
    }
}

extension AddPartitionsToTxnRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> AddPartitionsToTxnResponse {
        var response = AddPartitionsToTxnResponse()
        response.resultsByTopicV3AndBelow = v3AndBelowTopics.map { topic in
            var result = AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult()
            result.name = topic.name
            result.resultsByPartition = topic.partitions.map { index in
                var item = AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult()
                item.partitionIndex = index
                item.partitionErrorCode = code
                return item
            }
            return result
        }
        return response
    }
}

extension AddOffsetsToTxnRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> AddOffsetsToTxnResponse {
        var response = AddOffsetsToTxnResponse()
        response.errorCode = code
        return response
    }
}

extension EndTxnRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> EndTxnResponse {
        var response = EndTxnResponse()
        response.errorCode = code
        return response
    }
}

extension TxnOffsetCommitRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> TxnOffsetCommitResponse {
        var response = TxnOffsetCommitResponse()
        response.topics = topics.map { topic in
            var answers = TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic()
            answers.name = topic.name
            answers.partitions = topic.partitions.map { partition in
                var answer = TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition()
                answer.partitionIndex = partition.partitionIndex
                answer.errorCode = code
                return answer
            }
            return answers
        }
        return response
    }
}

extension DescribeProducersRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> DescribeProducersResponse {
        var response = DescribeProducersResponse()
        response.topics = topics.map { topic in
            var answers = DescribeProducersResponse.TopicResponse()
            answers.name = topic.name
            answers.partitions = topic.partitionIndexes.map { index in
                var answer = DescribeProducersResponse.PartitionResponse()
                answer.partitionIndex = index
                answer.errorCode = code
                return answer
            }
            return answers
        }
        return response
    }
}

extension ListTransactionsRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> ListTransactionsResponse {
        var response = ListTransactionsResponse()
        response.errorCode = code
        return response
    }
}

extension DescribeTransactionsRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> DescribeTransactionsResponse {
        var response = DescribeTransactionsResponse()
        response.transactionStates = transactionalIds.map { id in
            var state = DescribeTransactionsResponse.TransactionState()
            state.transactionalId = id
            state.errorCode = code
            return state
        }
        return response
    }
}

internal import KrunWire
internal import NIOCore

extension ProduceRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> ProduceResponse {
        var response = ProduceResponse()
        response.responses = topicData.map { topic in
            var answers = ProduceResponse.TopicProduceResponse()
            answers.name = topic.name
            answers.partitionResponses = topic.partitionData.map { partition in
                var answer = ProduceResponse.PartitionProduceResponse()
                answer.index = partition.index
                answer.errorCode = code
                answer.baseOffset = -1
                return answer
            }
            return answers
        }
        return response
    }
}

extension FetchRequest: RefusableRequest {
    /// In every partition; at the top it would be about the fetch session (KIP-227).
    func response(refusing code: ErrorCode, version: Int16) -> FetchResponse {
        var response = FetchResponse()
        response.responses = topics.map { topic in
            var answers = FetchResponse.FetchableTopicResponse()
            answers.topic = topic.topic
            answers.topicId = topic.topicId
            answers.partitions = topic.partitions.map { partition in
                var answer = FetchResponse.PartitionData()
                answer.partitionIndex = partition.partition
                answer.errorCode = code
                answer.highWatermark = -1
                answer.records = ByteBuffer()
                return answer
            }
            return answers
        }
        return response
    }
}

extension ListOffsetsRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> ListOffsetsResponse {
        var response = ListOffsetsResponse()
        response.topics = topics.map { topic in
            var answers = ListOffsetsResponse.ListOffsetsTopicResponse()
            answers.name = topic.name
            answers.partitions = topic.partitions.map { partition in
                var answer = ListOffsetsResponse.ListOffsetsPartitionResponse()
                answer.partitionIndex = partition.partitionIndex
                answer.errorCode = code
                return answer
            }
            return answers
        }
        return response
    }
}

extension OffsetForLeaderEpochRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> OffsetForLeaderEpochResponse {
        var response = OffsetForLeaderEpochResponse()
        response.topics = topics.map { topic in
            var answers = OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult()
            answers.topic = topic.topic
            answers.partitions = topic.partitions.map { partition in
                var answer = OffsetForLeaderEpochResponse.EpochEndOffset()
                answer.partition = partition.partition
                answer.errorCode = code
                return answer
            }
            return answers
        }
        return response
    }
}

extension DeleteRecordsRequest: RefusableRequest {
    func response(refusing code: ErrorCode, version: Int16) -> DeleteRecordsResponse {
        var response = DeleteRecordsResponse()
        response.topics = topics.map { topic in
            var answers = DeleteRecordsResponse.DeleteRecordsTopicResult()
            answers.name = topic.name
            answers.partitions = topic.partitions.map { partition in
                var answer = DeleteRecordsResponse.DeleteRecordsPartitionResult()
                answer.partitionIndex = partition.partitionIndex
                answer.lowWatermark = -1
                answer.errorCode = code
                return answer
            }
            return answers
        }
        return response
    }
}

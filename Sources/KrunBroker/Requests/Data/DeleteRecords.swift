internal import KrunWire

extension ClusterCore {
    func deleteRecords(_ request: DeleteRecordsRequest, _ context: RequestContext) -> DeleteRecordsResponse {
        var response = DeleteRecordsResponse()
        for topic in request.topics {
            var answers = DeleteRecordsResponse.DeleteRecordsTopicResult()
            answers.name = topic.name
            answers.partitions = topic.partitions.map { wanted in
                var answer = DeleteRecordsResponse.DeleteRecordsPartitionResult()
                answer.partitionIndex = wanted.partitionIndex
                answer.lowWatermark = -1
                if let code = context.faults.error(topic: topic.name, partition: wanted.partitionIndex) {
                    answer.errorCode = code
                    return answer
                }
                switch leading(topic.name, wanted.partitionIndex, on: context.broker) {
                case .failure(let failure): answer.errorCode = failure.code
                case .success(let partition):
                    do throws(LogError) {
                        answer.lowWatermark = try partition.log.deleteRecords(before: wanted.offset)
                        touch(partition)
                        tell(
                            .recordsDeleted(
                                topic: topic.name, partition: partition.index, before: answer.lowWatermark,
                                client: context.clientID))
                    } catch {
                        answer.errorCode = error.code
                    }
                }
                return answer
            }
            response.topics.append(answers)
        }
        return response
    }
}

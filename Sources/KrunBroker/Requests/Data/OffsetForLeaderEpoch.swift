internal import KrunWire

extension ClusterCore {
    /// Where the records of a leader epoch end (KIP-101, KIP-320).
    func offsetForLeaderEpoch(
        _ request: OffsetForLeaderEpochRequest, _ context: RequestContext
    ) -> OffsetForLeaderEpochResponse {
        var response = OffsetForLeaderEpochResponse()
        for topic in request.topics {
            var answers = OffsetForLeaderEpochResponse.OffsetForLeaderTopicResult()
            answers.topic = topic.topic
            answers.partitions = topic.partitions.map { wanted in
                var answer = OffsetForLeaderEpochResponse.EpochEndOffset()
                answer.partition = wanted.partition
                if let code = context.faults.error(topic: topic.topic, partition: wanted.partition) {
                    answer.errorCode = code
                    return answer
                }
                switch leading(
                    topic.topic, wanted.partition, on: context.broker, leaderEpoch: wanted.currentLeaderEpoch)
                {
                case .failure(let failure): answer.errorCode = failure.code
                case .success(let partition):
                    let end = partition.log.endOffset(forLeaderEpoch: wanted.leaderEpoch)
                    answer.leaderEpoch = end.leaderEpoch
                    answer.endOffset = end.endOffset
                }
                return answer
            }
            response.topics.append(answers)
        }
        return response
    }
}

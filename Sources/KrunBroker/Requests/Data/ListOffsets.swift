internal import KrunWire

extension ClusterCore {
    func listOffsets(
        _ request: ListOffsetsRequest, _ context: RequestContext, then done: @escaping (ListOffsetsResponse) -> Void
    ) {
        var response = ListOffsetsResponse()
        response.topics = request.topics.map { topic in
            var answers = ListOffsetsResponse.ListOffsetsTopicResponse()
            answers.name = topic.name
            return answers
        }
        let counts = Dictionary(
            request.topics.flatMap { topic in
                topic.partitions.map { (GroupPartition(topic: topic.name, partition: $0.partitionIndex), 1) }
            }, uniquingKeysWith: +)
        var rest = NestedIndices(request.topics.map(\.partitions.count))
        work {
            guard let (topic, partition) = rest.next() else { return false }
            let (name, wanted) = (request.topics[topic].name, request.topics[topic].partitions[partition])
            let isNamedOnce = counts[GroupPartition(topic: name, partition: wanted.partitionIndex)] == 1
            response.topics[topic].partitions.append(
                self.answer(wanted, of: name, isNamedOnce: isNamedOnce, request, context))
            return !rest.isAtEnd
        } then: {
            done(response)
        }
    }

    private func answer(
        _ wanted: ListOffsetsRequest.ListOffsetsPartition, of topic: String, isNamedOnce: Bool,
        _ request: ListOffsetsRequest, _ context: RequestContext
    ) -> ListOffsetsResponse.ListOffsetsPartitionResponse {
        var answer = ListOffsetsResponse.ListOffsetsPartitionResponse()
        answer.partitionIndex = wanted.partitionIndex
        if !isNamedOnce {
            answer.errorCode = .invalidRequest
        } else if !Self.isKnown(timestamp: wanted.timestamp, version: context.version) {
            answer.errorCode = .unsupportedVersion
        } else if let code = context.faults.error(topic: topic, partition: wanted.partitionIndex) {
            answer.errorCode = code
        } else {
            switch leading(topic, wanted.partitionIndex, on: context.broker, leaderEpoch: wanted.currentLeaderEpoch) {
            case .failure(let failure): answer.errorCode = failure.code
            case .success(let partition):
                let isCommitted = request.isolationLevel == 1
                lookUp(wanted.timestamp, isCommitted: isCommitted, in: partition, context.version, &answer)
            }
        }
        return answer
    }

    private static func isKnown(timestamp: Int64, version: Int16) -> Bool {
        switch timestamp {
        case 0..., -1, -2: true
        case -3: version >= 7
        case -4: version >= 8
        case -5: version >= 9
        default: false
        }
    }

    /// Timestamps below zero have a meaning of their own (KIP-79, KIP-734, KIP-405).
    private func lookUp(
        _ timestamp: Int64, isCommitted: Bool, in partition: Partition, _ version: Int16,
        _ answer: inout ListOffsetsResponse.ListOffsetsPartitionResponse
    ) {
        // Without a query: tiered storage, of which there is none here.
        guard let query = LogOffsetQuery(wireTimestamp: timestamp) else { return }
        guard let found = partition.log.offset(for: query, isolation: isCommitted ? .lastStable : .highWatermark) else {
            return
        }
        answer.offset = found.offset
        answer.timestamp = found.timestamp
        if version >= 4 { answer.leaderEpoch = query == .latest ? partition.leaderEpoch : found.leaderEpoch }
    }
}

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

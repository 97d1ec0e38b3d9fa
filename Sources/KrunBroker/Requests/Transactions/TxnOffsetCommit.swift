internal import KrunWire

extension ClusterCore {
    func txnOffsetCommit(_ request: TxnOffsetCommitRequest, _ context: RequestContext) -> TxnOffsetCommitResponse {
        var commit = CommitRequest(
            groupId: request.groupId, generation: request.generationId, memberId: request.memberId,
            instanceId: request.groupInstanceId, offsets: [])
        var refusal = ErrorCode.none
        if !coordinates(.group, request.groupId, context) {
            refusal = .notCoordinator
        } else {
            refusal = offsetCommitError(
                transactions.verify(
                    group: request.groupId, transactionalId: request.transactionalId, producerId: request.producerId,
                    producerEpoch: request.producerEpoch), context.version)
        }
        for topic in request.topics where refusal == .none {
            for item in topic.partitions
            where topics[topic.name]?.partition(item.partitionIndex) != nil
                && context.faults.error(topic: topic.name, partition: item.partitionIndex) == nil
            {
                commit.offsets.append(
                    CommitRequest.Offset(
                        partition: GroupPartition(topic: topic.name, partition: item.partitionIndex),
                        offset: item.committedOffset,
                        leaderEpoch: item.committedLeaderEpoch < 0 ? nil : item.committedLeaderEpoch,
                        metadata: item.committedMetadata))
            }
        }
        var errors: [GroupPartition: ErrorCode] = [:]
        if !commit.offsets.isEmpty {
            let (codes, actions) = groups.commitTransactional(
                commit, producerId: request.producerId, now: context.now)
            perform(actions, now: context.now)
            errors = Dictionary(zip(commit.offsets.map(\.partition), codes), uniquingKeysWith: { _, last in last })
        }
        var response = TxnOffsetCommitResponse()
        response.topics = request.topics.map { topic in
            var answers = TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic()
            answers.name = topic.name
            answers.partitions = topic.partitions.map { item in
                var answer = TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition()
                answer.partitionIndex = item.partitionIndex
                let place = GroupPartition(topic: topic.name, partition: item.partitionIndex)
                answer.errorCode =
                    context.faults.error(topic: topic.name, partition: item.partitionIndex) ?? errors[place]
                    ?? (refusal != .none ? refusal : .unknownTopicOrPartition)
                return answer
            }
            return answers
        }
        return response
    }

    /// A failed look at the transaction, in codes that a producer of that version can handle (KIP-890, part 1).
    private func offsetCommitError(_ code: ErrorCode, _ version: Int16) -> ErrorCode {
        switch code {
        case .producerFenced: .invalidProducerEpoch
        case .transactionAbortable: version >= 4 ? .transactionAbortable : .invalidTxnState
        case .concurrentTransactions: .coordinatorLoadInProgress
        default: code
        }
    }
}

internal import KrunWire

extension ClusterCore {
    func initProducerId(_ request: InitProducerIdRequest, _ context: RequestContext) -> InitProducerIdResponse {
        var response = InitProducerIdResponse()
        response.producerEpoch = -1
        if let id = request.transactionalId, !id.isEmpty, let problem = coordinatorProblem(ofTransaction: id, context) {
            response.errorCode = problem
            return response
        }
        let answer = transactions.initProducerId(
            transactionalId: request.transactionalId, timeoutMilliseconds: request.transactionTimeoutMs,
            producerId: request.producerId, producerEpoch: request.producerEpoch, apiVersion: context.version,
            now: context.now)
        perform(answer.actions, now: context.now)
        response.errorCode = answer.errorCode
        response.producerId = answer.producerId
        response.producerEpoch = answer.producerEpoch
        return response
    }
}

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

extension ClusterCore {
    func addOffsetsToTxn(_ request: AddOffsetsToTxnRequest, _ context: RequestContext) -> AddOffsetsToTxnResponse {
        var response = AddOffsetsToTxnResponse()
        if let problem = coordinatorProblem(ofTransaction: request.transactionalId, context) {
            response.errorCode = problem
            return response
        }
        let answer = transactions.addOffsets(
            group: request.groupId, transactionalId: request.transactionalId, producerId: request.producerId,
            producerEpoch: request.producerEpoch, apiVersion: context.version, now: context.now)
        perform(answer.actions, now: context.now)
        response.errorCode = answer.errorCode
        return response
    }
}

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

extension ClusterCore {
    func endTxn(_ request: EndTxnRequest, _ context: RequestContext) -> EndTxnResponse {
        var response = EndTxnResponse()
        if let problem = coordinatorProblem(ofTransaction: request.transactionalId, context) {
            response.errorCode = problem
            return response
        }
        let answer = transactions.endTransaction(
            transactionalId: request.transactionalId, producerId: request.producerId,
            producerEpoch: request.producerEpoch, commit: request.committed, apiVersion: context.version,
            now: context.now)
        perform(answer.actions, now: context.now)
        response.errorCode = answer.errorCode
        return response
    }
}

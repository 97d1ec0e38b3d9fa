internal import KrunWire
internal import NIOCore

extension ClusterCore {
    /// Appends the batches of a request, each on its own: a partition's error does not keep the others from theirs.
    func produce(_ request: ProduceRequest, _ context: RequestContext, then done: @escaping (ProduceResponse) -> Void) {
        var response = ProduceResponse()
        response.responses = request.topicData.map { topic in
            var answers = ProduceResponse.TopicProduceResponse()
            answers.name = topic.name
            answers.partitionResponses.reserveCapacity(topic.partitionData.count)
            return answers
        }
        // Of the request as a whole, too: a batch of a few compressed bytes can have a thousand of them.
        var errorsLeft = BatchValidator.maxRecordErrors
        var rest = NestedIndices(request.topicData.map(\.partitionData.count))
        work {
            guard let (topic, partition) = rest.next() else { return false }
            let (name, data) = (request.topicData[topic].name, request.topicData[topic].partitionData[partition])
            var answer: ProduceResponse.PartitionProduceResponse
            if (-1...1).contains(request.acks) {
                answer = self.append(data, topic: name, request, context)
            } else {
                answer = ProduceResponse.PartitionProduceResponse()
                answer.errorCode = .invalidRequiredAcks
                answer.baseOffset = -1
            }
            answer.index = data.index
            answer.recordErrors = Array(answer.recordErrors.prefix(errorsLeft))
            errorsLeft -= answer.recordErrors.count
            if answer.errorCode == .notLeaderOrFollower, context.version >= 10 {
                self.tellLeader(name, &answer, &response)
            }
            response.responses[topic].partitionResponses.append(answer)
            return !rest.isAtEnd
        } then: {
            done(response)
        }
    }

    private func append(
        _ data: ProduceRequest.PartitionProduceData, topic: String, _ request: ProduceRequest, _ context: RequestContext
    ) -> ProduceResponse.PartitionProduceResponse {
        var answer = ProduceResponse.PartitionProduceResponse()
        answer.baseOffset = -1
        if let code = context.faults.error(topic: topic, partition: data.index) {
            answer.errorCode = code
            return answer
        }
        let partition: Partition
        switch leading(topic, data.index, on: context.broker) {
        case .failure(let failure):
            answer.errorCode = failure.code
            return answer
        case .success(let found): partition = found
        }
        if InternalTopic.isInternal(topic) {
            answer.errorCode = .invalidTopicException
            answer.errorMessage = "Cannot append to internal topic \(topic)"
            return answer
        }
        if request.acks == -1,
            // More in-sync replicas than there are replicas are not asked for.
            partition.inSync.count < min(Int(partition.settings.minimumInSyncReplicas), partition.replicas.count)
        {
            answer.errorCode = .notEnoughReplicas
            answer.logStartOffset = partition.log.logStartOffset
            return answer
        }
        do {
            let (result, header) = try (data.records ?? ByteBuffer()).withUnsafeReadableBytes { bytes in
                Result { () throws(LogError) in
                    let header = RecordBatchHeader(peekingAt: bytes)
                    if let header, header.isTransactional {
                        try verifyTransaction(of: header, topic: topic, partition: data.index, request, context)
                    }
                    return (
                        try partition.log.append(
                            bytes, leaderEpoch: partition.leaderEpoch, now: context.now,
                            produceVersion: context.version), header
                    )
                }
            }.get()
            answer.baseOffset = result.baseOffset
            answer.logAppendTimeMs = result.logAppendTime
            answer.logStartOffset = result.logStartOffset
            if !result.isDuplicate {
                tell(
                    .recordsAppended(
                        BrokerEvent.AppendedRecords(
                            topic: topic, partition: data.index, baseOffset: result.baseOffset,
                            count: result.recordCount, bytes: result.storedBytes,
                            producerId: header.flatMap { $0.hasProducerId ? $0.producerId : nil })))
                touch(partition)
            }
        } catch {
            answer.errorCode = error.code
            answer.errorMessage = error.message
            answer.recordErrors = error.recordErrors.map { problem in
                var item = ProduceResponse.BatchIndexAndErrorMessage()
                item.batchIndex = problem.batchIndex
                item.batchIndexErrorMessage = problem.message
                return item
            }
            if error.exceedsMemory {
                tell(.memoryLimitReached(topic: topic, partition: data.index, limit: memory.limit))
            }
        }
        return answer
    }

    /// A transactional batch needs a transaction that its partition was added to (KIP-890, part 1).
    private func verifyTransaction(
        of header: RecordBatchHeader, topic: String, partition: Int32, _ request: ProduceRequest,
        _ context: RequestContext
    ) throws(LogError) {
        guard let id = request.transactionalId else {
            throw LogError(.transactionalIdAuthorizationFailed, "Transactional records need a transactional id.")
        }
        guard configs.settings(of: context.broker).verifiesTransactionPartitions else { return }
        let code = transactions.produceError(
            TransactionPartition(topic: topic, partition: partition), transactionalId: id,
            producerId: header.producerId, producerEpoch: header.producerEpoch, produceVersion: context.version)
        if code != .none { throw LogError(code, "\(topic)-\(partition) is not in the transaction of \(id).") }
    }

    /// Where the leader is (KIP-951), for clients that can be told.
    private func tellLeader(
        _ topic: String, _ answer: inout ProduceResponse.PartitionProduceResponse, _ response: inout ProduceResponse
    ) {
        guard let partition = topics[topic]?.partition(answer.index), let node = node(partition.leader) else { return }
        answer.currentLeader.leaderId = partition.leader
        answer.currentLeader.leaderEpoch = partition.leaderEpoch
        guard !response.nodeEndpoints.contains(where: { $0.nodeId == node.id }) else { return }
        var endpoint = ProduceResponse.NodeEndpoint()
        endpoint.nodeId = node.id
        endpoint.host = node.advertisedHost
        endpoint.port = Int32(node.port)
        endpoint.rack = node.rack
        response.nodeEndpoints.append(endpoint)
    }
}

internal import KrunWire
internal import NIOCore

extension ClusterCore {
    /// Answers at once if there is enough to read, or an error; otherwise when there is, or when `maxWaitMs` have passed.
    ///
    /// Fetch sessions (KIP-227) are declined: every answer has session 0, so every request names all its partitions. Only one that
    /// goes on with a session, as an epoch above 0 says, is refused.
    func fetch(_ request: FetchRequest, _ context: RequestContext, reply: @escaping (FetchResponse) -> Void) {
        if request.sessionEpoch > 0 {
            var response = FetchResponse()
            response.errorCode = .fetchSessionIdNotFound
            return reply(response)
        }
        let plan = FetchPlan(request, context, core: self)
        if plan.isComplete || request.maxWaitMs <= 0 || plan.partitions.isEmpty {
            return reply(plan.response())
        }
        let delayed = DelayedFetch(
            id: nextNumber(), request: request, context: context, partitions: plan.partitions, reply: reply)
        context.connection.waitingFetch = delayed
        let wait = TimeAmount.milliseconds(Int64(request.maxWaitMs))
        delayed.timer = loop.assumeIsolated().scheduleTask(in: wait) { [weak self] in
            guard let self else { return }
            delayed.end(with: FetchPlan(request, context, core: self).response())
        }
    }

    /// Fetches that wait for this partition are looked at once the request being served is done.
    func touch(_ partition: Partition) {
        for (id, fetch) in partition.waiting { touchedFetches[id] = fetch }
    }

    /// Answers those of the touched fetches for which there is enough now.
    func finishTouchedFetches() {
        while let (id, fetch) = touchedFetches.first {
            touchedFetches[id] = nil
            guard !fetch.context.connection.isClosed else {
                fetch.end(with: nil)
                continue
            }
            let plan = FetchPlan(fetch.request, fetch.context, core: self)
            if plan.isComplete { fetch.end(with: plan.response()) }
        }
    }
}

/// What a Fetch would be answered with now: found first, copied only when it is sent.
struct FetchPlan {
    fileprivate struct Part {
        let request: FetchRequest.FetchPartition
        let partition: Partition?
        var error = ErrorCode.none
        var slice: LogSlice?
        var diverging: FetchResponse.EpochEndOffset?
    }

    private let request: FetchRequest
    private let core: ClusterCore
    fileprivate var parts: [Part] = []
    private let version: Int16
    private var byteCount = 0
    private var hasError = false
    /// `min.bytes`, or as much as an answer may take now if that is less.
    private let enough: Int

    init(_ request: FetchRequest, _ context: RequestContext, core: ClusterCore) {
        self.request = request
        self.core = core
        version = context.version
        var bytesLeft = min(Int(max(0, request.maxBytes)), core.fetchAllowance)
        enough = min(Int(request.minBytes), bytesLeft)
        for item in request.topics {
            let topic = context.version >= 13 ? core.topicsByID[item.topicId] : core.topics[item.topic]
            for wanted in item.partitions {
                var part = Part(request: wanted, partition: topic?.partition(wanted.partition))
                part.find(in: topic, request, context, core: core, bytesLeft: bytesLeft, isFirst: byteCount == 0)
                let found = part.slice?.count ?? 0
                byteCount += found
                bytesLeft = max(0, bytesLeft - found)
                if part.error != .none || part.diverging != nil { hasError = true }
                parts.append(part)
            }
        }
    }

    /// Whether there is nothing to wait for.
    var isComplete: Bool { hasError || byteCount >= enough || parts.isEmpty }
    var partitions: [Partition] { parts.compactMap(\.partition) }

    func response() -> FetchResponse {
        var response = FetchResponse()
        // The parts are in the order of the request's topics.
        var rest = parts[...]
        for item in request.topics {
            var answer = FetchResponse.FetchableTopicResponse()
            answer.topic = item.topic
            answer.topicId = item.topicId
            answer.partitions.reserveCapacity(item.partitions.count)
            for part in rest.prefix(item.partitions.count) {
                answer.partitions.append(part.response(isolationLevel: request.isolationLevel))
                if part.error == .notLeaderOrFollower || part.error == .fencedLeaderEpoch {
                    tellLeader(part, &answer, &response)
                }
            }
            rest = rest.dropFirst(item.partitions.count)
            response.responses.append(answer)
        }
        return response
    }

    /// Where the leader is (KIP-951), for clients that can be told.
    private func tellLeader(
        _ part: Part, _ answer: inout FetchResponse.FetchableTopicResponse, _ response: inout FetchResponse
    ) {
        guard version >= 12, let partition = part.partition, let node = core.node(partition.leader) else { return }
        answer.partitions[answer.partitions.count - 1].currentLeader.leaderId = partition.leader
        answer.partitions[answer.partitions.count - 1].currentLeader.leaderEpoch = partition.leaderEpoch
        guard version >= 16, !response.nodeEndpoints.contains(where: { $0.nodeId == node.id }) else { return }
        var endpoint = FetchResponse.NodeEndpoint()
        endpoint.nodeId = node.id
        endpoint.host = node.advertisedHost
        endpoint.port = Int32(node.port)
        endpoint.rack = node.rack
        response.nodeEndpoints.append(endpoint)
    }
}

extension FetchPlan.Part {
    fileprivate mutating func find(
        in topic: Topic?, _ fetch: FetchRequest, _ context: RequestContext, core: ClusterCore, bytesLeft: Int,
        isFirst: Bool
    ) {
        guard let topic else {
            error = context.version >= 13 ? .unknownTopicId : .unknownTopicOrPartition
            return
        }
        if let code = context.faults.error(topic: topic.name, partition: request.partition) {
            error = code
            return
        }
        guard let partition else {
            error = .unknownTopicOrPartition
            return
        }
        if case .failure(let failure) = core.leading(
            partition, on: context.broker, leaderEpoch: request.currentLeaderEpoch)
        {
            error = failure.code
            return
        }
        let log = partition.log
        if request.lastFetchedEpoch >= 0 {
            let end = log.endOffset(forLeaderEpoch: request.lastFetchedEpoch)
            // Nothing is known of such an epoch any more.
            guard end.endOffset >= 0, end.leaderEpoch >= 0 else {
                error = .offsetOutOfRange
                return
            }
            if end.endOffset < request.fetchOffset || end.leaderEpoch < request.lastFetchedEpoch {
                var known = FetchResponse.EpochEndOffset()
                known.epoch = end.leaderEpoch
                known.endOffset = end.endOffset
                diverging = known
                return
            }
        }
        do {
            slice = try log.read(
                from: request.fetchOffset, maxBytes: min(bytesLeft, Int(max(0, request.partitionMaxBytes))),
                minOneBatch: isFirst, upTo: fetch.isolationLevel == 1 ? .lastStable : .highWatermark)
        } catch {
            self.error = error.code
        }
    }

    fileprivate func response(isolationLevel: Int8) -> FetchResponse.PartitionData {
        var answer = FetchResponse.PartitionData()
        answer.partitionIndex = request.partition
        answer.errorCode = error
        guard error == .none, let log = partition?.log else {
            answer.highWatermark = -1
            answer.records = ByteBuffer()
            return answer
        }
        answer.highWatermark = log.highWatermark
        answer.lastStableOffset = log.lastStableOffset
        answer.logStartOffset = log.logStartOffset
        if let diverging { answer.divergingEpoch = diverging }
        var records = ByteBuffer()
        if let slice, !slice.isEmpty {
            records.reserveCapacity(slice.count)
            records.writeWithUnsafeMutableBytes(minimumWritableBytes: slice.count) { slice.copy(into: $0) }
            if isolationLevel == 1 {
                answer.abortedTransactions = log.abortedTransactions(
                    from: request.fetchOffset, to: slice.nextOffset
                ).map { aborted in
                    var item = FetchResponse.AbortedTransaction()
                    item.producerId = aborted.producerId
                    item.firstOffset = aborted.firstOffset
                    return item
                }
            }
        }
        if isolationLevel == 1, answer.abortedTransactions == nil { answer.abortedTransactions = [] }
        answer.records = records
        return answer
    }
}

/// A Fetch that waits for `min.bytes` or for its time to run out.
final class DelayedFetch {
    let id: Int
    let request: FetchRequest
    let context: RequestContext
    let partitions: [Partition]
    private let reply: (FetchResponse) -> Void
    var timer: Scheduled<Void>?

    init(
        id: Int, request: FetchRequest, context: RequestContext, partitions: [Partition],
        reply: @escaping (FetchResponse) -> Void
    ) {
        self.id = id
        self.request = request
        self.context = context
        self.partitions = partitions
        self.reply = reply
        for partition in partitions { partition.waiting[id] = self }
    }

    /// Answers it, or, without a response, gives it up.
    func end(with response: FetchResponse?) {
        timer?.cancel()
        timer = nil
        for partition in partitions { partition.waiting[id] = nil }
        if let response { reply(response) }
    }
}

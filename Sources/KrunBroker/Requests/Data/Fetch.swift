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

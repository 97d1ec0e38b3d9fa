internal import CRdKafka

/// Waits that end early when the client's `isOver` says so: it is looked at every 100 ms.
extension Client {
    private static let slice = Duration.milliseconds(100)
    /// What librdkafka says when no connection was there in time.
    private static let nobodyThere = [RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN]

    /// Throws the error whose `isCancelled` is true once the wait is to end.
    func checkOver(_ activity: @autoclosure () -> String) throws(KafkaError) {
        if let isOver, isOver() { throw KafkaError.cancelled(activity()) }
    }

    /// Blocks for so long between two attempts, but not beyond the deadline; throws only when it is over.
    func pause(_ duration: Duration, until deadline: Deadline, activity: String) throws(KafkaError) {
        let end = Deadline(after: min(duration, deadline.remaining))
        repeat {
            try checkOver(activity)
            end.pause(Self.slice)
        } while !end.hasPassed
        try checkOver(activity)
    }

    /// Waits for one event, which the caller frees; nil at the deadline.
    func poll(_ queue: CObject, until deadline: Deadline, activity: String) throws(KafkaError) -> OpaquePointer? {
        while true {
            try checkOver(activity)
            let wait = min(deadline.remaining, Self.slice)
            if let event = rd_kafka_queue_poll(queue.pointer, wait.timeoutMilliseconds) { return event }
            if deadline.hasPassed { return nil }
        }
    }

    /// Asks again and again until there is an answer, something else than silence is wrong, or the deadline has passed.
    ///
    /// For calls that block inside librdkafka, and forget their request when they end: each attempt is given a short time, and
    /// twice as much as before when nobody answered, so that a slow answer still arrives. That is one second at most, and
    /// later a quarter of what was waited so far. Nobody to be asked is no reason to grow. The long ones are made on a thread of
    /// their own, so that `isOver` is looked at meanwhile.
    ///
    /// - Parameter inSlices: also where there is no `isOver`.
    func attempting<Answer: Sendable>(
        until deadline: Deadline, activity: String, inSlices: Bool = false,
        _ attempt: @escaping @Sendable (Duration) throws(KafkaError) -> Answer
    ) throws(KafkaError) -> Answer {
        let start = ContinuousClock.now
        var slice = Self.slice
        while true {
            try checkOver(activity)
            do {
                if isOver == nil, !inSlices { return try attempt(deadline.remaining) }
                let timeout = min(slice, deadline.remaining)
                if isOver == nil || timeout <= Self.slice { return try attempt(timeout) }
                return try LongCall.run(activity: activity) { () throws(KafkaError) in
                    try checkOver(activity)
                } _: { () throws(KafkaError) in
                    try attempt(timeout)
                }
            } catch {
                let code = rd_kafka_resp_err_t(rawValue: error.code)
                let isUnanswered = code == RD_KAFKA_RESP_ERR__TIMED_OUT
                guard isUnanswered || Self.nobodyThere.contains(code), !deadline.hasPassed else { throw error }
                if isUnanswered { slice = min(slice * 2, max(.seconds(1), (.now - start) / 4)) }
            }
            // A refused connection comes at once.
            try pause(.milliseconds(20), until: deadline, activity: activity)
        }
    }

    /// As `retrying`, and tries again what nobody has answered: librdkafka 2.0 forgets a request to a group's coordinator, and only
    /// its time ends it, when no coordinator was found three times, as while a cluster makes its first group.
    ///
    /// Each attempt is given a second, and twice as much as before where there was no answer; it must be one that may be made twice,
    /// on a client of its own (`AdminClient.asking`).
    func insisting<Answer>(
        until deadline: Deadline, activity: String, _ attempt: (Deadline) throws(KafkaError) -> Answer
    ) throws(KafkaError) -> Answer {
        var slice = Duration.seconds(1)
        while true {
            do {
                return try attempt(Deadline(after: min(slice, deadline.remaining)))
            } catch {
                guard error.isRetriable || error.isTimeout, !deadline.hasPassed else { throw error }
                if error.isTimeout { slice *= 2 }
                try pause(.milliseconds(20), until: deadline, activity: activity)
            }
        }
    }

    /// Tries again what may pass, such as a leader that has just changed or does not know yet that it leads.
    func retrying<Answer>(
        until deadline: Deadline, activity: String, _ attempt: (Deadline) throws(KafkaError) -> Answer
    ) throws(KafkaError) -> Answer {
        while true {
            do {
                return try attempt(deadline)
            } catch {
                guard error.isRetriable, !deadline.hasPassed else { throw error }
                try pause(.milliseconds(20), until: deadline, activity: activity)
            }
        }
    }
}

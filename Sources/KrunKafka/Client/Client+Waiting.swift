internal import CRdKafka

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Waits that end early when the client's `isOver` says so: it is looked at every 100 ms.
extension Client {
    private static let slice = Duration.milliseconds(100)
    /// What librdkafka says when no connection was there in time.
    private static let noBrokerReachable = [RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN]

    /// Throws the error whose `isCancelled` is true once the wait is to end.
    func checkOver(_ activity: @autoclosure () -> String) throws(KafkaError) {
        if let isOver, isOver() { throw KafkaError.cancelled(activity()) }
    }

    /// Blocks for so long between two attempts, but not beyond the deadline; throws only when it is over.
    func pause(_ duration: Duration, until deadline: CallDeadline, activity: String) throws(KafkaError) {
        let end = CallDeadline(after: min(duration, deadline.remaining))
        repeat {
            try checkOver(activity)
            end.pause(Self.slice)
        } while !end.hasPassed
        try checkOver(activity)
    }

    /// Waits for one event, which the caller frees; nil at the deadline.
    func poll(_ queue: CObject, until deadline: CallDeadline, activity: String) throws(KafkaError) -> OpaquePointer? {
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
        until deadline: CallDeadline, activity: String, inSlices: Bool = false,
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
                guard isUnanswered || Self.noBrokerReachable.contains(code), !deadline.hasPassed else { throw error }
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
    /// on a client of its own (`AdminClient.groupRequestClient`).
    func retryingUnanswered<Answer>(
        until deadline: CallDeadline, activity: String, _ attempt: (CallDeadline) throws(KafkaError) -> Answer
    ) throws(KafkaError) -> Answer {
        var slice = Duration.seconds(1)
        while true {
            do {
                return try attempt(CallDeadline(after: min(slice, deadline.remaining)))
            } catch {
                guard error.isRetriable || error.isTimeout, !deadline.hasPassed else { throw error }
                if error.isTimeout { slice *= 2 }
                try pause(.milliseconds(20), until: deadline, activity: activity)
            }
        }
    }

    /// Tries again what may pass, such as a leader that has just changed or does not know yet that it leads.
    func retrying<Answer>(
        until deadline: CallDeadline, activity: String, _ attempt: (CallDeadline) throws(KafkaError) -> Answer
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

// MARK: - Offsets

extension Client {
    /// The offsets at a logical time, asked of every partition's leader; tried again while a leader is new, and once where a
    /// partition was added after this client last looked at the topic.
    ///
    /// A leader that has not heard of the topic yet, as while a cluster makes one of a deleted one's name, says that there is none: so
    /// it is asked again for a second.
    func offsets(
        _ partitions: [TopicPartition], at time: Int64, activity: String, timeout: Duration
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        guard !partitions.isEmpty else { return [:] }
        try ProtocolString.check(topics: partitions.lazy.map(\.topic), activity)
        let deadline = CallDeadline(after: timeout)
        let patience = CallDeadline(after: min(timeout, .seconds(1)))
        var looksAgain = true
        while true {
            do {
                return try offsetsOfKnown(partitions, at: time, activity: activity, deadline: deadline)
            } catch  where error.code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION.rawValue && looksAgain {
                // Asking for offsets goes by what the client remembers, and does not look again by itself.
                looksAgain = false
                let topics = try metadata(.all, activity: activity, deadline: deadline).topics
                let known = Set(topics.flatMap { topic in topic.partitions.map { TopicPartition(topic.name, $0.id) } })
                guard known.isSuperset(of: partitions) else { throw error }
            } catch  where error.code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART.rawValue && !patience.hasPassed {
                try pause(.milliseconds(50), until: patience, activity: activity)
            }
        }
    }

    private func offsetsOfKnown(
        _ partitions: [TopicPartition], at time: Int64, activity: String, deadline: CallDeadline
    ) throws(KafkaError) -> [TopicPartition: Int64] {
        try retrying(until: deadline, activity: activity) { deadline throws(KafkaError) in
            try attempting(until: deadline, activity: activity) { timeout throws(KafkaError) in
                // One request to each leader: in place of a time, ListOffsets takes −2 for the first offset and −1 for the end.
                let list = PartitionList(partitions, offset: time)
                let code = rd_kafka_offsets_for_times(
                    pointer, list.pointer, timeout.timeoutMilliseconds)
                do throws(KafkaError) {
                    if code != RD_KAFKA_RESP_ERR__TIMED_OUT { try list.checkEach(activity) }
                } catch  where error.code == RD_KAFKA_RESP_ERR__IN_PROGRESS.rawValue {
                    // The partition is still waited for, which says nothing; the call's own error does.
                    try KafkaError.check(code, activity)
                    try KafkaError.fail(RD_KAFKA_RESP_ERR__TIMED_OUT, activity)
                }
                try KafkaError.check(code, activity)
                return Dictionary(list.elements.map { ($0.topicPartition, $0.offset) }, uniquingKeysWith: { $1 })
            }
        }
    }
}

/// A moment at which waiting ends, for calls made of several that each take a timeout.
struct CallDeadline: Sendable {
    let instant: ContinuousClock.Instant

    init(after timeout: Duration) {
        instant = .now + timeout
    }

    /// Never negative.
    var remaining: Duration { max(.zero, instant - .now) }

    var hasPassed: Bool { instant <= .now }

    /// Blocks for so long between two attempts, but not beyond the deadline.
    func pause(_ duration: Duration) {
        usleep(UInt32(min(duration, remaining).timeoutMilliseconds) * 1000)
    }
}

extension Duration {
    /// For librdkafka's timeouts: rounded up so that a short wait is not a busy one, never negative (which is for ever there).
    var timeoutMilliseconds: Int32 {
        let (seconds, attoseconds) = components
        guard self > .zero else { return 0 }
        guard seconds < 2_000_000 else { return 2_000_000_000 }
        return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}

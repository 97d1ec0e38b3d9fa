internal import CRdKafka

/// Reads records, as a member of a group or by assignment; every call belongs on one thread, where it was made.
///
/// It hands out only records of partitions it owns, and each offset once: what librdkafka still delivers from before a
/// rebalance is dropped. So commit the positions from here (`enable.auto.commit` and `enable.auto.offset.store` false);
/// librdkafka's own are those of records that it took out of its queue, handed out or not. For the same reason set
/// `auto.offset.reset` to `error` where an offset out of range must be noticed: a reset to earlier records is dropped as old.
/// When the last reference goes without `close`, the group is not told and waits for the session to end.
public final class Consumer {
    /// Whether partitions assigned from now on wait for `resume`.
    ///
    /// Those of a group are then held back rather than paused: after a pause librdkafka 2.0 may take a second to fetch
    /// again, while an assignment is fetched at once.
    public var startsPaused = false
    /// How many partitions topics have, as far as is known: a partition of a group beyond them is asked about before it is taken.
    public var partitionCounts: [String: Int] = [:]

    let client: Client
    /// Nil for a consumer that has no group of its own.
    let group: String?
    // One thread polls, and nothing that is called with a record changes these: to check that a record at a time cost a fiftieth of reading.
    @exclusivity(unchecked) var positions = OwnedPositions()
    var paused: Set<TopicPartition> = []
    /// Owned in the group, and not yet given to librdkafka to read.
    @exclusivity(unchecked) var held: Set<TopicPartition> = []
    var delegate: (any ConsumerDelegate)?
    /// What went wrong inside a callback, to be handed out by the next poll.
    var pendingErrors: [KafkaError] = []

    private let queue: CObject
    private var pace: FetchPace
    /// Of librdkafka's threads.
    var waker: BrokerWaker
    @exclusivity(unchecked)
    private var buffer = UnsafeMutableBufferPointer<UnsafeMutablePointer<rd_kafka_message_t>?>(start: nil, count: 0)
    /// Those in the buffer that are still to be freed.
    private var untouched = 0..<0
    /// Whether nobody has gone through them.
    private var isBatchFresh = false
    /// The topics that messages point to; emptied whenever partitions move, as librdkafka may free and reuse them then.
    @exclusivity(unchecked)
    private var topicsSeen: [(pointer: OpaquePointer?, index: Int)] = []
    private var isClosed = false

    /// Connects to nothing yet. Throws for an unknown property or a bad value, by its name.
    ///
    /// Without `group.id` it can only `assign`, and commits nothing.
    public init(properties: ClientProperties, log: ClientLog) throws(KafkaError) {
        group = properties["group.id"]
        pace = FetchPace(properties)
        waker = BrokerWaker(properties)
        var properties = properties
        if group == nil {
            // librdkafka assigns nothing without a group's name; this one is never joined and nothing is committed to it.
            properties["group.id"] = "krun-without-group"
            properties["enable.auto.commit"] = "false"
            properties["enable.auto.offset.store"] = "false"
        }
        client = try Client(.consumer, properties: properties, log: log, activity: "making a consumer") {
            rd_kafka_conf_set_rebalance_cb($0.pointer, receiveRebalance)
        }
        rd_kafka_poll_set_consumer(client.pointer)
        queue = CObject(rd_kafka_queue_get_consumer(client.pointer)!, keeping: client.object) {
            rd_kafka_queue_destroy($0)
        }
        client.sink.consumer = self
    }

    deinit {
        buffer.deallocate()
    }

    /// Joins the group for these topics; partitions come and go while polling. The delegate is kept until `close`.
    public func subscribe(_ topics: [String], delegate: any ConsumerDelegate) throws(KafkaError) {
        precondition(group != nil, "a consumer without group.id cannot subscribe")
        try ProtocolString.check(topics: topics, "subscribing to topics")
        self.delegate = delegate
        positions.reset(topics: topics)
        let list = PartitionList(topics.map { TopicPartition($0, RD_KAFKA_PARTITION_UA) })
        try KafkaError.check(
            rd_kafka_subscribe(client.pointer, list.pointer), "subscribing to \(topics.joined(separator: ", "))")
    }

    /// Reads these partitions from these offsets, without a group; replaces what was assigned.
    public func assign(_ partitions: [TopicPartitionOffset]) throws(KafkaError) {
        try ProtocolString.check(topics: partitions.lazy.map(\.topic), "assigning partitions")
        positions.reset(topics: partitions.map(\.topic))
        topicsSeen.removeAll()
        let list = PartitionList(partitions)
        try KafkaError.check(
            rd_kafka_assign(client.pointer, list.pointer), "assigning \(partitions.count) partitions")
        try noteAssigned(partitions)
    }

    /// Reads more partitions beside those that were assigned, of the same topics, and others no more; between polls only, and
    /// without a group.
    public func change(adding: [TopicPartitionOffset], dropping: [TopicPartition]) throws(KafkaError) {
        guard !adding.isEmpty || !dropping.isEmpty else { return }
        for partition in dropping { positions.remove(partition) }
        for partition in adding { positions.add(partition) }
        topicsSeen.removeAll()
        paused.subtract(dropping)
        let list = PartitionList(positions.all)
        try KafkaError.check(
            rd_kafka_assign(client.pointer, list.pointer), "assigning \(positions.all.count) partitions")
    }

    /// Stops reading partitions until `resume`; between polls only.
    public func pause(_ partitions: [TopicPartition]) throws(KafkaError) {
        let running = partitions.filter { !paused.contains($0) }
        guard !running.isEmpty else { return }
        let list = PartitionList(running)
        try KafkaError.check(rd_kafka_pause_partitions(client.pointer, list.pointer), "pausing partitions")
        try list.checkEach("pausing partitions")
        paused.formUnion(running)
    }

    /// Goes on reading paused partitions; those that are not paused are left alone. Between polls only.
    public func resume(_ partitions: [TopicPartition]) throws(KafkaError) {
        try startReading(partitions)
        // Resuming what is not paused makes librdkafka drop the records it has fetched.
        let waiting = partitions.filter { paused.contains($0) }
        guard !waiting.isEmpty else { return }
        let list = PartitionList(waiting)
        try KafkaError.check(rd_kafka_resume_partitions(client.pointer, list.pointer), "resuming partitions")
        try list.checkEach("resuming partitions")
        paused.subtract(waiting)
    }

    /// The inverse of `resume`, for all that it owns and all that it will: it stays their owner, and librdkafka is told to read nothing, until
    /// `resume` goes on from its positions. Between polls only.
    public func holdBack() throws(KafkaError) {
        startsPaused = true
        let reading = positions.all.filter { !held.contains($0.topicPartition) }
        guard !reading.isEmpty else { return }
        topicsSeen.removeAll()
        held.formUnion(reading.map(\.topicPartition))
        paused.subtract(held)
        let activity = "holding back \(reading.count) partitions of group \(group ?? "")"
        if isCooperative {
            let list = PartitionList(reading)
            try KafkaError.check(consuming: rd_kafka_incremental_unassign(client.pointer, list.pointer), activity)
        } else {
            let list = PartitionList([TopicPartitionOffset]())
            try KafkaError.check(rd_kafka_assign(client.pointer, list.pointer), activity)
        }
    }

    /// Says where partitions that are held back will be read from; others are left alone. Between polls only.
    public func place(_ offsets: [TopicPartitionOffset]) {
        for offset in offsets where held.contains(offset.topicPartition) { positions.add(offset) }
    }

    /// Goes on from other offsets of partitions that it owns, also from earlier ones; between polls only.
    public func seek(_ partitions: [TopicPartitionOffset]) throws(KafkaError) {
        guard !partitions.isEmpty else { return }
        topicsSeen.removeAll()
        for partition in partitions { positions.add(partition) }
        let activity = "going to other offsets of \(partitions.count) partitions"
        // After an offset was out of range librdkafka fetches no more, and a seek alone does not make it go on; an assignment does.
        if isCooperative {
            let list = PartitionList(partitions)
            try KafkaError.check(consuming: rd_kafka_incremental_unassign(client.pointer, list.pointer), activity)
            try KafkaError.check(consuming: rd_kafka_incremental_assign(client.pointer, list.pointer), activity)
        } else {
            let list = PartitionList(positions.all.filter { !held.contains($0.topicPartition) })
            try KafkaError.check(rd_kafka_assign(client.pointer, list.pointer), activity)
        }
    }

    /// Waits at most `timeout` for one event and hands it out; returns how many came, 0 or 1.
    ///
    /// Returns early with 0 when a record was dropped.
    public func pollOne(timeout: Duration, body: (borrowing ConsumedEvent) -> Void) -> Int {
        if handOutPendingErrors(body) { return 1 }
        keepFetching()
        guard let message = rd_kafka_consumer_poll(client.pointer, timeout.timeoutMilliseconds) else { return 0 }
        defer { rd_kafka_message_destroy(message) }
        pace.record(messages: 1, bytes: message.pointee.len)
        return handOut(message, body) ? 1 : 0
    }

    /// Waits at most `timeout` for a first event, then hands out what is there, at most `max`, as one batch, so that a lock can
    /// be taken once for all of it; returns how many events were there, 0 without calling `body`.
    public func pollBatch(max: Int, timeout: Duration, body: (borrowing ConsumedBatch) -> Void) -> Int {
        precondition(max > 0)
        if buffer.count < max {
            buffer.deallocate()
            buffer = .allocate(capacity: max)
        }
        keepFetching()
        let count = pendingErrors.isEmpty ? takeBatch(pace.batch(atMost: max), timeout: timeout) : 0
        guard count > 0 || !pendingErrors.isEmpty else { return 0 }
        untouched = 0..<count
        isBatchFresh = true
        body(ConsumedBatch(consumer: self))
        for index in untouched { if let message = buffer[index] { rd_kafka_message_destroy(message) } }
        (untouched, isBatchFresh) = (0..<0, false)
        return Swift.max(count, 1)
    }

    private func takeBatch(_ max: Int, timeout: Duration) -> Int {
        // A rebalance may run inside the call and take records out of the batch. Those partitions that stay are then read again
        // from their position, which takes that it is known.
        guard positions.unknown == 0 else {
            guard let message = rd_kafka_consumer_poll(client.pointer, timeout.timeoutMilliseconds) else { return 0 }
            buffer[0] = message
            return 1
        }
        // librdkafka waits until the batch is full or time is up, so only an empty queue is waited for, and for one record.
        let count = takeBatch(max, timeoutMilliseconds: 0)
        if count > 0 || timeout <= .zero { return count }
        return takeBatch(1, timeoutMilliseconds: timeout.timeoutMilliseconds)
    }

    /// The partitions owned now, each with the next offset to be handed out; one of `LogicalOffset` while that is not known.
    public var owned: [TopicPartition: Int64] {
        Dictionary(uniqueKeysWithValues: positions.all.map { ($0.topicPartition, $0.offset) })
    }

    /// Leaves the group, after the delegate was told of the revoked partitions; false when the deadline passed first, or
    /// `isOver`, which is looked at every 100 ms, was true. Nothing else may be called afterwards.
    @discardableResult
    public func close(timeout: Duration, isOver: () -> Bool = { false }) -> Bool {
        guard !isClosed else { return true }
        defer { delegate = nil }
        let deadline = CallDeadline(after: timeout)
        if isCooperative, positions.all.isEmpty {
            // librdkafka 2.0 closes a cooperative member without partitions and does not tell the group; unsubscribing does.
            rd_kafka_unsubscribe(client.pointer)
        }
        // The blocking close has no timeout; this one lets us serve the last rebalance ourselves.
        let closing = client.makeQueue()
        if let error = rd_kafka_consumer_close_queue(client.pointer, closing.pointer) {
            let error = KafkaError(consuming: error, activity: "leaving group \(group ?? "")")
            client.sink.log.append(error)
            return false
        }
        var message: UnsafeMutablePointer<rd_kafka_message_t>?
        while rd_kafka_consumer_closed(client.pointer) == 0 {
            guard !deadline.hasPassed, !isOver() else { return false }
            let wait = min(deadline.remaining, .milliseconds(100)).timeoutMilliseconds
            if rd_kafka_consume_batch_queue(closing.pointer, wait, &message, 1) == 1, let message {
                rd_kafka_message_destroy(message)
            }
        }
        isClosed = true
        return true
    }

    // MARK: - Handing out

    private func keepFetching() {
        if pace.isDue() { waker.wake(client, positions.all) }
    }

    private func takeBatch(_ count: Int, timeoutMilliseconds: Int32) -> Int {
        max(0, rd_kafka_consume_batch_queue(queue.pointer, timeoutMilliseconds, buffer.baseAddress, count))
    }

    /// Hands out what was taken last and nobody has had yet; returns how much of it was dropped.
    func handOutBatch(_ body: (borrowing ConsumedEvent) -> Void) -> Int {
        guard isBatchFresh else { return 0 }
        let batch = untouched
        (untouched, isBatchFresh) = (0..<0, false)
        _ = handOutPendingErrors(body)
        var handedOut = 0
        var bytes = 0
        for index in batch {
            guard let message = buffer[index] else { continue }
            bytes += message.pointee.len
            if handOut(message, body) { handedOut += 1 }
            rd_kafka_message_destroy(message)
        }
        pace.record(messages: batch.count, bytes: bytes)
        return batch.count - handedOut
    }

    private func handOut(
        _ message: UnsafeMutablePointer<rd_kafka_message_t>, _ body: (borrowing ConsumedEvent) -> Void
    ) -> Bool {
        let code = message.pointee.err
        if code == RD_KAFKA_RESP_ERR_NO_ERROR {
            guard let topic = topicIndex(of: message.pointee.rkt), !isHeld(topic, message.pointee.partition),
                positions.take(topic: topic, partition: message.pointee.partition, offset: message.pointee.offset)
            else { return false }
            body(.record(ConsumedRecord(message, topicIndex: topic)))
            return true
        }
        if code == RD_KAFKA_RESP_ERR__PARTITION_EOF {
            let (partition, offset) = (message.pointee.partition, message.pointee.offset)
            guard let topic = topicIndex(of: message.pointee.rkt), !isHeld(topic, partition),
                positions.reachEnd(topic: topic, partition: partition, offset: offset)
            else { return false }
            body(.endOfPartition(topicIndex: topic, partition: partition, offset: offset))
            return true
        }
        let reason = rd_kafka_message_errstr(message).map { String(cString: $0) } ?? ""
        let error = KafkaError(
            code: code.rawValue, activity: group.map { "consuming as \($0)" } ?? "consuming",
            reason: client.sink.clean(reason))
        guard group != nil || code != RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED else {
            // About the group whose name is only there for librdkafka.
            client.sink.log.append(error)
            return false
        }
        body(.error(error))
        return true
    }

    /// What was fetched before a partition was held back is read again after it.
    private func isHeld(_ topic: Int, _ partition: Int32) -> Bool {
        !held.isEmpty && held.contains(TopicPartition(positions.topics[topic], partition))
    }

    private func handOutPendingErrors(_ body: (borrowing ConsumedEvent) -> Void) -> Bool {
        guard !pendingErrors.isEmpty else { return false }
        body(.error(pendingErrors.removeFirst()))
        return true
    }

    private func topicIndex(of topic: OpaquePointer?) -> Int? {
        for seen in topicsSeen where seen.pointer == topic { return seen.index }
        guard let topic, let index = positions.index(of: String(cString: rd_kafka_topic_name(topic))) else {
            return nil
        }
        topicsSeen.append((topic, index))
        return index
    }

    // MARK: - Partitions that come and go

    /// Takes note of partitions that librdkafka has just been told to read.
    func noteAssigned(_ partitions: [TopicPartitionOffset]) throws(KafkaError) {
        topicsSeen.removeAll()
        for partition in partitions { positions.add(partition) }
        let names = partitions.map(\.topicPartition)
        if startsPaused {
            // A pause does not outlive the ownership in every version, so what was paused before is paused again.
            paused.subtract(names)
            try pause(names.filter { !held.contains($0) })
        } else {
            try resume(names)
        }
    }

    /// Takes note of partitions that librdkafka reads no more.
    func noteRevoked(_ partitions: [TopicPartition]) {
        topicsSeen.removeAll()
        for partition in partitions { positions.remove(partition) }
    }
}

@available(*, unavailable)
extension Consumer: Sendable {}

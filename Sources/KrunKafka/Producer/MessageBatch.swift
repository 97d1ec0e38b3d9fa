internal import CRdKafka

/// Messages to be handed to librdkafka in one call, which costs less than a call for each. It is for messages that leave their partition to
/// the topic's partitioner, have no headers, and are of the time of the call.
public final class MessageBatch {
    private let messages: UnsafeMutableBufferPointer<rd_kafka_message_t>
    private let bytes: UnsafeMutableRawBufferPointer
    private var usedBytes = 0
    /// Those before it have been handed over.
    private var first = 0
    private var end = 0

    /// - Parameters:
    ///   - messages: how many it can hold.
    ///   - bytes: how many of keys and values it can hold.
    public init(messages: Int, bytes: Int) {
        self.messages = .allocate(capacity: messages)
        self.messages.initialize(repeating: rd_kafka_message_t())
        // At least one, so that there is an address for what is empty.
        self.bytes = .allocate(byteCount: max(1, bytes), alignment: 1)
    }

    deinit {
        messages.deallocate()
        bytes.deallocate()
    }

    /// How many have not been handed over.
    public var count: Int { end - first }
    public var isFull: Bool { end == messages.count }

    /// Copies a message to the end; false when there is no room for it. A nil key is a null key, a nil value a tombstone.
    public func add(key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?, tag: UInt) -> Bool {
        if first == end { (first, end, usedBytes) = (0, 0, 0) }
        guard !isFull, (key?.count ?? 0) + (value?.count ?? 0) <= bytes.count - usedBytes else { return false }
        let message = messages.baseAddress! + end
        message.pointee.key = copy(key)
        message.pointee.key_len = key?.count ?? 0
        message.pointee.payload = copy(value)
        message.pointee.len = value?.count ?? 0
        message.pointee._private = UnsafeMutableRawPointer(bitPattern: tag)
        end += 1
        return true
    }

    private func copy(_ source: UnsafeRawBufferPointer?) -> UnsafeMutableRawPointer? {
        guard let source else { return nil }
        // What is empty may lie behind the last byte; nothing is read there.
        let place = bytes.baseAddress! + usedBytes
        if let start = source.baseAddress { place.copyMemory(from: start, byteCount: source.count) }
        usedBytes += source.count
        return place
    }

    /// Hands over as many as are taken, in their order.
    fileprivate func handOver(to topic: OpaquePointer, _ refused: (borrowing Refusal) -> Void) -> Int {
        let start = messages.baseAddress! + first
        let count = count
        rd_kafka_produce_batch(topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, start, Int32(count))
        for index in 0..<count where start[index].err != RD_KAFKA_RESP_ERR_NO_ERROR {
            // Once the queue is full, none of the others is taken.
            if start[index].err == RD_KAFKA_RESP_ERR__QUEUE_FULL {
                first += index
                return index
            }
            refused(Refusal(message: start + index))
        }
        first = end
        return count
    }

    /// Takes out the first message, which is never taken.
    public func refuseFirst(_ refused: (borrowing Refusal) -> Void) {
        guard count > 0 else { return }
        messages[first].err = RD_KAFKA_RESP_ERR__QUEUE_FULL
        refused(Refusal(message: messages.baseAddress! + first))
        first += 1
    }

    /// A message that can never be sent; valid only during the call that hands it out.
    public struct Refusal: ~Copyable {
        fileprivate let message: UnsafeMutablePointer<rd_kafka_message_t>

        public var tag: UInt { UInt(bitPattern: message.pointee._private) }
        /// Such as `MSG_SIZE_TOO_LARGE`.
        public var errorName: String { KafkaError.name(of: message.pointee.err.rawValue) }
        /// Nil for a null key.
        public var key: UnsafeRawBufferPointer? {
            message.pointee.key.map { UnsafeRawBufferPointer(start: $0, count: message.pointee.key_len) }
        }
        /// Nil for a tombstone.
        public var value: UnsafeRawBufferPointer? {
            message.pointee.payload.map { UnsafeRawBufferPointer(start: $0, count: message.pointee.len) }
        }
    }
}

@available(*, unavailable)
extension MessageBatch: Sendable {}

extension Producer {
    /// Hands the batch's messages to librdkafka, which copies them; never blocks. Those that can never be sent are handed out, and no report
    /// follows for them; those for which there is no room stay in the batch: serve reports and send it again.
    ///
    /// - Returns: how many left the batch.
    public func send(
        _ batch: MessageBatch, to topic: ProducerTopic, refused: (borrowing MessageBatch.Refusal) -> Void
    ) -> Int {
        batch.handOver(to: topic.pointer, refused)
    }
}

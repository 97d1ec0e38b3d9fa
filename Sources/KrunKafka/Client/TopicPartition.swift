internal import CRdKafka

/// One partition of one topic.
public struct TopicPartition: Hashable, Sendable, CustomStringConvertible {
    public var topic: String
    public var partition: Int32

    public init(_ topic: String, _ partition: Int32) {
        self.topic = topic
        self.partition = partition
    }

    public var description: String { "\(topic)/\(partition)" }
}

/// An offset in one partition of one topic.
public struct TopicPartitionOffset: Hashable, Sendable, CustomStringConvertible {
    public var topic: String
    public var partition: Int32
    /// The next offset to read, or one of `LogicalOffset`.
    public var offset: Int64

    public init(_ topic: String, _ partition: Int32, _ offset: Int64) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
    }

    public var topicPartition: TopicPartition { TopicPartition(topic, partition) }

    public var description: String { "\(topic)/\(partition)@\(offset)" }
}

/// librdkafka's offsets that are not numbers of records; all are negative.
public enum LogicalOffset {
    /// The first record that is still there.
    public static let beginning: Int64 = -2
    /// Behind the last record.
    public static let end: Int64 = -1
    /// What the group committed, or else what `auto.offset.reset` says.
    public static let stored: Int64 = -1000
    /// Not known.
    public static let unknown: Int64 = -1001
}

/// Owns librdkafka's list of partitions with offsets.
struct PartitionList: ~Copyable {
    let pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    init(_ partitions: some Collection<TopicPartitionOffset>) {
        pointer = rd_kafka_topic_partition_list_new(Int32(partitions.count))
        for partition in partitions {
            rd_kafka_topic_partition_list_add(pointer, partition.topic, partition.partition).pointee.offset =
                partition.offset
        }
    }

    init(_ partitions: some Collection<TopicPartition>, offset: Int64 = LogicalOffset.unknown) {
        self.init(partitions.map { TopicPartitionOffset($0.topic, $0.partition, offset) })
    }

    deinit {
        rd_kafka_topic_partition_list_destroy(pointer)
    }

    var elements: [TopicPartitionOffset] { Self.elements(of: pointer) }

    /// The first partition's own error, if any.
    func checkEach(_ activity: String) throws(KafkaError) {
        try Self.checkEach(pointer, activity)
    }

    static func elements(of list: UnsafePointer<rd_kafka_topic_partition_list_t>?) -> [TopicPartitionOffset] {
        entries(of: list).map { TopicPartitionOffset(String(cString: $0.topic), $0.partition, $0.offset) }
    }

    static func checkEach(
        _ list: UnsafePointer<rd_kafka_topic_partition_list_t>?, _ activity: String
    ) throws(KafkaError) {
        for entry in entries(of: list) where entry.err != RD_KAFKA_RESP_ERR_NO_ERROR {
            let text = String(cString: rd_kafka_err2str(entry.err))
            try KafkaError.fail(
                entry.err, activity, reason: "\(String(cString: entry.topic))/\(entry.partition): \(text)")
        }
    }

    /// Each partition's own error, nil where it has none.
    static func errors(
        of list: UnsafePointer<rd_kafka_topic_partition_list_t>?, activity: String
    ) -> [TopicPartition: KafkaError?] {
        var errors: [TopicPartition: KafkaError?] = [:]
        for entry in entries(of: list) {
            let partition = TopicPartition(String(cString: entry.topic), entry.partition)
            let error =
                entry.err == RD_KAFKA_RESP_ERR_NO_ERROR
                ? nil : KafkaError(code: entry.err.rawValue, activity: activity)
            errors.updateValue(error, forKey: partition)
        }
        return errors
    }

    private static func entries(
        of list: UnsafePointer<rd_kafka_topic_partition_list_t>?
    ) -> UnsafeBufferPointer<rd_kafka_topic_partition_t> {
        UnsafeBufferPointer(start: list?.pointee.elems, count: Int(list?.pointee.cnt ?? 0))
    }
}

/// The strings of Kafka's protocol, whose length is a signed 16-bit number.
enum ProtocolString {
    static let maximumBytes = 32767

    /// Throws for a string that cannot be sent: brokers close the connection, and all one sees is that time is up.
    /// The string itself is not in the error.
    static func check(_ string: String, _ what: String, _ activity: @autoclosure () -> String) throws(KafkaError) {
        let count = string.utf8.count
        guard count > maximumBytes else { return }
        try KafkaError.fail(
            RD_KAFKA_RESP_ERR__INVALID_ARG, activity(),
            reason: "\(what) has \(count) bytes, and Kafka takes \(maximumBytes) at most")
    }

    static func check(topics: some Sequence<String>, _ activity: String) throws(KafkaError) {
        for topic in topics { try check(topic, "the name of a topic", activity) }
    }

    static func check(groups: some Sequence<String>, _ activity: String) throws(KafkaError) {
        for group in groups { try check(group, "the name of a group", activity) }
    }
}

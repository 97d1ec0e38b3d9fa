internal import CRdKafka

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

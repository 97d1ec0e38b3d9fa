internal import CRdKafka

extension AdminClient {
    /// Gives a topic more partitions: so many in all. Kafka cannot take any away.
    public func createPartitions(_ topic: String, total: Int, timeout: Duration) throws(KafkaError) {
        try ProtocolString.check(topics: [topic], "adding partitions to a topic")
        let activity = "adding partitions to topic \(topic)"
        let (new, reason) = withErrorText { text, size in
            rd_kafka_NewPartitions_new(topic, max(0, total), text, size)
        }
        guard let new else { try KafkaError.fail(RD_KAFKA_RESP_ERR__INVALID_ARG, activity, reason: reason) }
        var requests: [OpaquePointer?] = [new]
        defer { rd_kafka_NewPartitions_destroy(new) }
        let answers = try request(
            RD_KAFKA_ADMIN_OP_CREATEPARTITIONS, activity: activity, timeout: timeout
        ) { options, queue in
            _ = withErrorText { text, size in
                rd_kafka_AdminOptions_set_operation_timeout(options, max(1, timeout.timeoutMilliseconds), text, size)
            }
            rd_kafka_CreatePartitions(client.pointer, &requests, requests.count, options, queue)
        } read: { event throws(KafkaError) in
            var count = 0
            let results = rd_kafka_CreatePartitions_result_topics(
                rd_kafka_event_CreatePartitions_result(event), &count)
            return topicResults(results, count, verb: "adding partitions to")
        }
        if let error = answers[topic] ?? nil { throw error }
    }
}

internal import CRdKafka

extension AdminClient {
    /// The settings of a topic by name, those of the broker included; sensitive ones have no value and are left out.
    public func topicConfig(_ topic: String, timeout: Duration) throws(KafkaError) -> [String: String] {
        try ProtocolString.check(topics: [topic], "asking for the configuration of a topic")
        return try config(
            RD_KAFKA_RESOURCE_TOPIC, topic, activity: "asking for the configuration of topic \(topic)", timeout: timeout
        )
    }

    /// The settings of a broker by name, as it tells them itself; sensitive ones have no value and are left out.
    public func brokerConfig(_ broker: Int32, timeout: Duration) throws(KafkaError) -> [String: String] {
        try config(
            RD_KAFKA_RESOURCE_BROKER, String(broker), activity: "asking for the configuration of broker \(broker)",
            timeout: timeout)
    }

    private func config(
        _ type: rd_kafka_ResourceType_t, _ name: String, activity: String, timeout: Duration
    ) throws(KafkaError) -> [String: String] {
        var resources: [OpaquePointer?] = [rd_kafka_ConfigResource_new(type, name)]
        defer { rd_kafka_ConfigResource_destroy_array(&resources, resources.count) }
        return try request(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, activity: activity, timeout: timeout) { options, queue in
            rd_kafka_DescribeConfigs(client.pointer, &resources, resources.count, options, queue)
        } read: { event throws(KafkaError) in
            var count = 0
            let results = rd_kafka_DescribeConfigs_result_resources(
                rd_kafka_event_DescribeConfigs_result(event), &count)
            guard count == 1, let resource = results?[0] else { return [:] }
            let reason = rd_kafka_ConfigResource_error_string(resource).map { String(cString: $0) } ?? ""
            try KafkaError.check(rd_kafka_ConfigResource_error(resource), activity, reason: reason)
            let entries = rd_kafka_ConfigResource_configs(resource, &count)
            var config: [String: String] = [:]
            for index in 0..<count {
                guard let entry = entries?[index], let value = rd_kafka_ConfigEntry_value(entry) else { continue }
                config[String(cString: rd_kafka_ConfigEntry_name(entry))] = String(cString: value)
            }
            return config
        }
    }
}

internal import CRdKafka

extension AdminClient {
    /// The settings of a topic by name, those of the broker included; sensitive ones have no value and are left out.
    public func topicConfig(_ topic: String, timeout: Duration) throws(KafkaError) -> [String: String] {
        let entries = try topicConfigEntries(topic, timeout: timeout)
        return Dictionary(
            entries.compactMap { entry in entry.value.map { (entry.name, $0) } }, uniquingKeysWith: { $1 })
    }

    /// All settings of a topic with where they come from, in the order of their names.
    ///
    /// A broker that has not heard of the topic yet says that there is none: so it is asked again for a second.
    public func topicConfigEntries(_ topic: String, timeout: Duration) throws(KafkaError) -> [TopicConfigEntry] {
        try ProtocolString.check(topics: [topic], "asking for the configuration of a topic")
        let activity = "asking for the configuration of topic \(topic)"
        let deadline = CallDeadline(after: timeout)
        let patience = CallDeadline(after: min(timeout, .seconds(1)))
        while true {
            do {
                return try configEntries(
                    RD_KAFKA_RESOURCE_TOPIC, topic, activity: activity, timeout: deadline.remaining)
            } catch {
                guard error.code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART.rawValue, !patience.hasPassed else {
                    throw error
                }
                try client.pause(.milliseconds(50), until: patience, activity: activity)
            }
        }
    }

    /// The settings of a broker by name, as it tells them itself; sensitive ones have no value and are left out.
    public func brokerConfig(_ broker: Int32, timeout: Duration) throws(KafkaError) -> [String: String] {
        let entries = try configEntries(
            RD_KAFKA_RESOURCE_BROKER, String(broker), activity: "asking for the configuration of broker \(broker)",
            timeout: timeout)
        return Dictionary(
            entries.compactMap { entry in entry.value.map { (entry.name, $0) } }, uniquingKeysWith: { $1 })
    }

    /// Sets configs of a topic, and takes those without a value back to their defaults.
    ///
    /// librdkafka 2.0 can only say all that a topic has of its own at once: what it has is read before, so that it keeps the rest. Not to be done
    /// by two at one time.
    public func alterTopicConfig(
        _ topic: String, _ changes: [String: String?], timeout: Duration
    ) throws(KafkaError) {
        let activity = "setting configs of topic \(topic)"
        let deadline = CallDeadline(after: timeout)
        var own: [String: String] = [:]
        for entry in try topicConfigEntries(topic, timeout: timeout) where entry.source == .topic {
            own[entry.name] = entry.value
        }
        for (name, value) in changes { own[name] = value }
        let resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic)
        var resources: [OpaquePointer?] = [resource]
        defer { rd_kafka_ConfigResource_destroy_array(&resources, resources.count) }
        for (name, value) in own.sorted(by: { $0.key < $1.key }) {
            try KafkaError.check(rd_kafka_ConfigResource_set_config(resource, name, value), activity)
        }
        try request(
            RD_KAFKA_ADMIN_OP_ALTERCONFIGS, activity: activity, timeout: deadline.remaining
        ) { options, queue in
            rd_kafka_AlterConfigs(client.pointer, &resources, resources.count, options, queue)
        } read: { event throws(KafkaError) in
            var count = 0
            let results = rd_kafka_AlterConfigs_result_resources(rd_kafka_event_AlterConfigs_result(event), &count)
            guard count == 1, let answer = results?[0] else { return }
            let reason = rd_kafka_ConfigResource_error_string(answer).map { String(cString: $0) } ?? ""
            try KafkaError.check(rd_kafka_ConfigResource_error(answer), activity, reason: reason)
        }
    }

    private func configEntries(
        _ type: rd_kafka_ResourceType_t, _ name: String, activity: String, timeout: Duration
    ) throws(KafkaError) -> [TopicConfigEntry] {
        var resources: [OpaquePointer?] = [rd_kafka_ConfigResource_new(type, name)]
        defer { rd_kafka_ConfigResource_destroy_array(&resources, resources.count) }
        return try request(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, activity: activity, timeout: timeout) { options, queue in
            rd_kafka_DescribeConfigs(client.pointer, &resources, resources.count, options, queue)
        } read: { event throws(KafkaError) in
            var count = 0
            let results = rd_kafka_DescribeConfigs_result_resources(
                rd_kafka_event_DescribeConfigs_result(event), &count)
            guard count == 1, let resource = results?[0] else { return [] }
            let reason = rd_kafka_ConfigResource_error_string(resource).map { String(cString: $0) } ?? ""
            try KafkaError.check(rd_kafka_ConfigResource_error(resource), activity, reason: reason)
            let entries = rd_kafka_ConfigResource_configs(resource, &count)
            let config = (0..<count).compactMap { index in entries?[index].map(TopicConfigEntry.init) }
            return config.sorted { $0.name < $1.name }
        }
    }
}

extension TopicConfigEntry {
    /// - Parameter entry: librdkafka's, which stays its owner's.
    fileprivate init(_ entry: OpaquePointer) {
        self.init(
            name: String(cString: rd_kafka_ConfigEntry_name(entry)),
            value: rd_kafka_ConfigEntry_value(entry).map { String(cString: $0) },
            source: Source(rd_kafka_ConfigEntry_source(entry)))
    }
}

extension TopicConfigEntry.Source {
    fileprivate init(_ source: rd_kafka_ConfigSource_t) {
        switch source {
        case RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG: self = .topic
        case RD_KAFKA_CONFIG_SOURCE_DYNAMIC_BROKER_CONFIG, RD_KAFKA_CONFIG_SOURCE_DYNAMIC_DEFAULT_BROKER_CONFIG,
            RD_KAFKA_CONFIG_SOURCE_STATIC_BROKER_CONFIG:
            self = .broker
        case RD_KAFKA_CONFIG_SOURCE_DEFAULT_CONFIG: self = .default
        default: self = .unknown
        }
    }
}

/// A setting of a topic and where it comes from.
public struct TopicConfigEntry: Hashable, Sendable {
    public enum Source: Hashable, Sendable {
        /// The topic has it of its own.
        case topic
        /// From the configuration of the broker or of all brokers.
        case broker
        /// Nobody set it.
        case `default`
        /// A kind that librdkafka does not know.
        case unknown
    }

    public var name: String
    /// Nil for a secret.
    public var value: String?
    public var source: Source

    package init(name: String, value: String?, source: Source) {
        self.name = name
        self.value = value
        self.source = source
    }
}

internal import CRdKafka

/// librdkafka's configuration while it is being filled; frees itself.
struct ClientConfiguration: ~Copyable {
    let pointer: OpaquePointer

    /// Throws for the first property that librdkafka does not know or whose value it refuses.
    init(_ properties: ClientProperties, activity: String) throws(KafkaError) {
        pointer = rd_kafka_conf_new()
        for property in properties.all {
            try set(property, activity: activity)
        }
    }

    deinit {
        rd_kafka_conf_destroy(pointer)
    }

    /// librdkafka takes any length, and then its requests are no requests.
    private static let namesInRequests: Set<String> = [
        "client.id", "client.rack", "group.id", "group.instance.id", "transactional.id",
    ]

    private func set(_ property: ClientProperties.Property, activity: String) throws(KafkaError) {
        if Self.namesInRequests.contains(property.name) {
            try ProtocolString.check(property.value, "the value of property \"\(property.name)\"", activity)
        }
        let (result, reason) = withErrorText { text, size in
            rd_kafka_conf_set(pointer, property.name, property.value, text, size)
        }
        switch result {
        case RD_KAFKA_CONF_OK:
            return
        case RD_KAFKA_CONF_UNKNOWN:
            try KafkaError.fail(
                RD_KAFKA_RESP_ERR__INVALID_ARG, activity,
                reason: PropertyName.looksLikeOne(property.name)
                    ? "there is no property \"\(property.name)\" in librdkafka \(KafkaLibrary.version)"
                    : "there is no property of that name (not shown: it may be a secret) in librdkafka \(KafkaLibrary.version)"
            )
        default:
            // librdkafka's text may quote the value.
            let shown =
                ClientProperties.isSecret(property.name)
                ? "the value is refused, and not shown: it is a secret" : reason
            try KafkaError.fail(
                RD_KAFKA_RESP_ERR__INVALID_ARG, activity, reason: "property \"\(property.name)\": \(shown)")
        }
    }

    /// The value as librdkafka understood it, aliases resolved; nil for an unknown name or a value not set.
    func value(of name: String) -> String? {
        var size = 0
        guard rd_kafka_conf_get(pointer, name, nil, &size) == RD_KAFKA_CONF_OK, size > 0 else { return nil }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { buffer in
            guard rd_kafka_conf_get(pointer, name, buffer.baseAddress, &size) == RD_KAFKA_CONF_OK else { return nil }
            return String(cString: buffer.baseAddress!)
        }
    }

    /// Whether librdkafka has a property of this name.
    static func knows(_ name: String) -> Bool {
        let pointer = rd_kafka_conf_new()
        defer { rd_kafka_conf_destroy(pointer) }
        // Reading a property that has no value says unknown, too; an empty value does no harm, not even to `plugin.library.paths`.
        return withErrorText { text, size in rd_kafka_conf_set(pointer, name, "", text, size) }.result
            != RD_KAFKA_CONF_UNKNOWN
    }
}

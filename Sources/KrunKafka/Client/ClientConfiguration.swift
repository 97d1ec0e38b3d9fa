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

/// librdkafka's properties for one client, in the order in which they were set.
public struct ClientProperties: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    /// A name and its value.
    public struct Property: Hashable, Sendable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Each name once.
    public private(set) var all: [Property] = []

    public init() {}

    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { self[name] = value }
    }

    /// The value of a property; setting an existing one keeps its place, setting nil removes it.
    public subscript(_ name: String) -> String? {
        get { all.first { $0.name == name }?.value }
        set {
            let index = all.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): all[index].value = value
            case (let index?, nil): all.remove(at: index)
            case (nil, let value?): all.append(Property(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    /// These properties with others set on top of them.
    public func merging(_ other: ClientProperties) -> ClientProperties {
        var merged = self
        for property in other.all { merged[property.name] = property.value }
        return merged
    }

    /// Whether the value of this property must never be shown: passwords, secrets, private keys, login settings.
    public static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return secretNames.contains(name) || name.hasSuffix("password") || name.contains("secret")
            || name.hasPrefix("sasl.jaas")
    }

    private static let secretNames: Set<String> = [
        "ssl.key.pem", "ssl.keystore.key", "sasl.oauthbearer.config",
    ]
}

extension ClientProperties {
    /// Asks librdkafka whether it knows every property and takes its value, without making a client.
    ///
    /// - Throws: for the first that it refuses, by its name and never with a secret value.
    public func validate() throws(KafkaError) {
        _ = try ClientConfiguration(self, activity: "reading the client properties")
    }
}

/// Names of properties that nobody knows, which may be anything.
package enum PropertyName {
    /// Whether a text looks as names of properties do, `linger.ms`, so that it can be shown: another may be a secret in the wrong place.
    package static func looksLikeOne(_ text: String) -> Bool {
        text.utf8.contains(UInt8(ascii: "."))
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "._-".utf8.contains(byte)
            }
    }
}

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

    /// The same properties with the value of every secret one replaced by `***`, fit for any output.
    public var redacted: ClientProperties {
        var redacted = self
        for property in all where Self.isSecret(property.name) { redacted[property.name] = "***" }
        return redacted
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

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

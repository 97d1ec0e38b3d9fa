/// librdkafka's mock cluster: a listener on 127.0.0.1 in this process that speaks Kafka's protocol, gone with its last reference.
///
/// A partition keeps 5 MiB or 100 000 batches and drops older records in silence. Topics come from `createTopic` only; a
/// client that asks for an unknown one gets it with 4 partitions if it allows that.
public final class EmbeddedCluster: Sendable {
    /// How much a partition keeps.
    public static let partitionCapacityBytes = 5 * 1024 * 1024

    /// Starts so many brokers, numbered from 1.
    public init(brokers: Int, log: ClientLog = ClientLog()) throws(KafkaError) {
        fatalError("not built yet")
    }

    /// The value for `bootstrap.servers`.
    public var bootstrapAddresses: String { fatalError("not built yet") }

    /// Creates a topic; it has its leaders at once.
    public func createTopic(_ name: String, partitions: Int, replicationFactor: Int = 1) throws(KafkaError) {
        fatalError("not built yet")
    }

    /// Answers the next requests with this API key with these error codes, one each.
    public func pushRequestErrors(apiKey: Int16, _ codes: [Int32]) {
        fatalError("not built yet")
    }

    /// Closes a broker's connections and refuses new ones.
    public func setBrokerDown(_ id: Int32) throws(KafkaError) {
        fatalError("not built yet")
    }

    public func setBrokerUp(_ id: Int32) throws(KafkaError) {
        fatalError("not built yet")
    }

    /// Delays every answer of a broker.
    public func setRoundTripTime(_ duration: Duration, broker id: Int32) throws(KafkaError) {
        fatalError("not built yet")
    }
}

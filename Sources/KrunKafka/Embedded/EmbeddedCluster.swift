internal import CRdKafka

/// librdkafka's mock cluster: a listener on 127.0.0.1 in this process that speaks Kafka's protocol, gone with its last reference.
///
/// A partition keeps 5 MiB or 100 000 batches and drops older records in silence. Topics come from `createTopic`; a client
/// that asks for an unknown one by name gets it with 4 partitions, whether it allows that or not.
public final class EmbeddedCluster: Sendable {
    /// How much a partition keeps.
    public static let partitionCapacityBytes = 5 * 1024 * 1024

    private let cluster: CObject

    /// Starts so many brokers, numbered from 1.
    public init(brokers: Int, log: ClientLog = ClientLog()) throws(KafkaError) {
        let activity = "starting an embedded cluster of \(brokers) brokers"
        let client = try Client(.producer, properties: [:], log: log, activity: activity)
        guard let pointer = rd_kafka_mock_cluster_new(client.pointer, Int32(brokers)) else {
            try KafkaError.fail(RD_KAFKA_RESP_ERR__FAIL, activity)
        }
        cluster = CObject(pointer, keeping: client.object) { rd_kafka_mock_cluster_destroy($0) }
    }

    /// The value for `bootstrap.servers`.
    public var bootstrapAddresses: String { String(cString: rd_kafka_mock_cluster_bootstraps(cluster.pointer)) }

    /// Creates a topic; it has its leaders at once.
    public func createTopic(_ name: String, partitions: Int, replicationFactor: Int = 1) throws(KafkaError) {
        try ProtocolString.check(topics: [name], "creating a topic")
        let code = rd_kafka_mock_topic_create(cluster.pointer, name, Int32(partitions), Int32(replicationFactor))
        try KafkaError.check(code, "creating topic \(name)")
    }

    /// Answers the next requests with this API key with these error codes, one each.
    public func pushRequestErrors(apiKey: Int16, _ codes: [Int32]) {
        let errors = codes.map { rd_kafka_resp_err_t(rawValue: $0) }
        rd_kafka_mock_push_request_errors_array(cluster.pointer, apiKey, errors.count, errors)
    }

    /// Closes a broker's connections and refuses new ones.
    public func setBrokerDown(_ id: Int32) throws(KafkaError) {
        try KafkaError.check(rd_kafka_mock_broker_set_down(cluster.pointer, id), "taking broker \(id) down")
    }

    /// Accepts connections again.
    public func setBrokerUp(_ id: Int32) throws(KafkaError) {
        try KafkaError.check(rd_kafka_mock_broker_set_up(cluster.pointer, id), "bringing broker \(id) up")
    }

    /// Delays every answer of a broker.
    public func setRoundTripTime(_ duration: Duration, broker id: Int32) throws(KafkaError) {
        let code = rd_kafka_mock_broker_set_rtt(cluster.pointer, id, duration.timeoutMilliseconds)
        try KafkaError.check(code, "delaying broker \(id)")
    }
}

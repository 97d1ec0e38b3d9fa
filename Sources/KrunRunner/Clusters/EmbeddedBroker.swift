import Dispatch
import KrunKafka
import KrunOutcome

/// A fresh embedded cluster, gone with its last reference.
final class EmbeddedBroker: Cluster {
    let outcome: BrokerOutcome
    let capabilities: Set<Capability> = []
    /// The mock's first join waits 3 s and later ones session.timeout.ms - 1 s; a member whose session is shorter than
    /// that wait is thrown out.
    let consumerDefaults: ClientProperties = ["session.timeout.ms": "4000", "heartbeat.interval.ms": "100"]
    let mandatory: ClientProperties
    let admin: AdminClient
    let log: ClientLog
    private let cluster: EmbeddedCluster

    init(
        brokers: Int, chosenBy: String, properties own: ClientProperties, log: ClientLog,
        interruption: Interruption = Interruption()
    ) throws(KafkaError) {
        cluster = try EmbeddedCluster(brokers: brokers, log: log)
        outcome = BrokerOutcome(
            kind: .embedded, address: cluster.bootstrapAddresses, brokers: brokers, chosenBy: chosenBy)
        mandatory = ["bootstrap.servers": cluster.bootstrapAddresses]
        self.log = log
        admin = try AdminClient(properties: own.merging(mandatory), log: log) { interruption.isRequested }
    }

    deinit {
        // librdkafka waits up to a second for the mock cluster's thread; nobody else has to.
        let cluster = cluster
        DispatchQueue.global(qos: .utility).async { withExtendedLifetime(cluster) {} }
    }

    func create(_ topic: NewTopic, deadline: Deadline) throws(KafkaError) {
        let brokers = outcome.brokers ?? 1
        try cluster.createTopic(
            topic.name, partitions: topic.partitions,
            replicationFactor: topic.replicationFactor > 0 ? topic.replicationFactor : min(brokers, 3))
    }
}

import KrunDiagnostics
import KrunKafka
import KrunOutcome

/// The broker a scenario runs on, as a seam: what differs between the embedded one and a real Kafka is here and in
/// `capabilities`, nowhere else.
protocol Cluster: Sendable {
    var outcome: BrokerOutcome { get }
    var capabilities: Set<Capability> { get }
    /// Properties of consumers that suit this cluster; the scenario's and the command line's win over them.
    var consumerDefaults: ClientProperties { get }
    /// Properties without which no client reaches this cluster; they win over all others.
    var mandatory: ClientProperties { get }
    var admin: AdminClient { get }
    /// What the admin client and every other client of this scenario said lately.
    var log: ClientLog { get }

    /// Creates one topic and waits for the answer.
    func create(_ topic: NewTopic, deadline: Deadline) throws(KafkaError)
}

/// What not every cluster can do.
enum Capability: String, Sendable {
    /// A topic's `config` is taken.
    case topicConfig
    /// Groups can be described, and topics and groups deleted.
    case groupsAndDeletion
    /// It counts as a real broker for `requires`.
    case realBroker
}

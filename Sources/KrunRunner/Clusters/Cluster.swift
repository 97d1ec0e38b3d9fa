import KrunConnection
import KrunKafka
import KrunOutcome
import KrunScenario

/// The broker a scenario runs on, as a seam: what differs between the embedded one and a real Kafka is here, nowhere else.
protocol Cluster: Sendable {
    var outcome: BrokerOutcome { get }
    /// Whether others use it too: then names get a suffix, and what is a run's own is deleted at its end.
    var isShared: Bool { get }
    /// Whether it was there before the run and outlasts it, with the run's faults, and others use it meanwhile.
    var isStanding: Bool { get }
    /// A topic of which it is known what it is like, so that nobody needs to be asked: its brokers may all be down; nil where only they know.
    func known(_ topic: String) -> ClusterAtHand.Topic?
    /// Properties that suit this cluster for so many consumers at a time; the scenario's and the command line's win over them.
    func consumerDefaults(members: Int) -> ClientProperties
    /// After how many milliseconds a group does without a member that says nothing, where a scenario waits for that.
    var shortSession: Int { get }
    /// Properties without which no client reaches this cluster; they win over all others.
    var mandatory: ClientProperties { get }
    var admin: AdminClient { get }
    /// Ends calls of the admin client that are not worth waiting for.
    var adminHold: AdminHold { get }
    /// Whether it still answers; nil for one that always does.
    var watch: ClusterWatch? { get }
    /// Its brokers that this machine cannot reach; worth asking only when something does not answer.
    var unreachable: [UnreachableBroker] { get }
    /// What the admin client and every other client of this scenario said lately.
    var log: ClientLog { get }
    /// Compacts a topic at once; false where only the cluster itself decides when.
    func compactNow(_ topic: String) -> Bool
    /// What it can be made to suffer; nil for one that cannot.
    var faults: ClusterFaults? { get }
    /// Why it will take no more records, and the ways out, as notes; empty while it is not known to refuse any.
    var refusal: [String] { get }
}

extension Cluster {
    var isStanding: Bool { false }
    func known(_ topic: String) -> ClusterAtHand.Topic? { nil }
}

public import KrunBroker
import KrunDiagnostics
package import KrunScenario

/// A cluster in memory that is there before a run and after it, and that others use: what steps make of it stays, faults too, until a step ends
/// them or the cluster does.
public final class StandingCluster: Sendable {
    let cluster: EmbeddedCluster
    /// How many there are, up or down.
    let brokers: Int
    /// Those of all its steps.
    let faults: ClusterFaults
    let memory: MemoryBound

    /// The cluster is the caller's, who closes it when no step runs on it any more.
    ///
    /// - Parameter brokers: how many it has.
    public init(_ cluster: EmbeddedCluster, brokers: Int) {
        self.cluster = cluster
        self.brokers = brokers
        faults = ClusterFaults(cluster)
        memory = MemoryBound(of: cluster)
    }

    /// What a step may name now.
    ///
    /// - Throws: where the cluster is closed.
    package func atHand() throws(ClusterError) -> ClusterAtHand {
        ClusterAtHand(
            topics: try cluster.topicContents().map {
                .init(name: $0.name, partitions: $0.partitions, cleanupPolicy: $0.cleanupPolicy)
            }, brokers: brokers)
    }
}

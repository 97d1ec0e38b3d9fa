import KrunBroker
import Synchronization

/// What happened in a cluster, as far as these tests ask.
final class ClusterHistory: Sendable {
    private struct State {
        var stopsAndStarts: [FaultSchedule.Upheaval] = []
        var records = 0
        var rebalances = 0
        /// Member → group.
        var members: [String: String] = [:]
    }

    private let cluster: EmbeddedCluster
    private let state = Mutex(State())

    /// From now on.
    init(of cluster: EmbeddedCluster) {
        self.cluster = cluster
        _ = cluster.events.observe { [weak self] event in
            self?.state.withLock { state in
                switch event.kind {
                case .brokerStopped(let id): state.stopsAndStarts.append(.stopBroker(id))
                case .brokerStarted(let id): state.stopsAndStarts.append(.startBroker(id))
                case .recordsAppended(let appended): state.records += appended.count
                case .groupChanged(_, "Stable", "PreparingRebalance", _): state.rebalances += 1
                case .memberJoined(let group, let member, _): state.members[member] = group
                case .memberLeft(_, let member, _): state.members[member] = nil
                default: break
                }
            }
        }
    }

    var stopsAndStarts: [FaultSchedule.Upheaval] { state.withLock { $0.stopsAndStarts } }
    /// How often a stable group had to join again, or lost a member.
    var rebalances: Int { state.withLock { $0.rebalances } }
    /// How many records stand in its logs.
    var records: Int { state.withLock { $0.records } }

    /// Throws the members out that are gone without a word, as the end of their sessions would: librdkafka 2.0 sends no LeaveGroup when it
    /// is closed within a second after it lost its coordinator.
    func expelMembers() {
        for (member, group) in state.withLock({ $0.members }) { try? cluster.expelMember(member, ofGroup: group) }
    }
}

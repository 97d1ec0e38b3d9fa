import KrunBroker
import Synchronization

/// What happened in a cluster, as far as these tests ask.
final class ClusterHistory: Sendable {
    private struct State {
        var stopsAndStarts: [FaultSchedule.Upheaval] = []
        var records = 0
    }

    private let state = Mutex(State())

    /// From now on.
    init(of cluster: EmbeddedCluster) {
        _ = cluster.events.observe { [weak self] event in
            self?.state.withLock { state in
                switch event.kind {
                case .brokerStopped(let id): state.stopsAndStarts.append(.stopBroker(id))
                case .brokerStarted(let id): state.stopsAndStarts.append(.startBroker(id))
                case .recordsAppended(let appended): state.records += appended.count
                default: break
                }
            }
        }
    }

    var stopsAndStarts: [FaultSchedule.Upheaval] { state.withLock { $0.stopsAndStarts } }
    /// How many records stand in its logs.
    var records: Int { state.withLock { $0.records } }
}

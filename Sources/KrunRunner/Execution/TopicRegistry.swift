import KrunKafka
import KrunOutcome
import KrunScenario
import Synchronization

/// The topics of a run as they are on the cluster, by their names in the file: steps make, change and delete them.
final class TopicRegistry: Sendable {
    struct Topic: Sendable {
        /// As the file declares it, with the configs that steps have set since.
        var declaration: TopicDeclaration
        /// In the ledger.
        let index: Int
        let actual: String
        var partitions: Int
        /// How many it is to have as soon as the cluster has done what a step asks for.
        var partitionsToCome: Int
        /// Of one that was there already: its cleanup.policy; nil where that is not known.
        let cleanupPolicy: String?
        /// Whether a step has made it.
        var isMadeByStep = false
        /// What steps have removed from its logs, as a sentence.
        var removal: String?
        /// A policy by which records may have gone from the middle of its logs, though it may be another by now.
        var compacting: String?
        /// How many records were missing when it was found to be compacted last.
        var missingAtCompaction = 0
        var isThere = true
    }

    private struct State {
        var topics: [String: Topic] = [:]
        /// In the order in which they came.
        var names: [String] = []
        /// Names on the broker → names in the file.
        var byActual: [String: String] = [:]
        /// Names on the broker that steps have made or deleted, in this order, and whether they are the run's now.
        var ownership: [(actual: String, isOwn: Bool)] = []
    }

    private let state = Mutex(State())

    /// The name on the broker of the one with this index in the ledger.
    func actualName(ofIndex index: Int) -> String {
        state.withLock { state in state.topics.values.first { $0.index == index }?.actual ?? "" }
    }

    // MARK: Changes

    func register(_ topic: Topic) {
        state.withLock { state in
            if state.topics[topic.declaration.name] == nil { state.names.append(topic.declaration.name) }
            state.topics[topic.declaration.name] = topic
            state.byActual[topic.actual] = topic.declaration.name
        }
    }

    func update(_ name: String, _ body: (inout Topic) -> Void) {
        state.withLock { state in
            guard var topic = state.topics[name] else { return }
            body(&topic)
            state.topics[name] = topic
        }
    }

    /// A step has made or deleted a topic on the broker.
    func own(_ actual: String, _ isOwn: Bool) { state.withLock { $0.ownership.append((actual, isOwn)) } }

    // MARK: Questions

    /// nil where there never was one.
    func find(_ name: String) -> Topic? { state.withLock { $0.topics[name] } }

    // The scenario was checked: every topic that a step names was declared, and so registered.
    subscript(name: String) -> Topic { state.withLock { $0.topics[name]! } }

    /// The names of those that are there, in the order in which they came.
    var present: [String] {
        state.withLock { state in state.names.filter { state.topics[$0]?.isThere == true } }
    }

    /// The name in the file; the broker's own where it is none of the run's.
    func name(ofActual actual: String) -> String {
        state.withLock { $0.byActual[actual] ?? actual }
    }

    /// By the name on the broker; nil where it is none of the run's.
    func partitions(ofActual actual: String) -> Int? {
        state.withLock { state in
            state.byActual[actual].flatMap { state.topics[$0]?.partitions }
        }
    }

    /// What is the run's own, after all that its steps did.
    func owned(before names: [String]) -> [String] {
        state.withLock { state in
            state.ownership.reduce(into: names) { names, change in
                names.removeAll { $0 == change.actual }
                if change.isOwn { names.append(change.actual) }
            }
        }
    }

    /// The topics of a report: those of the file as they are now, and those that steps have made.
    func outcomes(before outcomes: [TopicOutcome]) -> [TopicOutcome] {
        state.withLock { state in
            var outcomes = outcomes
            for name in state.names {
                guard let topic = state.topics[name] else { continue }
                if let index = outcomes.firstIndex(where: { $0.name == name }) {
                    outcomes[index].partitions = topic.partitions
                } else {
                    outcomes.append(
                        TopicOutcome(
                            name: name, actualName: topic.actual, partitions: topic.partitions,
                            replicationFactor: topic.declaration.replicationFactor,
                            existing: topic.declaration.existing))
                }
            }
            return outcomes
        }
    }
}

/// Tells members at work that topics have changed: librdkafka by itself looks every five minutes.
final class TopicNews: Sendable {
    private let changes = Atomic(0)
    private let deletions = Atomic(0)

    /// How often there was something new.
    var count: Int { changes.load(ordering: .relaxed) }
    /// Whether a topic was deleted, so that a member may miss what it subscribes to.
    var hasDeletions: Bool { deletions.load(ordering: .relaxed) > 0 }

    func tell(isDeletion: Bool = false) {
        if isDeletion { deletions.add(1, ordering: .relaxed) }
        changes.add(1, ordering: .relaxed)
    }
}

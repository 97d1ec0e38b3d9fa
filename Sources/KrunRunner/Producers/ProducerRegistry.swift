import Dispatch
import KrunChecks
import KrunConnection
import KrunKafka
import KrunNames
import Synchronization

/// The producers of a run that outlive their steps: by their names, and those that have left a transaction open.
final class ProducerRegistry: Sendable {
    private struct State {
        var named = NameMap<LiveProducer>()
        var unnamed: [LiveProducer] = []
        /// Transactional ids with which a producer is just getting ready.
        var gettingReady: Set<ExactName> = []
    }

    private let state = Mutex(State())

    /// The producer of that name; `make` makes it when it is asked for first.
    func producer(_ name: String, make: () throws(KafkaError) -> LiveProducer) throws(KafkaError) -> LiveProducer {
        // One step uses a name at a time.
        if let known = named(name) { return known }
        let made = try make()
        state.withLock { $0.named[name] = made }
        return made
    }

    /// nil for one that no step has used yet.
    func named(_ name: String) -> LiveProducer? { state.withLock { $0.named[name] } }

    /// A step's own, of which something has to be undone.
    func keep(_ producer: LiveProducer) { state.withLock { $0.unnamed.append(producer) } }

    /// Lets producers with one transactional id get ready one after the other: so it is known who came later, and fenced the other.
    ///
    /// - Throws: when it is not its turn in time.
    func gettingReady<Result>(
        _ id: String, within patience: Patience, _ body: () throws(KafkaError) -> Result
    ) throws(KafkaError) -> Result {
        let never = DispatchSemaphore(value: 0)
        while !state.withLock({ $0.gettingReady.insert(ExactName(id)).inserted }) {
            if patience.isOverOrHurried { throw .unanswered("waiting for another producer to get ready") }
            _ = never.wait(timeout: .now() + .milliseconds(5))
        }
        defer { state.withLock { _ = $0.gettingReady.remove(ExactName(id)) } }
        return try body()
    }

    /// How many have a transaction open.
    var open: Int { all.count { $0.transaction != nil } }

    private var all: [LiveProducer] { state.withLock { Array($0.named.values) + $0.unnamed } }

    /// Aborts what is open, and lets all of them go.
    func end(_ ledger: ScenarioLedger, within patience: Patience) {
        for producer in all { producer.finish(ledger, within: patience) }
        // Their clients are destroyed outside the lock.
        let gone = state.withLock { state in
            defer { state = State() }
            return state
        }
        withExtendedLifetime(gone) {}
    }
}

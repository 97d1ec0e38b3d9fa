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

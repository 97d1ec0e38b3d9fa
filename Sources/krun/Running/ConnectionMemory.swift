import KrunDiagnostics
import KrunOutcome
import Synchronization

/// Remembers that the Kafka of this command line cannot be reached, so that not every scenario waits for it again.
final class ConnectionMemory: Sendable {
    private let title = Mutex<String?>(nil)

    /// What was wrong; nil as long as it was reached.
    var trouble: String? { title.withLock { $0 } }

    func note(_ outcome: ScenarioOutcome) {
        // Only a scenario that reached its broker names it.
        guard outcome.status == .error, outcome.broker == nil, outcome.steps.isEmpty,
            let diagnostic = outcome.diagnostics.last, diagnostic.kind == .runtime, diagnostic.place == nil
        else { return }
        title.withLock { $0 = $0 ?? diagnostic.title }
    }
}

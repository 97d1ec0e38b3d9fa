package import KrunKafka
import Synchronization

/// Finds in a producer's log which messages are sent again.
package final class RetryWatch: Sendable {
    private let found = Mutex<[ProduceRetry]>([])
    private let debug: String?

    /// - Parameter properties: the user's; with a `debug` of their own, its lines are there too.
    package init(_ properties: ClientProperties) {
        debug = properties["debug"]
    }

    /// What `debug` must be for the producer.
    var debugProperty: String {
        guard let debug, !debug.isEmpty else { return ProduceRetry.debugContext }
        return "\(debug),\(ProduceRetry.debugContext)"
    }

    /// A log for the producer.
    ///
    /// - Parameter handler: sees the lines that were asked for.
    package func makeLog(handler: (@Sendable (ClientLog.Line) -> Void)?) -> ClientLog {
        let asked = (debug ?? "").split(separator: ",")
        let isAsked = asked.contains(Substring(ProduceRetry.debugContext)) || asked.contains("all")
        // The lines that are there for the retries alone would drive out those that say what is wrong.
        let isKept: @Sendable (ClientLog.Line) -> Bool = { isAsked || !ProduceRetry.isOfDebugContext($0) }
        return ClientLog(isKept: isKept) { [self] line in
            if let retry = ProduceRetry(line) { found.withLock { $0.append(retry) } }
            if let handler, isKept(line) { handler(line) }
        }
    }

    /// What was found since it was asked for last.
    func take() -> [ProduceRetry] {
        found.withLock { found in
            defer { found = [] }
            return found
        }
    }
}

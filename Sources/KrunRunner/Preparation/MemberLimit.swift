import KrunDiagnostics
import KrunScenario

/// How many members a step may have on a cluster: a client of librdkafka has a thread for each broker, used or not.
enum MemberLimit {
    /// For brokers, of all members of a step; with more the machine does little else than to begin and end threads.
    static let threads = 5_000

    /// - Parameter brokers: of the cluster; nil where that is not known.
    /// - Throws: what is wrong with the first step that has too many members.
    static func check(_ scenario: Scenario, brokers: Int?) throws(RunStop) {
        guard let brokers, brokers > 0 else { return }
        for step in scenario.steps {
            guard case .consume(let consume) = step.action, consume.members * brokers > threads else { continue }
            throw .trouble(
                Diagnostic(
                    .runtime, "\(consume.members) members are too many on a cluster of \(brokers) brokers",
                    at: step.place(of: "members"), label: "at most \(threads / brokers) here",
                    notes: [
                        "each member has a thread for each broker: \(consume.members * brokers) in all, and krun runs at most \(threads)",
                        "fewer members, or a cluster of fewer brokers (\"embedded\": { \"brokers\": \(max(1, threads / consume.members)) })",
                    ]))
        }
    }
}

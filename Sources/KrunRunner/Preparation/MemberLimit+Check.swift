import KrunDiagnostics
import KrunScenario

extension MemberLimit {
    /// - Parameter brokers: of the cluster; nil where that is not known.
    /// - Throws: what is wrong with the first step that has too many members.
    static func check(_ scenario: Scenario, brokers: Int?) throws(RunStop) {
        guard let brokers, brokers > 0 else { return }
        for step in scenario.steps {
            guard case .consume(let consume) = step.action,
                let fault = fault(members: consume.members, brokers: brokers)
            else { continue }
            throw .trouble(
                Diagnostic(
                    .runtime, fault.message, at: step.place(of: "members"), label: fault.label, notes: fault.notes))
        }
    }
}

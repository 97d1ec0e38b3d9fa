import KrunDiagnostics
import KrunScenario

extension MemberLimit {
    /// - Parameter brokers: of the cluster; nil where that is not known.
    /// - Throws: what is wrong with the first step that has too many members, alone or with what is beside it.
    static func check(_ scenario: Scenario, brokers: Int?) throws(RunStop) {
        guard let brokers, brokers > 0 else { return }
        for step in scenario.allSteps {
            let members =
                switch step.action {
                case .consume(let consume): consume.members
                case .group(let membership):
                    if case .members(let names) = membership.change { names.count } else { 0 }
                default: 0
                }
            guard let fault = fault(members: members, brokers: brokers) else { continue }
            throw .trouble(
                Diagnostic(
                    .runtime, fault.message, at: step.place(of: "members"), label: fault.label, notes: fault.notes))
        }
        for step in scenario.steps {
            guard let fault = fault(members: membersAtOnce(step), brokers: brokers) else { continue }
            throw .trouble(
                Diagnostic(.runtime, fault.message, at: step.place(), label: fault.label, notes: fault.notes))
        }
    }

    /// How many members are at work at one time at most.
    private static func membersAtOnce(_ step: Step) -> Int {
        func most(_ steps: [Step]) -> Int { steps.map { membersAtOnce($0) }.max() ?? 0 }
        switch step.action {
        case .consume(let consume): return consume.members
        case .together(let branches): return branches.reduce(0) { $0 + most($1) }
        case .repeat(let rounds): return rounds.map { most($0) }.max() ?? 0
        case .group(let membership):
            if case .members(let names) = membership.change { return names.count }
            return 0
        case .produce, .transaction, .offsets, .topic, .fault, .pause: return 0
        }
    }
}

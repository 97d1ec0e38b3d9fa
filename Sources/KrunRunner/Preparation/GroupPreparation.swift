import KrunConnection
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunNames
import KrunOutcome
import KrunScenario

/// Makes sure that a scenario's groups are its own, or those it declared to be there already.
struct GroupPreparation {
    let run: ScenarioRun

    /// Tells `owned` of each group that is ours from now on.
    func prepare(_ owned: inout OwnedNames, _ outcome: inout ScenarioOutcome) throws(RunStop) {
        var seen: Set<ExactName> = []
        for step in run.scenario.allSteps {
            let name: String? =
                switch step.action {
                case .consume(let consume): consume.group
                case .group(let membership): membership.group
                case .offsets(let offsets): offsets.group
                default: nil
                }
            guard let group = name, seen.insert(ExactName(group)).inserted else { continue }
            let existing = run.isExistingGroup(group)
            let actual = run.actualGroup(group)
            if !existing, run.cluster.isShared, run.names.suffix.isEmpty {
                try refuseUsed(group, step: step)
            }
            if !existing { owned.groups.append(actual) }
            outcome.groups.append(GroupOutcome(name: group, actualName: actual, existing: existing))
        }
    }

    /// With exact names a group is ours only if it was absent before.
    private func refuseUsed(_ group: String, step: Step) throws(RunStop) {
        let deadline = Deadline(after: run.scenario.timeouts.connect)
        let description: GroupDescription?
        let committed: Int
        do {
            description = try run.cluster.admin.describeGroups([group], timeout: deadline.remaining).first
            committed = try run.cluster.admin.groupOffsets(group, timeout: deadline.remaining).count
        } catch {
            throw run.trouble("cannot look at group \(group)", error, step: step)
        }
        let members = description?.members.count ?? 0
        guard members > 0 || committed > 0 else { return }
        let what =
            members > 0
            ? "it has \(members) \(members == 1 ? "member" : "members")"
            : "it has committed offsets in \(committed) \(committed == 1 ? "partition" : "partitions")"
        throw .trouble(
            Diagnostic(
                .runtime, "group \(group) is in use on this broker", at: step.place(of: "group"),
                label: what,
                notes: [
                    "declare it: \"groups\": [{ \"name\": \"\(group)\", \"existing\": true }]; names are as in the file with --exact-names, and beside --with"
                ]))
    }
}

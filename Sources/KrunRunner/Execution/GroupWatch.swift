import Dispatch
import KrunChecks
import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunOutcome
import KrunScenario

/// Runs one `group` step that changes nothing, on a group in which no member of this scenario is: somebody else's service has come up once
/// the group is stable and as expected.
struct GroupWatch: StepExecution {
    let step: Step
    let membership: MembershipStep
    let run: ScenarioRun

    /// Between two looks.
    private static let interval = Duration.milliseconds(100)

    func execute() throws(RunStop) -> StepResult {
        let deadline = Deadline(after: run.scenario.timeouts.join)
        let never = DispatchSemaphore(value: 0)
        var outcome = MembershipOutcome(group: membership.group)
        run.wait("waiting until the group is stable and as expected", step: step)
        while true {
            if run.interruption.isRequested { throw .interrupted }
            guard let description = try run.describe(group: membership.group, step: step) else { break }
            outcome = self.outcome(of: description)
            outcome.duration = deadline.elapsed
            if outcome.state == "Stable" || membership.expect.state != nil, isAsExpected(outcome) { break }
            if deadline.hasPassed { break }
            _ = never.wait(timeout: .now() + .nanoseconds(Int(Self.interval / .nanoseconds(1))))
        }
        let wanted = membership.expect.isEmpty && outcome.state != "Stable"
        let trouble =
            wanted
            ? run.diagnostic(
                .runtime, "group \(membership.group) did not become stable in time", step: step,
                notes: [
                    "after \(deadline.elapsed.formattedForPeople) (timeouts.join) it is \(outcome.state ?? "unknown")"
                ] + run.recentTrouble()) : nil
        return StepResult(trouble: trouble) { [outcome] in StepResult.Conclusion(result: .group(outcome)) }
    }

    private func isAsExpected(_ outcome: MembershipOutcome) -> Bool {
        Judge.judge(
            step: step, stepCount: run.scenario.numberedSteps, outcome: .group(outcome), invariants: [],
            partitionCounts: [:], partitioners: [:]
        ).isEmpty
    }

    /// Its members by their `group.instance.id`, or else their `client.id`; of several with one name those after the first have their
    /// number behind it, such as `service 2`.
    private func outcome(of description: GroupDescription) -> MembershipOutcome {
        var outcome = MembershipOutcome(group: membership.group)
        outcome.state = description.state
        outcome.error = description.error?.name
        let group = run.liveGroup(membership.group)
        var seen: [String: Int] = [:]
        outcome.members = description.members.map { member in
            let name = member.instanceID ?? member.clientID
            seen[name, default: 0] += 1
            let number = seen[name] ?? 1
            return MemberOutcome(
                name: number == 1 ? name : "\(name) \(number)",
                partitions: group.places(member.partitions).map(\.description), messages: 0)
        }
        return outcome
    }
}

import KrunChecks
import KrunConnection
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunOutcome
import KrunScenario

/// Runs one `group` step: members come and go, and the step waits until the group is stable.
struct MembershipExecution: StepExecution {
    let step: Step
    let membership: MembershipStep
    let run: ScenarioRun

    func execute() throws(RunStop) -> StepResult {
        let group = run.liveGroup(membership.group)
        if membership.change == .none, group.members.isEmpty, group.roster.members.isEmpty {
            return try GroupWatch(step: step, membership: membership, run: run).execute()
        }
        var isShared = run.mayBeShared(group: membership.group) ? try looksBeforeJoining() : false
        let clock = Deadline(after: .zero)
        var outcome = MembershipOutcome(group: membership.group)
        var stopped: RunStop?
        let joining = group.joining
        do throws(RunStop) {
            try group.whileChanging { () throws(RunStop) in
                let awaited = try change(group)
                try awaitStability(of: group, awaited, isShared: &isShared)
            }
        } catch {
            stopped = error
        }
        outcome.duration = clock.elapsed
        if let error = group.takeError() {
            outcome.error = error.name
            // Who could not join is not there.
            for member in group.roster.present where member.generation == nil { group.end(member.name, .leave) }
            group.joinEnded(within: patience)
            group.joins(as: joining)
            if membership.expect.error != nil { stopped = nil }
        }
        if stopped == nil, !run.interruption.isRequested { describe(group, &outcome) }
        return result(outcome, group, isShared: isShared, stopped)
    }

    private var patience: Patience {
        Patience(budget: Budget.leave, watch: run.cluster.watch, interruption: run.interruption)
    }

    private func looksBeforeJoining() throws(RunStop) -> Bool {
        guard let description = try run.describe(group: membership.group, step: step) else { return false }
        try run.refuseDangerousMembers(of: description, group: membership.group, step: step)
        return run.hasForeignMembers(description)
    }

    // MARK: The change

    /// What the group has to have noticed before it is stable.
    private struct Awaited {
        /// A generation that is over; nil where the change does not end one.
        var generation: Int32?
        /// The ids of members that are gone, for whom nobody is left to be told of it.
        var gone: Set<String> = []
        /// On top of `timeouts.join`: what the group takes to notice.
        var extra: Duration = .zero

        /// These have gone, and the others are to be told of it.
        mutating func departure(of gone: [String], in before: GroupRoster) {
            generation = before.latestGeneration
            self.gone = Set(before.members.filter { gone.contains($0.name) }.compactMap(\.id))
        }
    }

    private func change(_ group: LiveGroup) throws(RunStop) -> Awaited {
        var awaited = Awaited()
        switch membership.change {
        case .none: break
        case .members(let names):
            let before = group.roster
            let leaving = group.members.map(\.name).filter { !names.contains($0) }
            let joining = group.joining
            for name in leaving { group.end(name, .leave) }
            if !leaving.isEmpty {
                wait("members leave")
                group.joinEnded(within: patience)
                // A static member does not say so: the group goes on as it was.
                if !joining.isStatic { awaited.departure(of: leaving, in: before) }
            }
            try join(names, group)
        case .crash(let names):
            let before = group.roster
            for name in names { group.end(name, .crash) }
            wait("members crash")
            group.joinEnded(within: patience)
            awaited.departure(of: names, in: before)
            awaited.extra = settings(of: group).sessionTimeout
        case .stall(let name, let duration):
            guard let member = group.members.first(where: { $0.name == name }) else { break }
            let duration = duration ?? settings(of: group).pollInterval * 3 / 2
            group.stalled(name, true)
            member.stall(for: duration)
            awaited.extra = duration
        }
        // A place that is kept may have to be waited for.
        if !group.roster.away.isEmpty { awaited.extra = max(awaited.extra, settings(of: group).sessionTimeout) }
        return awaited
    }

    private func join(_ names: [String], _ group: LiveGroup) throws(RunStop) {
        let live = Set(group.members.map(\.name))
        let new = names.filter { !live.contains($0) }
        guard !new.isEmpty else { return }
        var joining = group.joining
        if membership.saysClient || joining.topics.isEmpty { joining.client = membership.client }
        if !membership.topics.isEmpty { joining.topics = membership.topics }
        if let assignor = membership.assignor { joining.assignor = assignor }
        if let isStatic = membership.isStatic { joining.isStatic = isStatic }
        if let isolation = membership.isolation { joining.isolation = isolation }
        try run.checkMembers(adding: new.count, step: step)
        group.joins(as: joining)
        wait("members join") {
            "\(group.roster.members.count { $0.generation != nil }) of \(names.count) members"
        }
        for (number, name) in new.enumerated() {
            let settings = run.memberSettings(
                name, of: names.count, group: membership.group, joining: joining, remains: true)
            do throws(WorkerThreadError) {
                try group.start(settings)
            } catch {
                throw run.tooFewThreads(number, of: new.count, error, step: step)
            }
        }
    }

    private func settings(of group: LiveGroup) -> MemberSettings {
        run.memberSettings("1", of: 1, group: membership.group, joining: group.joining, remains: true)
    }

    // MARK: Waiting

    private func wait(_ what: String, howFar: @escaping @Sendable () -> String = { "" }) {
        run.wait(what, step: step, howFar: howFar)
    }

    private func awaitStability(
        of group: LiveGroup, _ awaited: Awaited, isShared: inout Bool
    ) throws(RunStop) {
        let deadline = Deadline(after: run.scenario.timeouts.join + awaited.extra)
        wait("waiting until the group is stable") {
            let roster = group.roster
            return "\(roster.members.count { $0.generation != nil }) of \(roster.present.count) members"
        }
        var looked: ContinuousClock.Instant?
        while true {
            if run.interruption.isRequested { throw .interrupted }
            if let error = group.error {
                throw run.trouble("group \(membership.group) cannot be formed", error, step: step)
            }
            let roster = group.roster
            if roster.present.isEmpty {
                if awaited.gone.isEmpty { return }
                if try haveGone(awaited.gone) { return }
            } else if roster.isStable(after: awaited.generation, isShared: isShared) {
                return
            } else if roster.generation != nil, looked.map({ .now - $0 >= Self.interval }) ?? true {
                // All have what they get, and it is not all: somebody else has the rest.
                looked = .now
                isShared = try lookAtOthers(group) || isShared
            }
            if deadline.hasPassed { throw notStable(roster, after: deadline.elapsed) }
            group.waitForChange()
        }
    }

    /// Between two questions to the coordinator.
    private static let interval = Duration.milliseconds(200)

    /// Learns who has what of the members that are away; returns whether there are others than the scenario's.
    private func lookAtOthers(_ group: LiveGroup) throws(RunStop) -> Bool {
        guard run.cluster.isShared || run.hasCompanion || !group.roster.away.isEmpty,
            let description = try run.describe(group: membership.group, step: step)
        else { return false }
        update(group, description)
        return run.hasForeignMembers(description)
    }

    /// While a rebalance is under way nobody tells who owns what.
    private func update(_ group: LiveGroup, _ description: GroupDescription) {
        guard !group.roster.away.isEmpty, description.state == "Stable" else { return }
        let owners = Dictionary(
            description.members.map { ($0.id, $0.partitions) }, uniquingKeysWith: { first, _ in first })
        group.update { $0.update(away: owners) }
    }

    /// Whether the coordinator has none of these members any more.
    private func haveGone(_ ids: Set<String>) throws(RunStop) -> Bool {
        guard let description = try run.describe(group: membership.group, step: step) else { return true }
        return !description.members.contains { ids.contains($0.id) }
    }

    private func notStable(_ roster: GroupRoster, after elapsed: Duration) -> RunStop {
        let members = roster.members.prefix(10).map { member in
            let generation = member.generation.map { "generation \($0)" } ?? "no assignment yet"
            return "\(member.name): \(member.owned.count) partitions, \(member.isAway ? "away" : generation)"
        }
        return .trouble(
            run.diagnostic(
                .runtime, "group \(membership.group) did not become stable in time", step: step,
                notes: ["after \(elapsed.formattedForPeople) (timeouts.join)"] + members + run.recentTrouble()))
    }

    // MARK: The end

    /// Asks the coordinator in which state the group is, and whose places it keeps.
    private func describe(_ group: LiveGroup, _ outcome: inout MembershipOutcome) {
        guard let description = try? run.describe(group: membership.group, step: step) else { return }
        outcome.state = description.state
        update(group, description)
    }

    private func result(
        _ found: MembershipOutcome, _ group: LiveGroup, isShared: Bool, _ stopped: RunStop?
    ) -> StepResult {
        var outcome = found
        let roster = group.roster
        outcome.generation = roster.present.isEmpty ? nil : roster.generation
        outcome.members = roster.members.map { member in
            MemberOutcome(name: member.name, partitions: group.places(member.owned).map(\.description), messages: 0)
        }
        outcome.away = roster.away.map(\.name)
        let change = group.update { $0.settle() }
        outcome.moves = change.moved.sorted {
            ($0.key.topic, $0.key.partition) < ($1.key.topic, $1.key.partition)
        }.map { partition, owners in
            PartitionMove(group.place(partition).description, from: owners.from, to: owners.to)
        }
        outcome.revoked = change.revoked.count
        outcome.rebalances = change.rebalances
        if stopped == nil, outcome.error == nil, !isShared, !roster.present.isEmpty {
            let places = roster.present.reduce(into: Set<TopicPartition>()) { $0.formUnion($1.partitions) }
            let kept = roster.away.reduce(into: Set<TopicPartition>()) { $0.formUnion($1.owned) }
            group.ledger.stable(group.places(places.subtracting(kept)))
        }
        let invariants = group.ledger.conclude(foreignMembers: isShared, allow: step.allow)
        var trouble: Diagnostic?
        if case .trouble(let diagnostic) = stopped { trouble = diagnostic }
        var result = StepResult(trouble: trouble) { [outcome] in
            StepResult.Conclusion(result: .group(outcome), invariants: invariants)
        }
        result.isInterrupted = stopped?.isInterruption ?? false
        return result
    }
}

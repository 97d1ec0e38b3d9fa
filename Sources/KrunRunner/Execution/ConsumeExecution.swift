import KrunChecks
import KrunConnection
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunOutcome
import KrunScenario

/// Runs one `consume` step: members that join, read when the group is stable, commit, and leave.
struct ConsumeExecution: StepExecution {
    let step: Step
    let consume: ConsumeStep
    let run: ScenarioRun
    var mode = ConsumingMode.batches

    func execute() throws(RunStop) -> StepResult {
        let clock = Deadline(after: .zero)
        wait("looking up offsets")
        let plan = try makePlan()
        var others = mayBeShared ? try looksBeforeJoining() : false
        let ledger = run.ledger.beginConsume(
            group: consume.group, topics: consume.topics.map { run.topicIndex($0) }, members: consume.members,
            judgesLoss: consume.until == .end,
            keeping: consume.topics.map { KeptValues(for: consume.expect, topic: $0) })
        ledger.starts(at: plan.wantedStarts)
        if let group = consume.group, run.isExistingGroup(group) { ledger.wasCommitted(plan.committed) }
        let state = ConsumeState(
            group: GroupProgress(
                members: consume.members, partitions: Set(plan.all), sharesGroup: others),
            progress: ReadingProgress(until: consume.until, starts: plan.starts, targets: targets(plan)),
            phase: consume.group == nil ? .reading : .joining)
        var threads: [WorkerThread] = []
        var joinDuration: Duration?
        var reading: Deadline?
        var satisfied = false
        var stopped: RunStop?
        do throws(RunStop) {
            try startMembers(plan, state, ledger, &threads)
            if consume.group != nil { joinDuration = try awaitStability(state, plan, ledger, &others) }
            reading = Deadline(after: run.scenario.timeouts.receive)
            satisfied = try read(state, plan, deadline: reading!, &others)
            try awaitCommits(state)
            if !others, mayBeShared { others = hasForeignMembers(besidesThoseOf: state) }
        } catch {
            stopped = error
        }
        let receiveDuration = reading?.elapsed ?? .zero
        leave(threads, state)
        return finish(
            plan, state, ledger, clock: clock, joinDuration: joinDuration, receiveDuration: receiveDuration,
            satisfied: satisfied, ranOut: reading?.hasPassed == true, others: others, stopped: stopped)
    }

    // MARK: Members

    private func memberTask(
        _ member: Int, plan: ConsumePlan, state: ConsumeState, ledger: ConsumeLedger
    ) -> GroupMember.Task {
        var mandatory: ClientProperties = [
            "enable.auto.commit": "false", "enable.auto.offset.store": "false", "enable.partition.eof": "true",
            "auto.offset.reset": "earliest",
        ]
        // Without one the consumer needs no permission on any group.
        if let group = consume.group { mandatory["group.id"] = run.actualGroup(group) }
        if let assignor = consume.assignor { mandatory["partition.assignment.strategy"] = assignor.rawValue }
        // Brokers make a member's id from it, and assignors go by the ids: so member 1 comes first in every run.
        let number = String(member + 1)
        let width = String(consume.members).count
        let name = "krun-" + String(repeating: "0", count: width - number.count) + number
        let ahead = FetchAhead(consumers: consume.members, brokers: run.cluster.outcome.brokers ?? 1)
        let properties = run.layers.properties(
            defaults: ahead.properties.merging(run.cluster.consumerDefaults(members: consume.members)).merging([
                "client.id": name
            ]),
            scenario: consume.client, mandatory: mandatory)
        return GroupMember.Task(
            member: member, consume: consume, plan: plan, properties: properties, log: run.cluster.log, state: state,
            ledger: ledger, interruption: run.interruption, watch: run.cluster.watch, mode: mode,
            end: { state.withLock { $0.budgetEnd } })
    }

    /// Also when one of them cannot be started, `threads` has the others.
    private func startMembers(
        _ plan: ConsumePlan, _ state: ConsumeState, _ ledger: ConsumeLedger, _ threads: inout [WorkerThread]
    ) throws(RunStop) {
        do throws(WorkerThreadError) {
            for member in 0..<consume.members {
                let task = memberTask(member, plan: plan, state: state, ledger: ledger)
                threads.append(
                    try WorkerThread(name: "krun member \(member + 1)") { GroupMember.run(task) })
            }
        } catch {
            throw .trouble(
                run.diagnostic(
                    .runtime, "only \(threads.count) of \(consume.members) members could be started", step: step,
                    notes: [
                        "each member runs on a thread of its own, and the system gave no more: \(error.reason)",
                        "use fewer members, or raise the limit on threads (ulimit -u)",
                    ]))
        }
    }

    /// Lets the members leave; one that does not come back from librdkafka is left there.
    private func leave(_ threads: [WorkerThread], _ state: ConsumeState) {
        wait("leaving the group")
        let patience = Patience(
            budget: Budget.leave, watch: run.cluster.watch, interruption: run.interruption)
        state.withLock { $0.phase = .leaving }
        for thread in threads {
            // When it is over for the members, too, their clients are given a moment to be destroyed.
            while !patience.isOverOrHurried, !thread.wait(for: .milliseconds(100)) {}
            _ = thread.join(within: .seconds(1))
        }
    }
}

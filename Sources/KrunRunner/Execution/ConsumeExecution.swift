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
        let group = consume.group.map { run.liveGroup($0) }
        let crew = group?.members ?? []
        if let group, !crew.isEmpty { try checkSubscription(of: group) }
        let names = crew.isEmpty ? consume.memberNames : crew.map(\.name)
        // Members that are away come back to these, if they do in time.
        let kept = group?.kept ?? [:]
        wait("looking up offsets")
        let plan = try makePlan(kept: group?.positions ?? [:])
        var others = mayBeShared ? try looksBeforeJoining() : false
        let ledger = run.ledger.beginConsume(
            group: consume.group, topics: consume.topics.map { run.topicIndex($0) }, members: names.count,
            names: names, judgesLoss: consume.until.isEnd, isolation: consume.isolation,
            keeping: consume.topics.map { KeptValues(for: consume.expect, topic: $0) })
        ledger.starts(at: plan.wantedStarts)
        if let group = consume.group {
            run.isExistingGroup(group) ? ledger.wasCommitted(plan.committed) : ledger.foundCommitted(plan.committed)
        }
        let state = ConsumeState(
            group: GroupProgress(
                members: names.count, partitions: Set(plan.all).subtracting(kept.keys), sharesGroup: others),
            progress: ReadingProgress(until: consume.until, starts: plan.starts, targets: targets(plan)),
            phase: consume.group == nil ? .reading : .joining)
        let stays = consume.group != nil && (consume.stays || !crew.isEmpty)
        state.withLock { shared in
            shared.progress.readsOn = consume.settle != nil
            shared.records = RecordWatch(for: consume)
        }
        let session = ReadingSession(state: state, ledger: ledger) { [self] member in
            ReadingTask(
                member: member, consume: consume, plan: plan, state: state, ledger: ledger,
                mode: mode(of: consume.commit), stays: stays,
                partitionCount: { [topics = run.topics, names = consume.topics] in
                    let topic = topics[names[$0]]
                    return topic.declaration.existing ? topic.partitions : topic.partitionsToCome
                },
                isOver: { [interruption = run.interruption] in interruption.isRequested }, events: run.events,
                step: step.path, reader: .init(group: consume.group, name: member < names.count ? names[member] : nil),
                patience: .milliseconds(min(10, names.count)))
        }
        if stays, let group, !group.begin(session) { throw isReadAlready() }
        defer { if stays { group?.endSession() } }
        var own: [LiveMember] = []
        var joinDuration: Duration?
        var reading: Deadline?
        var satisfied = false
        var stopped: RunStop?
        do throws(RunStop) {
            if crew.isEmpty {
                try startMembers(names, session, stays: stays, &own)
            } else {
                for (number, member) in crew.enumerated() { member.read(session.task(number)) }
            }
            if consume.group != nil { joinDuration = try awaitStability(state, plan, ledger, kept, &others) }
            reading = Deadline(after: run.scenario.timeouts.receive)
            satisfied = try read(state, plan, deadline: reading!, &others)
            try awaitCommits(state)
            if !others, mayBeShared { others = hasForeignMembers(besidesThoseOf: state) }
        } catch {
            stopped = error
        }
        let receiveDuration = reading?.elapsed ?? .zero
        if stays { remain(state, group) } else { leave(own, state) }
        ledger.remember()
        return finish(
            plan, state, ledger, kept: kept, clock: clock, joinDuration: joinDuration, receiveDuration: receiveDuration,
            satisfied: satisfied, ranOut: reading?.hasPassed == true, others: others, stopped: stopped)
    }

    /// Who commits while it reads knows what it has read.
    private func mode(of commit: ConsumeStep.Commit) -> ConsumingMode {
        switch commit {
        case .each, .every: .oneByOne
        case .end, .auto, .none: mode
        }
    }

    // MARK: Members

    /// Also when one of them cannot be started, `own` has the others; those that remain are in their group.
    private func startMembers(
        _ names: [String], _ session: ReadingSession, stays: Bool, _ own: inout [LiveMember]
    ) throws(RunStop) {
        let joining = LiveGroup.Joining(
            topics: consume.topics, assignor: consume.assignor, isStatic: consume.isStatic,
            isolation: consume.isolation, client: consume.client)
        try run.checkMembers(adding: names.count, step: step)
        let group = stays ? consume.group.map { run.liveGroup($0) } : nil
        group?.joins(as: joining)
        for (number, name) in names.enumerated() {
            let settings = run.memberSettings(
                name, of: names.count, group: consume.group, joining: joining, remains: stays)
            do throws(WorkerThreadError) {
                if let group {
                    try group.start(settings, reading: session.task(number))
                } else {
                    own.append(try LiveMember.start(settings, reading: session.task(number)))
                }
            } catch {
                throw run.tooFewThreads(number, of: names.count, error, step: step)
            }
        }
    }

    /// Members read what they subscribe to, and nothing else.
    private func checkSubscription(of group: LiveGroup) throws(RunStop) {
        let subscribed = group.joining.topics
        guard Set(subscribed) != Set(consume.topics) else { return }
        throw .trouble(
            run.diagnostic(
                .runtime, "the members of group \(group.name) read other topics", step: step, of: "consume",
                label: "they subscribe to \(subscribed.joined(separator: ", "))",
                notes: ["let them leave first: { \"group\": \"\(group.name)\", \"members\": [] }"]))
    }

    private func isReadAlready() -> RunStop {
        .trouble(
            run.diagnostic(
                .runtime, "another step reads with the members of group \(consume.group ?? "")", step: step,
                of: "group", notes: ["steps side by side need groups of their own, or members of their own"]))
    }

    /// Lets the members leave; one that does not come back from librdkafka is left there.
    private func leave(_ members: [LiveMember], _ state: ConsumeState) {
        wait("leaving the group")
        let patience = Patience(
            budget: Budget.leave, watch: run.cluster.watch, interruption: run.interruption)
        state.withLock { $0.phase = .over }
        for member in members { member.end(.leave) }
        for member in members { member.join(within: patience) }
    }

    /// Lets the members read no more, and remain.
    private func remain(_ state: ConsumeState, _ group: LiveGroup?) {
        wait("reading no more")
        let patience = Patience(
            budget: Budget.leave, watch: run.cluster.watch, interruption: run.interruption)
        state.withLock { $0.phase = .over }
        while !patience.isOverOrHurried,
            !state.withLock({ $0.returnedMembers.isSuperset(of: $0.group.present) })
        {
            state.waitForChange()
        }
        // What changed hands meanwhile the step has judged, and says how often.
        group?.ledger.conclude(foreignMembers: false, allow: [])
        _ = group?.update { $0.settle() }
    }
}

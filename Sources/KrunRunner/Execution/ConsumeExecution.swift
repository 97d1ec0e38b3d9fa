import KrunChecks
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunOutcome
import KrunScenario

/// Runs one `consume` step: members that join, read when the group is stable, commit, and leave.
struct ConsumeExecution {
    let step: Step
    let consume: ConsumeStep
    let run: ScenarioRun
    var mode = ConsumingMode.batches

    /// - Throws: what kept it from beginning; afterwards it is in the result, with what was done until then.
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

    // MARK: Before reading

    private func makePlan() throws(RunStop) -> ConsumePlan {
        do {
            return try ConsumePlan(
                topics: consume.topics.map { run.actualName($0) },
                partitionCounts: consume.topics.map { run.partitionCount($0) }, from: consume.from,
                offsets: offsets, timeout: run.scenario.timeouts.connect)
        } catch {
            throw run.trouble(
                "cannot look up the offsets of \(consume.topics.joined(separator: ", "))", error, step: step)
        }
    }

    private var offsets: GroupOffsets {
        let hold = run.cluster.adminHold
        return GroupOffsets(admin: run.cluster.admin, group: consume.group.map { run.actualGroup($0) }) {
            () throws(KafkaError) in
            try AdminClient(
                properties: run.layers.commandLine.merging(run.cluster.mandatory)
                    .merging(["isolation.level": "read_uncommitted"]), log: run.cluster.log
            ) { hold.isOver }
        }
    }

    /// Whether others know the group's name, so that they may be in it without having to guess.
    private var mayBeShared: Bool {
        guard let group = consume.group, run.cluster.isShared else { return false }
        return run.isExistingGroup(group) || run.names.suffix.isEmpty
    }

    /// Whether the group has members that are not this scenario's; throws where joining beside one of them would be dangerous.
    private func looksBeforeJoining() throws(RunStop) -> Bool {
        guard let group = consume.group, let description = try describeGroup() else { return false }
        if let member = description.memberThatKillsLeaders {
            let refusal = JoinRefusal(member, of: run.actualGroup(group))
            throw .trouble(
                Diagnostic(
                    .runtime, refusal.title, at: step.place(of: "group"), label: refusal.label, notes: refusal.notes))
        }
        return hasForeignMembers(description)
    }

    private func hasForeignMembers(_ description: GroupDescription) -> Bool {
        description.members.contains { !run.memberIDs.contains($0.id) }
    }

    /// Nil without a group.
    private func describeGroup() throws(RunStop) -> GroupDescription? {
        guard let group = consume.group else { return nil }
        do {
            let patience = Patience(
                budget: run.scenario.timeouts.connect, watch: run.cluster.watch, interruption: run.interruption)
            return try run.cluster.adminHold.with(patience) { () throws(KafkaError) in
                try run.cluster.admin.describeGroups(
                    [run.actualGroup(group)], timeout: run.scenario.timeouts.connect)
            }.first
        } catch {
            throw run.trouble("cannot look at group \(group)", error, step: step)
        }
    }

    /// The same once the step's own members have joined. Where nobody can say, there may be others.
    private func hasForeignMembers(besidesThoseOf state: ConsumeState) -> Bool {
        guard run.cluster.isShared else { return false }
        run.memberIDs.formUnion(state.withLock { $0.memberIDs })
        return (try? describeGroup()).map { $0.map(hasForeignMembers) ?? false } ?? true
    }

    /// The end that is waited for: what was there when the step began, and what this scenario was acknowledged, which a
    /// follower-acknowledged end offset may not show yet.
    private func targets(_ plan: ConsumePlan) -> [[Int64]] {
        consume.topics.indices.map { topic in
            let acknowledged = run.ledger.acknowledgedEnds(topic: run.topicIndex(consume.topics[topic]))
            return zip(plan.ends[topic], acknowledged).map(max)
        }
    }

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

    // MARK: Waiting

    private func wait(_ what: String, howFar: @escaping @Sendable () -> String = { "" }) {
        run.wait("\(what)", step: step, howFar: howFar)
    }

    /// Returns how long it took.
    private func awaitStability(
        _ state: ConsumeState, _ plan: ConsumePlan, _ ledger: ConsumeLedger, _ others: inout Bool
    ) throws(RunStop) -> Duration {
        let deadline = Deadline(after: run.scenario.timeouts.join)
        var lookedAt: Int32?
        let members = consume.members
        wait("joining the group") {
            "\(state.withLock { $0.group.assignedMembers }) of \(members) \(members == 1 ? "member" : "members")"
        }
        while true {
            try check(state)
            // All of ours have what they get, and it is not all: somebody else has the rest.
            if !others, let generation = state.withLock({ $0.group.isStable ? nil : $0.group.generation }),
                generation != lookedAt
            {
                lookedAt = generation
                others = hasForeignMembers(besidesThoseOf: state)
                if others { state.withLock { $0.group.sharesGroup = true } }
            }
            let isStable = state.withLock { shared in
                guard shared.group.isStable else { return false }
                shared.group.settle()
                // Under the same lock, so that no revocation comes in between.
                ledger.stable()
                shared.progress.leaveToOthers(allBut: shared.group.owned.compactMap { plan.index(of: $0) })
                shared.phase = .reading
                shared.lastRecord = .now
                return true
            }
            if isStable { return deadline.elapsed }
            if deadline.hasPassed {
                let joined = state.withLock { $0.group.assignedMembers }
                throw .trouble(
                    run.diagnostic(
                        .runtime, "group \(consume.group ?? "") did not become stable in time", step: step,
                        notes: [
                            "after \(deadline.elapsed.formattedForPeople) (timeouts.join) \(joined) of "
                                + "\(consume.members) members had an assignment; nothing was read"
                        ] + run.recentTrouble()))
            }
            state.waitForChange()
        }
    }

    /// Returns whether `until` was satisfied before the receive budget ran out.
    private func read(
        _ state: ConsumeState, _ plan: ConsumePlan, deadline: Deadline, _ others: inout Bool
    ) throws(RunStop) -> Bool {
        var rebalances = 0
        state.withLock {
            $0.phase = .reading
            $0.lastRecord = .now
            $0.budgetEnd = .now + deadline.remaining
        }
        wait("reading") {
            let progress = state.withLock { $0.progress }
            return "\(progress.messages)\(Self.aim(progress)) messages"
        }
        while true {
            try check(state)
            let later = state.withLock { $0.group.generation == nil ? rebalances : $0.group.rebalances }
            if later > rebalances {
                rebalances = later
                lookAgain(state, plan, &others)
            }
            let (satisfied, done) = state.withLock { shared in
                let satisfied = shared.progress.isSatisfied(quiet: shared.lastRecord.duration(to: .now))
                let done = satisfied || deadline.hasPassed
                if done { shared.phase = .committing }
                return (satisfied, done)
            }
            if done { return satisfied }
            state.waitForChange()
        }
    }

    /// After a rebalance: others may have come, who read what the step's members had until now, or gone, and left it to them.
    private func lookAgain(_ state: ConsumeState, _ plan: ConsumePlan, _ others: inout Bool) {
        others = others || hasForeignMembers(besidesThoseOf: state)
        guard others else { return }
        state.withLock { shared in
            guard shared.group.generation != nil else { return }
            shared.progress.leaveToOthers(allBut: shared.group.owned.compactMap { plan.index(of: $0) })
        }
    }

    private func awaitCommits(_ state: ConsumeState) throws(RunStop) {
        guard consume.group != nil else { return }
        let members = consume.members
        wait("committing") { "\(state.withLock { $0.committedMembers }) of \(members) members" }
        let deadline = Patience(
            budget: Budget.commit, earliest: state.withLock { $0.budgetEnd }, watch: run.cluster.watch,
            interruption: run.interruption)
        while true {
            try check(state)
            let committed = state.withLock { $0.committedMembers }
            if committed == consume.members { return }
            if deadline.isOver {
                throw .trouble(
                    run.diagnostic(
                        .runtime, "group \(consume.group ?? "") did not commit in time", step: step,
                        notes: [
                            "after \(deadline.elapsed.formattedForPeople) \(committed) of \(consume.members) members "
                                + "had committed"
                        ] + run.recentTrouble()))
            }
            state.waitForChange()
        }
    }

    private func check(_ state: ConsumeState) throws(RunStop) {
        if run.interruption.isRequested { throw .interrupted }
        if let error = state.withLock({ $0.error }) {
            throw run.trouble("cannot consume \(consume.topics.joined(separator: ", "))", error, step: step)
        }
    }

    // MARK: Afterwards

    private func finish(
        _ plan: ConsumePlan, _ state: ConsumeState, _ ledger: ConsumeLedger, clock: Deadline,
        joinDuration: Duration?, receiveDuration: Duration, satisfied: Bool, ranOut: Bool, others: Bool,
        stopped: RunStop?
    ) -> StepResult {
        var trouble: Diagnostic?
        if case .trouble(let diagnostic) = stopped { trouble = diagnostic }
        var isInterrupted = if case .interrupted = stopped { true } else { false }
        let (rebalances, progress) = state.withLock { ($0.group.rebalances, $0.progress) }
        var after = GroupOffsets.State(logStarts: [], ends: [], committed: [])
        // An interrupted run asks the broker nothing more than to delete what is its own.
        if !isInterrupted {
            do {
                after = try offsetsAfterwards(plan, state)
            } catch {
                isInterrupted = run.interruption.isRequested
                // That nothing was committed either comes of the same.
                if !satisfied, joinDuration != nil || consume.group == nil, trouble == nil || ranOut {
                    trouble = unfinished(plan, progress, joinDuration, receiveDuration, kind: .runtime)
                } else if trouble == nil, case .trouble(let diagnostic) = lookUpTrouble(error) {
                    trouble = diagnostic
                }
                trouble?.notes.insert(known(plan, state), at: 1)
            }
        }
        // A position may be beyond the last record: the marker of a transaction, or what compaction took away.
        for (topic, positions) in progress.positions.enumerated() {
            for (partition, position) in positions.enumerated() {
                ledger.reached(.init(topic: topic, partition: Int32(partition)), offset: position)
            }
        }
        var ending = ConsumeEnding()
        (ending.committed, ending.ends, ending.logStarts) = (after.committed, after.ends, after.logStarts)
        ending.foreignMembers = others
        ending.resets = plan.resets
        ending.removalReasons = consume.topics.map { run.removalReason($0) }
        ending.allow = step.allow
        ending.endedEarly = !satisfied
        let findings = ledger.finish(ending)
        let outcome = ConsumeOutcome(
            group: consume.group, messages: findings.messages, topics: findings.topics, members: findings.members,
            idle: findings.idle, rebalances: rebalances, lag: findings.lag, joinDuration: joinDuration,
            receiveDuration: receiveDuration, duration: clock.elapsed)
        var failures: [Diagnostic] = []
        if trouble == nil, !satisfied, !isInterrupted {
            let removals = findings.topics.sorted { $0.key < $1.key }.flatMap { topic, records in
                Removal.notes(records, topic: topic, retention: run.retention[topic])
            }
            failures.append(
                unfinished(plan, progress, joinDuration, receiveDuration, ends: after.ends, removals: removals))
        }
        var result = StepResult(.consume(outcome), findings.invariants, failures: failures, trouble: trouble)
        result.isInterrupted = isInterrupted
        result.warnings = outOfRange(plan).map { [$0] } ?? []
        return result
    }

    /// That the log does not have what the group had committed; nil where it has.
    private func outOfRange(_ plan: ConsumePlan) -> Diagnostic? {
        var cases: [String] = []
        for (topic, resets) in plan.resets.enumerated() {
            for (partition, reset) in resets.enumerated() {
                guard let reset else { continue }
                let why =
                    reset.committed > reset.end
                    ? "was the topic made anew?" : "records were removed before they were read"
                let log =
                    reset.end > reset.logStart
                    ? "has the offsets \(reset.logStart) to \(reset.end - 1)" : "is empty, at offset \(reset.end)"
                cases.append(
                    "\(consume.topics[topic])/\(partition): offset \(reset.committed) is committed, and the log \(log): "
                        + "reading began at offset \(reset.start) (\(why))")
            }
        }
        guard !cases.isEmpty, let group = consume.group else { return nil }
        let shown = 10
        let more = cases.count > shown ? ["and \(cases.count - shown) more"] : []
        return run.diagnostic(
            .warning, "what \(group) had committed is out of range: the earliest record there is where reading began",
            step: step, of: "group", notes: cases.prefix(shown) + more)
    }

    private func offsetsAfterwards(
        _ plan: ConsumePlan, _ state: ConsumeState
    ) throws(KafkaError) -> GroupOffsets.State {
        wait("looking up what was committed")
        let patience = Patience(
            budget: run.scenario.timeouts.connect, earliest: state.withLock { $0.budgetEnd }, watch: run.cluster.watch,
            interruption: run.interruption)
        return try run.cluster.adminHold.with(patience) { () throws(KafkaError) in
            try offsets.state(of: plan.topics, plan.partitionCounts, timeout: run.scenario.timeouts.connect)
        }
    }

    private func lookUpTrouble(_ error: KafkaError) -> RunStop {
        run.trouble(
            consume.group == nil
                ? "cannot look up the offsets of \(consume.topics.joined(separator: ", "))"
                : "cannot look up what the group committed", error, step: step)
    }

    /// How far the step had come, for a failure after which nobody can be asked.
    private func known(_ plan: ConsumePlan, _ state: ConsumeState) -> String {
        let (progress, committed) = state.withLock { ($0.progress, $0.committed) }
        let read = list(plan) {
            progress.positions[$0][$1] > progress.starts[$0][$1] ? progress.positions[$0][$1] : nil
        }
        let positions = read.map { "; positions \($0)" } ?? ""
        let messages = "\(progress.messages) \(progress.messages == 1 ? "message" : "messages") read\(positions)"
        guard consume.group != nil else { return messages }
        return messages + "; committed by this step: \(list(plan) { committed[$0][$1] } ?? "nothing")"
    }

    /// Such as `p0=5 p1=3`, or `orders/p0=5` where there are several topics; nil where no partition has a value.
    private func list(_ plan: ConsumePlan, _ value: (Int, Int) -> Int64?) -> String? {
        var entries: [String] = []
        for topic in consume.topics.indices {
            let prefix = consume.topics.count == 1 ? "" : consume.topics[topic] + "/"
            for partition in 0..<plan.partitionCounts[topic] {
                if let value = value(topic, partition) { entries.append("\(prefix)p\(partition)=\(value)") }
            }
        }
        let shown = 12
        guard !entries.isEmpty else { return nil }
        return entries.prefix(shown).joined(separator: " ")
            + (entries.count > shown ? " and \(entries.count - shown) more" : "")
    }

    /// What the number of messages read is to become, as ` of 500`; empty where nobody knows.
    private static func aim(_ progress: ReadingProgress) -> String {
        switch progress.until {
        case .end: " of \(progress.offsetsToRead)"
        case .messages(let count): " of \(count)"
        case .idle: ""
        }
    }

    /// What to say when the receive budget ran out.
    private func unfinished(
        _ plan: ConsumePlan, _ progress: ReadingProgress, _ joinDuration: Duration?, _ receiveDuration: Duration,
        ends: [[Int64]] = [], removals: [String] = [], kind: Diagnostic.Kind = .failure
    ) -> Diagnostic {
        let missed =
            if case .idle(let duration) = consume.until {
                ", never \(duration.formattedForPeople) without another"
            } else {
                ""
            }
        let joined = joinDuration.map { "joined after \($0.formattedForPeople); " } ?? ""
        let aim = Self.aim(progress)
        // As they are now, where somebody said: a position may be beyond the end of the step's beginning.
        func end(_ topic: Int, _ partition: Int) -> Int64? {
            if progress.isLeftToOthers(topic, partition) { return nil }
            let target = progress.targets[topic][partition]
            let end = ends.isEmpty ? target : max(target, ends[topic][partition])
            return end > 0 ? end : nil
        }
        let shown = list(plan, end) ?? "all 0"
        let positions = list(plan) { end($0, $1) == nil ? nil : progress.positions[$0][$1] } ?? "all 0"
        return run.diagnostic(
            kind, "reading ended before it was done: timeouts.receive ran out", step: step,
            notes: [
                "\(joined)\(progress.messages)\(aim) received in \(receiveDuration.formattedForPeople)\(missed)",
                "end offsets \(shown); positions \(positions)",
            ] + removals + run.recentTrouble())
    }
}

import KrunChecks
import KrunConnection
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunOutcome
import KrunScenario

/// What the step waits for while its members work.
extension ConsumeExecution {
    func wait(
        _ what: String, howFar: @escaping @Sendable () -> String = { "" },
        amount: @escaping @Sendable () -> WaitBoard.Amount? = { nil }
    ) {
        run.wait(what, step: step, howFar: howFar, amount: amount)
    }

    /// Returns how long it took.
    func awaitStability(
        _ state: ConsumeState, _ plan: ConsumePlan, _ ledger: ConsumeLedger,
        _ kept: [TopicPartition: String], _ others: inout Bool
    ) throws(RunStop) -> Duration {
        let leftOut = Set(
            kept.keys.compactMap { partition in
                plan.index(of: partition).map {
                    StepPartition(topic: $0.topic, partition: partition.partition)
                }
            })
        let deadline = Deadline(after: run.scenario.timeouts.join)
        var lookedAt: Int32?
        wait("joining the group") {
            let members = state.withLock { $0.group.present.count }
            return "\(state.withLock { $0.group.assignedMembers }) of \(members) \(members == 1 ? "member" : "members")"
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
                ledger.stable(leavingOut: leftOut)
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
                                + "\(state.withLock { $0.group.present.count }) members had an assignment; nothing was read"
                        ] + run.recentTrouble()))
            }
            state.waitForChange()
        }
    }

    /// Returns whether `until` was satisfied before the receive budget ran out.
    func read(
        _ state: ConsumeState, _ plan: ConsumePlan, deadline: Deadline, _ others: inout Bool
    ) throws(RunStop) -> Bool {
        var rebalances = 0
        state.withLock {
            $0.phase = .reading
            $0.lastRecord = .now
            $0.readingBegan = .now
            $0.budgetEnd = .now + deadline.remaining
        }
        wait("reading") {
            let progress = state.withLock { $0.progress }
            return "\(progress.messages)\(Self.aim(progress)) messages"
        } amount: {
            state.withLock { Self.amount($0.progress) }
        }
        var settled: ContinuousClock.Instant?
        while true {
            try check(state)
            let later = state.withLock { $0.group.generation == nil ? rebalances : $0.group.rebalances }
            if later > rebalances {
                rebalances = later
                lookAgain(state, plan, &others)
            }
            let (satisfied, done) = state.withLock { shared in
                let satisfied =
                    settled != nil || shared.progress.isSatisfied(quiet: shared.lastRecord.duration(to: .now))
                if satisfied, let settle = consume.settle, settled == nil {
                    settled = .now + settle
                    shared.messagesAtEnd = shared.progress.messages
                    if case .messages(let count) = consume.until { shared.messagesAtEnd = count }
                }
                let done = settled.map { $0 <= .now } ?? (satisfied || deadline.hasPassed)
                if done { shared.phase = .committing }
                return (satisfied, done)
            }
            if done { return satisfied }
            state.waitForChange()
        }
    }

    /// After a rebalance: others may have come, who read what the step's members had until now, or gone, and left it to them.
    func lookAgain(_ state: ConsumeState, _ plan: ConsumePlan, _ others: inout Bool) {
        others = others || hasForeignMembers(besidesThoseOf: state)
        guard others else { return }
        state.withLock { shared in
            guard shared.group.generation != nil else { return }
            shared.progress.leaveToOthers(allBut: shared.group.owned.compactMap { plan.index(of: $0) })
        }
    }

    func awaitCommits(_ state: ConsumeState) throws(RunStop) {
        guard consume.group != nil else { return }
        wait("committing") {
            "\(state.withLock { $0.committedMembers.count }) of \(state.withLock { $0.group.present.count }) members"
        }
        let deadline = Patience(
            budget: Budget.commit, earliest: state.withLock { $0.budgetEnd }, watch: run.cluster.watch,
            interruption: run.interruption)
        while true {
            try check(state)
            let (committed, present) = state.withLock { ($0.committedMembers, $0.group.present) }
            if committed.isSuperset(of: present) { return }
            if deadline.isOver {
                throw .trouble(
                    run.diagnostic(
                        .runtime, "group \(consume.group ?? "") did not commit in time", step: step,
                        notes: [
                            "after \(deadline.elapsed.formattedForPeople) \(committed.count) of \(present.count) members "
                                + "had committed"
                        ] + run.recentTrouble()))
            }
            state.waitForChange()
        }
    }

    func check(_ state: ConsumeState) throws(RunStop) {
        if run.interruption.isRequested { throw .interrupted }
        if let error = state.withLock({ $0.error }) {
            throw run.trouble("cannot consume \(consume.topicNames)", error, step: step)
        }
    }
}

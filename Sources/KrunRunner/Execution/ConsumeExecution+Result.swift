import KrunChecks
import KrunConnection
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunOutcome
import KrunPatterns
import KrunScenario

/// What became of the step, and what is said of it.
extension ConsumeExecution {
    func finish(
        _ planned: ConsumePlan, _ state: ConsumeState, _ ledger: ConsumeLedger,
        kept: [TopicPartition: String], clock: Deadline,
        joinDuration: Duration?, receiveDuration: Duration, satisfied: Bool, ranOut: Bool, others: Bool,
        stopped: RunStop?
    ) -> StepResult {
        var trouble: Diagnostic?
        if case .trouble(let diagnostic) = stopped { trouble = diagnostic }
        var isInterrupted = if case .interrupted = stopped { true } else { false }
        let (rebalances, progress) = state.withLock { ($0.group.rebalances, $0.progress) }
        let plan = planned.grown(to: progress.positions.map(\.count))
        let (reading, late) = state.withLock { shared in
            (
                shared.readingBegan.map { $0.duration(to: shared.lastRecord) },
                shared.messagesAtEnd.map { shared.progress.messages - $0 } ?? 0
            )
        }
        var after = GroupOffsets.State(logStarts: [], ends: [], committed: [])
        // An interrupted run asks the broker nothing more than to delete what is its own.
        if !isInterrupted {
            do {
                after = try offsetsAfterwards(plan, state)
            } catch {
                isInterrupted = run.interruption.isRequested
                // That nothing was committed either comes of the same.
                if !satisfied, joinDuration != nil || consume.group == nil, trouble == nil || ranOut {
                    trouble = unfinished(
                        plan, progress, joinDuration, receiveDuration, notes: run.recentTrouble(), kind: .runtime)
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
        if !kept.isEmpty {
            ending.leftOut = plan.topics.indices.map { topic in
                (0..<plan.partitionCounts[topic]).map { number in
                    kept[TopicPartition(plan.topics[topic], Int32(number))].map {
                        "\(consume.topics[topic])/\(number) is kept for member \($0), which is away"
                    }
                }
            }
        }
        ending.resets = plan.resets
        ending.removalReasons = consume.topics.map { run.removalReason($0) }
        ending.allow = step.allow
        ending.endedEarly = !satisfied
        let duration = clock.elapsed
        let isUnfinished = trouble == nil && !satisfied && !isInterrupted
        let recentTrouble = isUnfinished ? run.recentTrouble() : []
        let records = state.withLock { $0.records }
        run.late.captured(records?.captured ?? [], by: step)
        var result = StepResult(trouble: trouble) { [ending, ends = after.ends] in
            let findings = ledger.conclude(ending)
            var outcome = ConsumeOutcome(
                group: consume.group, messages: findings.messages, topics: findings.topics, members: findings.members,
                idle: findings.idle, rebalances: rebalances, lag: findings.lag, joinDuration: joinDuration,
                receiveDuration: receiveDuration, duration: duration)
            outcome.redelivered = findings.redelivered
            outcome.rate = reading.flatMap { Rate.perSecond(findings.messages - late, in: $0) }
            outcome.latency = findings.latency
            outcome.late = late
            outcome.records = records?.records
            outcome.captured = records?.captured ?? []
            var conclusion = StepResult.Conclusion(result: .consume(outcome), invariants: findings.invariants)
            if let records {
                let patterns = PatternBudget { [interruption = run.interruption] in interruption.isRequested }
                conclusion.failures += Judge.judge(
                    records: records, of: step, stepCount: run.scenario.numberedSteps, patterns: patterns)
            }
            if late > 0 { conclusion.failures.append(cameTooLate(late)) }
            if isUnfinished {
                let removals = findings.topics.sorted { $0.key < $1.key }.flatMap { topic, records in
                    Removal.notes(records, topic: topic, retention: run.retention[topic])
                }
                conclusion.failures.append(
                    unfinished(
                        plan, progress, joinDuration, receiveDuration, ends: ends, notes: removals + recentTrouble))
            }
            return conclusion
        }
        result.isInterrupted = isInterrupted
        result.warnings = [outOfRange(plan), outside(plan)].compactMap(\.self)
        return result
    }

    private func cameTooLate(_ count: Int) -> Diagnostic {
        run.diagnostic(
            .failure, "\(count) more \(count == 1 ? "message" : "messages") came after the end", step: step,
            of: "settle",
            label: "nothing was to come for so long", notes: [])
    }

    /// That the log does not have what the group had committed; nil where it has.
    func outOfRange(_ plan: ConsumePlan) -> Diagnostic? {
        var cases: [String] = []
        for (topic, resets) in plan.resets.enumerated() {
            for (partition, reset) in resets.enumerated() {
                guard let reset else { continue }
                // Where a step of the file has deleted them, nobody need be told.
                if reset.committed < reset.logStart, run.topics[consume.topics[topic]].removal != nil { continue }
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
        let place = consume.from.uncommitted == .latest ? "the end" : "the earliest record there"
        return run.diagnostic(
            .warning, "what \(group) had committed is out of range: \(place) is where reading began",
            step: step, of: "group", notes: Self.first(cases))
    }

    private static func first(_ cases: [String]) -> [String] {
        let shown = 10
        return cases.prefix(shown) + (cases.count > shown ? ["and \(cases.count - shown) more"] : [])
    }

    /// That the log does not have an offset that the file names; nil where it has.
    private func outside(_ plan: ConsumePlan) -> Diagnostic? {
        let cases = plan.outside.sorted { ($0.key.topic, $0.key.partition) < ($1.key.topic, $1.key.partition) }
            .compactMap { partition, offset in
                plan.index(of: partition).map { topic, number in
                    "\(consume.topics[topic])/\(number): \(offset) is asked for, and the log begins at "
                        + "\(plan.logStarts[topic][number]) and ends at \(plan.ends[topic][number]): "
                        + "reading began at offset \(plan.starts[topic][number])"
                }
            }
        guard !cases.isEmpty else { return nil }
        return run.diagnostic(
            .warning, "\"from\" names an offset that the log does not have", step: step, of: "from",
            notes: Self.first(cases))
    }

    func offsetsAfterwards(
        _ plan: ConsumePlan, _ state: ConsumeState
    ) throws(KafkaError) -> GroupOffsets.State {
        wait("looking up what was committed")
        let patience = Patience(
            budget: run.scenario.timeouts.connect, earliest: state.withLock { $0.budgetEnd }, watch: run.cluster.watch,
            interruption: run.interruption)
        return try run.cluster.adminHold.with(patience) { () throws(KafkaError) in
            try offsets().state(of: plan.topics, plan.partitionCounts, timeout: run.scenario.timeouts.connect)
        }
    }

    func lookUpTrouble(_ error: KafkaError) -> RunStop {
        run.trouble(
            consume.group == nil
                ? "cannot look up the offsets of \(consume.topicNames)"
                : "cannot look up what the group committed", error, step: step)
    }

    /// How far the step had come, for a failure after which nobody can be asked.
    func known(_ plan: ConsumePlan, _ state: ConsumeState) -> String {
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
    func list(_ plan: ConsumePlan, _ value: (Int, Int) -> Int64?) -> String? {
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
    static func aim(_ progress: ReadingProgress) -> String {
        switch progress.until {
        case .end: " of \(progress.offsetsToRead)"
        case .messages(let count): " of \(count)"
        case .idle, .matching: ""
        }
    }

    /// How many of what it reads until.
    static func amount(_ progress: ReadingProgress) -> WaitBoard.Amount {
        let total: Int? =
            switch progress.until {
            case .end: Int(clamping: progress.offsetsToRead)
            case .messages(let count): count
            case .idle, .matching: nil
            }
        return .init(done: progress.messages, total: total)
    }

    /// What to say when the receive budget ran out.
    func unfinished(
        _ plan: ConsumePlan, _ progress: ReadingProgress, _ joinDuration: Duration?, _ receiveDuration: Duration,
        ends: [[Int64]] = [], notes: [String], kind: Diagnostic.Kind = .failure
    ) -> Diagnostic {
        let missed =
            switch consume.until {
            case .idle(let duration): ", never \(duration.formattedForPeople) without another"
            case .matching(_, let count):
                ", \(progress.matching) of \(count) \(count == 1 ? "record" : "records") that match"
            case .end, .messages: ""
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
            ] + notes)
    }
}

import KrunChecks
import KrunConnection
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunOutcome
import KrunScenario

/// Runs one `offsets` step: looks where a group stands, and tells it to go on elsewhere.
struct OffsetsExecution: StepExecution {
    let step: Step
    let offsets: OffsetsStep
    let run: ScenarioRun

    /// Partitions that the step is about, by their names on the broker.
    private struct Scope {
        /// In the file.
        let names: [String]
        let actual: [String]
        let counts: [Int]
        /// Whether the step names its topics: otherwise it is about what the group has committed in.
        let isNamed: Bool
    }

    func execute() throws(RunStop) -> StepResult {
        let clock = Deadline(after: run.scenario.timeouts.connect)
        var outcome = OffsetsOutcome(group: offsets.group, resets: offsets.reset != nil)
        let names = offsets.topics.isEmpty ? run.topics.present : offsets.topics
        let scope = Scope(
            names: names, actual: names.map { run.actualName($0) }, counts: names.map { run.partitionCount($0) },
            isNamed: !offsets.topics.isEmpty)
        do {
            try run.cluster.adminHold.with(patience()) { () throws(KafkaError) in
                run.wait("looking up offsets", step: step)
                var before = try state(scope, clock)
                if let reset = offsets.reset, let failure = try self.reset(to: reset, scope, &before, clock) {
                    throw failure
                }
                outcome.topics = before
            }
            try waitUntilAsExpected(&outcome, scope)
        } catch {
            if run.interruption.isRequested { throw .interrupted }
            guard !outcome.resets || offsets.expect.error == nil else {
                outcome.error = error.name
                outcome.topics = (try? state(scope, clock)) ?? [:]
                return result(outcome, clock)
            }
            throw run.trouble(
                outcome.resets
                    ? "the offsets of group \(offsets.group) were not reset"
                    : "cannot look up the offsets of group \(offsets.group)", error, step: step)
        }
        return result(outcome, clock)
    }

    /// For one look, or one change, of which there may be many.
    private func patience() -> Patience {
        Patience(budget: run.scenario.timeouts.connect, watch: run.cluster.watch, interruption: run.interruption)
    }

    /// A program beside the steps gets on at its own speed: where it stands is looked at until it is where the step expects it
    /// (`timeouts.receive`).
    private func waitUntilAsExpected(
        _ outcome: inout OffsetsOutcome, _ scope: Scope
    ) throws(KafkaError) {
        guard run.hasCompanion, offsets.reset == nil else { return }
        let deadline = Deadline(after: run.scenario.timeouts.receive)
        run.wait("waiting until the group stands as expected", step: step)
        while !isAsExpected(outcome), !deadline.hasPassed, !run.interruption.isRequested {
            run.interruption.sleep(.milliseconds(50))
            let topics = try run.cluster.adminHold.with(patience()) { () throws(KafkaError) in
                try state(scope, Deadline(after: run.scenario.timeouts.connect))
            }
            outcome.topics = topics
        }
    }

    private func isAsExpected(_ outcome: OffsetsOutcome) -> Bool {
        Judge.judge(
            step: step, stepCount: run.scenario.numberedSteps, outcome: .offsets(outcome), invariants: [],
            partitionCounts: [:], partitioners: [:]
        ).isEmpty
    }

    private func result(_ found: OffsetsOutcome, _ clock: Deadline) -> StepResult {
        var outcome = found
        outcome.duration = clock.elapsed
        return StepResult { [outcome] in StepResult.Conclusion(result: .offsets(outcome)) }
    }

    /// Where the group stands now.
    private func state(
        _ scope: Scope, _ clock: Deadline
    ) throws(KafkaError) -> [String: [Int32: PartitionOffsets]] {
        let admin = run.cluster.admin
        let state = try GroupOffsets(admin: admin, group: run.actualGroup(offsets.group), uncommitted: admin)
            .state(of: scope.actual, scope.counts, timeout: max(clock.remaining, .seconds(1)))
        var topics: [String: [Int32: PartitionOffsets]] = [:]
        for (topic, name) in scope.names.enumerated() {
            var partitions: [Int32: PartitionOffsets] = [:]
            for number in 0..<scope.counts[topic] {
                let committed = state.committed[topic][number]
                if !scope.isNamed, committed == nil { continue }
                partitions[Int32(number)] = PartitionOffsets(
                    committed: committed, first: state.logStarts[topic][number], end: state.ends[topic][number])
            }
            if scope.isNamed || !partitions.isEmpty { topics[name] = partitions }
        }
        return topics
    }

    /// Commits where the group is to go on, and looks again; returns what kept a partition from it.
    private func reset(
        to points: StartPoints, _ scope: Scope, _ found: inout [String: [Int32: PartitionOffsets]], _ clock: Deadline
    ) throws(KafkaError) -> KafkaError? {
        run.wait("resetting offsets", step: step)
        let places = Dictionary(zip(scope.actual, scope.names), uniquingKeysWith: { $1 })
        let standing = scope.names.indices.flatMap { topic in
            (found[scope.names[topic]] ?? [:]).sorted { $0.key < $1.key }.map { number, offsets in
                OffsetMove(
                    TopicPartition(scope.actual[topic], number), committed: offsets.committed, first: offsets.first,
                    end: offsets.end)
            }
        }
        let moves = try run.cluster.admin.moves(
            standing,
            to: { partition in
                points.point(of: places[partition.topic] ?? "", partition.partition).map { .start($0) }
            }, timeout: max(clock.remaining, .seconds(1)))
        let wanted = Dictionary(
            moves.compactMap { move in move.offset.map { (move.partition, $0) } }, uniquingKeysWith: { $1 })
        let answers = try run.cluster.admin.alterGroupOffsets(
            run.actualGroup(offsets.group), to: wanted, timeout: max(clock.remaining, .seconds(1)))
        let done = moves.filter { answers[$0.partition].map { $0 == nil } ?? false }
        run.events?.committed(
            done.compactMap { move in
                move.offset.map { TopicPartitionOffset(move.partition.topic, move.partition.partition, $0) }
            }, by: .init(group: offsets.group, name: nil), of: step.path)
        for (actual, own) in Dictionary(grouping: done, by: \.partition.topic) {
            run.ledger.reset(
                group: offsets.group, topic: run.topicIndex(places[actual] ?? ""),
                Dictionary(
                    own.map { ($0.partition.partition, (first: $0.first, offset: $0.offset ?? 0)) },
                    uniquingKeysWith: { $1 }))
        }
        if let failure = moves.lazy.compactMap({ answers[$0.partition].flatMap { $0 } }).first { return failure }
        let before = found
        found = try state(scope, clock)
        for move in moves {
            let name = places[move.partition.topic] ?? ""
            found[name]?[move.partition.partition]?.before = before[name]?[move.partition.partition]?.committed
            found[name]?[move.partition.partition]?.wasReset = true
            found[name]?[move.partition.partition]?.note = move.note
        }
        return nil
    }
}

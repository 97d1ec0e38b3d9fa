import KrunNames
import KrunOutcome
import KrunScenario

/// The end of a consume step: its outcome and its verdicts.
struct ConsumeConclusion {
    let batch: ConsumeBatch
    let group: String?
    /// Indexes in the scenario's ledger.
    let topics: [Int]
    let judgesLoss: Bool
    let isolation: ConsumeStep.Isolation
    let ending: ConsumeEnding
    /// Per topic and by partition the records that this isolation hides; empty where it hides none.
    let hidden: [[Int: IntervalSet]]

    func findings(in memory: inout ScenarioLedger.State) -> ConsumeFindings {
        let jumps = jumps(in: memory)
        let (known, skipped) = remember(in: &memory)
        let memories = topics.map { memory.topics[$0] }
        let records = records(memories)
        let (loss, lost) = noLoss(memories, skipped, memory.transactions)
        return ConsumeFindings(
            messages: batch.messages, topics: records, members: group == nil ? [] : batch.members(),
            idle: group == nil ? 0 : batch.stableAssignment?.count { $0.isEmpty } ?? 0,
            redelivered: batch.topics.reduce(0) { $0 + $1.redelivered },
            latency: batch.latencies.outcome,
            lag: group == nil ? nil : Lag.sum(records.values.map(\.lag)),
            invariants: [
                outcome(.noLoss, loss),
                outcome(.noDuplicates, noDuplicates(memories)),
                outcome(.keyAffinity, keyAffinity(memories)),
                outcome(.perKeyOrder, perKeyOrder(memories)),
                outcome(.offsetOrder, offsetOrder(memory.topics)),
                outcome(.singleOwner, singleOwner()),
                outcome(.assignedOnly, group == nil ? .nothing("there is no group") : gathered(\.trespasses)),
                outcome(.commitNotAhead, commitNotAhead(known, skipped, jumps)),
                outcome(.abortedInvisible, abortedInvisible(memories, memory.transactions, lost: lost)),
            ])
    }

    func outcome(_ invariant: Invariant, _ finding: Finding) -> InvariantOutcome {
        InvariantOutcome(invariant, finding.verdict(allowed: ending.allow.contains(invariant)))
    }

    /// The value of one of the ending's tables; nil where it has none.
    func value<Value>(_ table: [[Value?]], _ topic: Int, _ partition: Int) -> Value? {
        topic < table.count && partition < table[topic].count ? table[topic][partition] : nil
    }

    private func records(_ memories: [TopicMemory]) -> [String: TopicRecords] {
        var result: [String: TopicRecords] = [:]
        for (topic, reading) in batch.topics.enumerated() {
            var records = reading.keys.records()
            records.placement = reading.keys.keeping.placedBy.map {
                reading.keys.placement(by: $0, partitions: memories[topic].partitionCounts)
            }
            for (number, partition) in reading.partitions.enumerated() {
                let committed = value(ending.committed, topic, number)
                var outcome = PartitionOutcome(
                    messages: partition.messages, first: partition.read.first, last: partition.read.last)
                outcome.removed = removed(topic, number, memories[topic]).count
                outcome.reset = value(ending.resets, topic, number)
                if group != nil {
                    outcome.committed = committed
                    outcome.lag = Lag.of(
                        committed: committed, logStart: value(ending.logStarts, topic, number),
                        end: value(ending.ends, topic, number))
                }
                records.partitions[Int32(number)] = outcome
            }
            result[reading.name] = records
        }
        return result
    }

    /// Acknowledged records at or after the start that nobody read and that the log no longer holds.
    private func removed(_ topic: Int, _ number: Int, _ memory: TopicMemory) -> IntervalSet {
        let reading = batch.topics[topic].partitions[number]
        guard number < memory.acknowledged.count, let start = reading.start,
            let logStart = value(ending.logStarts, topic, number), logStart > start
        else { return IntervalSet() }
        let missing = expected(topic, number, memory.acknowledged[number].from(start)).subtracting(reading.read)
        return missing.subtracting(missing.from(logStart))
    }

    /// Commits between the group's steps that went beyond what it had read in those before.
    private func jumps(in memory: ScenarioLedger.State) -> CaseList {
        var cases = CaseList()
        guard let group, let known = memory.positions[group] else { return cases }
        for (topic, index) in topics.enumerated() {
            for (number, position) in (known[index] ?? []).enumerated() where position >= 0 {
                guard number < batch.topics[topic].partitions.count,
                    let found = batch.topics[topic].partitions[number].committedFound, found > position
                else { continue }
                cases.add(
                    "\(batch.topics[topic].name)/\(number) offset \(found) was committed before the step, but \(group) had read "
                        + "only up to \(position)")
            }
        }
        return cases
    }

    /// Adds the step's positions to those of the group over the scenario, and returns them per topic of the step, with the
    /// offsets that the group passed over without reading them.
    private func remember(in memory: inout ScenarioLedger.State) -> (positions: [[Int64]], skipped: [[IntervalSet]]) {
        guard let group else { return ([], []) }
        var known = memory.positions[group] ?? [:]
        var passed = memory.skipped[group] ?? [:]
        for (topic, index) in topics.enumerated() {
            let before = known[index] ?? []
            let skips = passed[index] ?? []
            var positions: [Int64] = []
            var skipped: [IntervalSet] = []
            for (number, partition) in batch.topics[topic].partitions.enumerated() {
                let position = number < before.count ? before[number] : -1
                var skip = number < skips.count ? skips[number] : IntervalSet()
                let reached = max(
                    position, partition.committedBefore ?? 0, value(ending.logStarts, topic, number) ?? 0, 0)
                if let start = partition.start, start > reached { skip.insert(reached..<start) }
                skipped.append(skip.subtracting(partition.read))
                let candidates = [partition.start, partition.position, partition.committedBefore].compactMap(\.self)
                positions.append(max(position, candidates.max() ?? -1))
            }
            (known[index], passed[index]) = (positions, skipped)
        }
        memory.positions[group] = known
        memory.skipped[group] = passed
        return (topics.map { known[$0] ?? [] }, topics.map { passed[$0] ?? [] })
    }

    private func gathered(_ list: KeyPath<TopicReading, CaseList>) -> Finding {
        var finding = Finding()
        for reading in batch.topics { finding.cases.add(reading[keyPath: list]) }
        return finding
    }

    /// Records were read in the order of their offsets, and the log still has those offsets: one that ends before them has begun anew, and
    /// what a member finds in it below where it stands it does not take.
    private func offsetOrder(_ memories: [TopicMemory]) -> Finding {
        var finding = gathered(\.disorder)
        for (topic, reading) in batch.topics.enumerated() {
            // What a step beside this one made anew has a memory of its own.
            if memories[(topics[topic] + 1)...].contains(where: { $0.name == reading.name }) { continue }
            for (number, partition) in reading.partitions.enumerated() {
                guard let last = partition.read.last, let end = value(ending.ends, topic, number), end <= last
                else { continue }
                finding.cases.add(
                    "\(reading.name)/\(number) offset \(last) was read, but its log ends at offset \(end): its offsets began anew"
                )
            }
        }
        return finding
    }

    private func singleOwner() -> Finding {
        if group == nil { return .nothing("there is no group") }
        if ending.foreignMembers { return .unjudged(Self.foreignMembers) }
        if batch.stableAssignment == nil { return .unjudged("the group never was stable") }
        return gathered(\.ownership)
    }

    /// No committed offset is beyond where the group has come. That says little where it came there by passing over
    /// records that nobody in it read.
    private func commitNotAhead(_ known: [[Int64]], _ skipped: [[IntervalSet]], _ jumps: CaseList) -> Finding {
        guard let group else { return .nothing("there is no group") }
        if ending.foreignMembers { return .unjudged(Self.foreignMembers) }
        var finding = Finding()
        finding.cases.add(jumps)
        if ending.committed.isEmpty {
            finding.isUnjudged("the committed offsets are not known")
            return finding
        }
        for (topic, positions) in known.enumerated() {
            for (number, position) in positions.enumerated() {
                guard let committed = value(ending.committed, topic, number) else { continue }
                let place = "\(batch.topics[topic].name)/\(number)"
                if committed <= position {
                    if let run = skipped[topic][number].ranges.first, run.lowerBound < committed {
                        finding.isUnjudged(
                            "\(group) committed offset \(committed) of \(place) without reading "
                                + "\(Self.offsets(run.lowerBound..<min(run.upperBound, committed))): "
                                + "\"from\" or \"reset\" passed over them")
                    }
                } else if position < 0 {
                    finding.isUnjudged("it is not known where reading of \(place) began")
                } else {
                    finding.cases.add(
                        "\(place) offset \(committed) is committed, but \(group) has read only up to \(position)")
                }
            }
        }
        return finding
    }

    /// `offset 4`, or `offsets 4 to 9`.
    static func offsets(_ run: Range<Int64>) -> String {
        run.count == 1 ? "offset \(run.lowerBound)" : "offsets \(run.lowerBound) to \(run.upperBound - 1)"
    }

    static let foreignMembers = "members that are not this scenario's share the group"
}

import KrunOutcome

/// The end of a consume step: its outcome and its verdicts.
struct ConsumeConclusion {
    let batch: ConsumeBatch
    let group: String?
    /// Indexes in the scenario's ledger.
    let topics: [Int]
    let judgesLoss: Bool
    let ending: ConsumeEnding

    func findings(in memory: inout ScenarioLedger.State) -> ConsumeFindings {
        let known = remember(in: &memory)
        let memories = topics.map { memory.topics[$0] }
        let records = records()
        let lags = records.values.flatMap { $0.partitions.values.map(\.lag) }
        return ConsumeFindings(
            messages: batch.messages, topics: records, members: group == nil ? [] : batch.members(),
            idle: group == nil ? 0 : batch.stableAssignment?.count { $0.isEmpty } ?? 0,
            lag: group == nil || lags.contains(nil) ? nil : lags.reduce(0) { $0 + ($1 ?? 0) },
            invariants: [
                outcome(.noLoss, noLoss(memories)),
                outcome(.noDuplicates, noDuplicates(memories)),
                outcome(.keyAffinity, keyAffinity(memories)),
                outcome(.perKeyOrder, perKeyOrder(memories)),
                outcome(.offsetOrder, gathered(\.disorder)),
                outcome(.singleOwner, singleOwner()),
                outcome(.assignedOnly, group == nil ? .unjudged("there is no group") : gathered(\.trespasses)),
                outcome(.commitNotAhead, commitNotAhead(known)),
            ])
    }

    /// What is to be said of an invariant: the cases, and if there are none why that means nothing.
    struct Finding {
        var cases = CaseList()
        var reason: String?

        static func unjudged(_ reason: String) -> Finding { Finding(reason: reason) }
    }

    func outcome(_ invariant: Invariant, _ finding: Finding) -> InvariantOutcome {
        InvariantOutcome(
            invariant, finding.cases.verdict(allowed: ending.allow.contains(invariant), unless: finding.reason))
    }

    /// The value of one of the ending's tables; nil where it has none.
    func value(_ table: [[Int64?]], _ topic: Int, _ partition: Int) -> Int64? {
        topic < table.count && partition < table[topic].count ? table[topic][partition] : nil
    }

    private func records() -> [String: TopicRecords] {
        var result: [String: TopicRecords] = [:]
        for (topic, reading) in batch.topics.enumerated() {
            var records = reading.keys.records()
            for (number, partition) in reading.partitions.enumerated() {
                let committed = value(ending.committed, topic, number)
                let end = value(ending.ends, topic, number)
                let from = committed ?? value(ending.logStarts, topic, number)
                var outcome = PartitionOutcome(
                    messages: partition.messages, first: partition.read.first, last: partition.read.last)
                if group != nil {
                    outcome.committed = committed
                    if let end, let from { outcome.lag = end - from }
                }
                records.partitions[Int32(number)] = outcome
            }
            result[reading.name] = records
        }
        return result
    }

    /// Adds the step's positions to those of the group over the scenario, and returns them per topic of the step.
    private func remember(in memory: inout ScenarioLedger.State) -> [[Int64]] {
        guard let group else { return [] }
        var known = memory.positions[group] ?? [:]
        let result = zip(topics, batch.topics).map { index, reading in
            let before = known[index] ?? []
            return reading.partitions.enumerated().map { number, partition in
                let candidates = [partition.start, partition.position, partition.committedBefore].compactMap(\.self)
                return max(number < before.count ? before[number] : -1, candidates.max() ?? -1)
            }
        }
        for (index, positions) in zip(topics, result) { known[index] = positions }
        memory.positions[group] = known
        return result
    }

    private func gathered(_ list: KeyPath<TopicReading, CaseList>) -> Finding {
        var finding = Finding()
        for reading in batch.topics { finding.cases.add(reading[keyPath: list]) }
        return finding
    }

    private func singleOwner() -> Finding {
        if group == nil { return .unjudged("there is no group") }
        if ending.foreignMembers { return .unjudged(Self.foreignMembers) }
        if batch.stableAssignment == nil { return .unjudged("the group never was stable") }
        return gathered(\.ownership)
    }

    private func commitNotAhead(_ known: [[Int64]]) -> Finding {
        guard let group else { return .unjudged("there is no group") }
        if ending.foreignMembers { return .unjudged(Self.foreignMembers) }
        if ending.committed.isEmpty { return .unjudged("the committed offsets are not known") }
        var finding = Finding()
        for (topic, positions) in known.enumerated() {
            for (number, position) in positions.enumerated() {
                guard let committed = value(ending.committed, topic, number), committed > position else { continue }
                let place = "\(batch.topics[topic].name)/\(number)"
                if position < 0 {
                    finding.reason = "it is not known where reading of \(place) began"
                } else {
                    finding.cases.add(
                        "\(place) offset \(committed) is committed, but \(group) has read only up to \(position)")
                }
            }
        }
        return finding
    }

    static let foreignMembers = "members that are not this scenario's share the group"
}

import KrunOutcome
import KrunScenario

extension ConsumeConclusion {
    /// Every record acknowledged at or after the start position was read, as far as the step was to read.
    ///
    /// What is missing and may have been removed by the broker is not judged: what stood before the log's start, and on a topic
    /// from whose middle records are taken, anything.
    ///
    /// An offset that was acknowledged twice stood for two messages, of which the log has one: the other is lost,
    /// unless the group has read it in an earlier step.
    ///
    /// With `read_committed` it was to read nothing of transactions that were not committed.
    func noLoss(
        _ memories: [TopicMemory], _ skipped: [[IntervalSet]], _ transactions: [TransactionMemory]
    ) -> (Finding, lost: [(topic: Int, number: Int, IntervalSet)]) {
        if !judgesLoss { return (.nothing("reading was not to go on until the end"), []) }
        if ending.foreignMembers { return (.unjudged(Self.foreignMembers), []) }
        var finding = Finding()
        var missing: [(place: String, run: Range<Int64>, what: String)] = []
        var allLost: [(topic: Int, number: Int, IntervalSet)] = []
        if isolation == .readCommitted,
            let unknown = memories.lazy.flatMap(\.transactions).map({ transactions[$0.number] })
                .first(where: { $0.state == .unknown })
        {
            finding.isUnjudged(Self.unknownEnd(unknown))
        }
        var isAnythingAhead = false
        for (topic, memory) in memories.enumerated() {
            let removalReason = topic < ending.removalReasons.count ? ending.removalReasons[topic] : nil
            if memory.hasUnknownOffsets { finding.isUnjudged(TopicMemory.unknownOffsets(memory.name)) }
            for (number, acknowledged) in memory.acknowledged.enumerated() where !acknowledged.isEmpty {
                let place = "\(memory.name)/\(number)"
                let readings = batch.topics[topic].partitions
                // What was added after the step began is the next one's.
                if number >= readings.count, memory.others == nil, memory.growth > 0 { continue }
                guard number < readings.count, let start = readings[number].start else {
                    finding.isUnjudged("it is not known where reading of \(place) began")
                    continue
                }
                let ahead = expected(topic, number, acknowledged.from(start))
                if let reason = value(ending.leftOut, topic, number), !ahead.isEmpty {
                    finding.isUnjudged(reason)
                    continue
                }
                if !ahead.isEmpty { isAnythingAhead = true }
                if let overwritten = memory.overwritten[number] {
                    // What the group read before it was overwritten is not lost to it.
                    let earlier = batch.topics[topic].readEarlier
                    let gone = expected(topic, number, overwritten.from(start))
                        .subtracting(number < earlier.count ? earlier[number] : IntervalSet())
                    missing += gone.ranges.map { (place, $0, Self.overwritten) }
                    if let run = overwritten.below(start).ranges.first {
                        finding.isUnjudged("\(place) \(Self.acknowledged(run)) twice: the log was cut or made anew")
                    }
                }
                var lost = ahead.subtracting(readings[number].read)
                if let logStart = value(ending.logStarts, topic, number), let first = lost.first, first < logStart {
                    finding.isUnjudged(
                        "acknowledged records before offset \(logStart) of \(place) were removed before they were read")
                    lost = lost.from(logStart)
                }
                let position = readings[number].position ?? start
                if ending.endedEarly, let last = lost.last, last >= position {
                    finding.isUnjudged("reading ended before the end of \(place)")
                    lost = lost.subtracting(IntervalSet(position..<last + 1))
                }
                if let removalReason, !lost.isEmpty {
                    finding.isUnjudged(removalReason)
                    continue
                }
                missing += lost.ranges.map { (place, $0, "but not read") }
                if !lost.isEmpty { allLost.append((topic, number, lost)) }
            }
        }
        // The longest runs first; a stable order decides between equals.
        missing.sort { ($1.run.count, $0.place, $0.run.lowerBound) < ($0.run.count, $1.place, $1.run.lowerBound) }
        for (place, run, what) in missing {
            finding.cases.add(count: run.count, "\(place) \(Self.acknowledged(run)) \(what)")
        }
        if !isAnythingAhead, skipped.contains(where: { $0.contains { !$0.isEmpty } }) {
            finding.hasNothing("reading began behind all that was acknowledged")
        }
        return (finding, allLost)
    }

    private static let overwritten = "twice: what stood there first is gone"

    /// `offset 4 was acknowledged`, or `offsets 4 to 9 were acknowledged`.
    private static func acknowledged(_ run: Range<Int64>) -> String {
        "\(offsets(run)) \(run.count == 1 ? "was" : "were") acknowledged"
    }

    /// Those of acknowledged offsets that the step was to read: not what was sent beside it and stands behind where it ended, and not what
    /// its isolation hides.
    func expected(_ topic: Int, _ number: Int, _ acknowledged: IntervalSet) -> IntervalSet {
        let reading = batch.topics[topic]
        let before = number < reading.acknowledgedBefore.count ? reading.acknowledgedBefore[number] : 0
        let expected = acknowledged.below(max(before, reading.partitions[number].position ?? 0))
        guard topic < hidden.count, let hidden = hidden[topic][number] else { return expected }
        return expected.subtracting(hidden)
    }

    /// Nothing is read twice, and nothing that was sent once stands in the log twice.
    ///
    /// The second half is only judged where every record of a topic should be known to this scenario. On a topic that others may
    /// write to, the first half alone is enough for a verdict.
    func noDuplicates(_ memories: [TopicMemory]) -> Finding {
        var finding = Finding()
        for (reading, memory) in zip(batch.topics, memories) {
            finding.cases.add(reading.rereads)
            if memory.others == nil, let reason = memory.strangersUnjudged { finding.isUnjudged(reason) }
            guard reading.looksForStrangers, memory.strangersUnjudged == nil else { continue }
            var failures = memory.failures
            for stranger in reading.strangers {
                let index = Int(stranger.partition)
                if index < memory.acknowledged.count, memory.acknowledged[index].contains(stranger.offset) { continue }
                if let left = failures[stranger.content], left > 0 {
                    failures[stranger.content] = left - 1
                    continue
                }
                finding.cases.add(
                    "\(memory.name)/\(stranger.partition) offset \(stranger.offset), \(stranger.key), was never "
                        + "acknowledged: it stands in the log a second time")
            }
        }
        return finding
    }

    /// The keys that the scenario's partitioner placed were read from where it put them.
    ///
    /// Where a key is on several partitions because messages named theirs, that is nobody's fault, and one key is not on one.
    func keyAffinity(_ memories: [TopicMemory]) -> Finding {
        var finding = placedKeys(memories) { reading, memory, number, placed, cases in
            let partitions = reading.keys.partitions(of: number)
            if partitions == [placed] { return }
            let key = KeyText.quoted(reading.keys.table.key(number))
            let former = reading.keys.table.withKey(number) { memory.keys.find($0) }.flatMap { memory.formerPlaces[$0] }
            let others = partitions.filter { $0 != placed && former?.contains($0) != true }
                .map { "\(memory.name)/\($0)" }
            if others.isEmpty { return }
            cases.add("key \(key) was placed on \(memory.name)/\(placed) but read from \(KeyText.list(others))")
        }
        for (reading, memory) in zip(batch.topics, memories) where memory.others == nil {
            for number in reading.keys.entries.indices where reading.keys.partitions(of: number).count > 1 {
                guard let place = reading.keys.table.withKey(number, { memory.keys.find($0) }),
                    memory.placed[place].explicit
                else { continue }
                finding.isUnjudged(TopicMemory.spread(KeyText.quoted(reading.keys.table.key(number)), memory.name))
            }
        }
        return finding
    }

    /// The records of such a key were read in the order of their offsets.
    func perKeyOrder(_ memories: [TopicMemory]) -> Finding {
        var finding = placedKeys(memories) { reading, memory, number, _, cases in
            guard let misorder = reading.keys.misorders[number] else { return }
            let key = KeyText.quoted(reading.keys.table.key(number))
            cases.add(
                count: misorder.count,
                "\(memory.name)/\(misorder.partition) offset \(misorder.offset ?? -1), key \(key), was read after "
                    + "offset \(misorder.other) of that key")
        }
        for (reading, memory) in zip(batch.topics, memories) where !memory.formerPlaces.isEmpty {
            let moved = reading.keys.entries.indices.filter { number in
                reading.keys.partitions(of: number).count > 1
                    && reading.keys.table.withKey(number) { memory.keys.find($0) }
                        .map { memory.formerPlaces[$0] != nil } ?? false
            }
            // Of several the same in each run, whichever was read first.
            let keys = moved.lazy.map { reading.keys.table.key($0) }
            if let first = keys.min(by: { $0.lexicographicallyPrecedes($1) }) {
                let key = KeyText.quoted(first)
                finding.isUnjudged(
                    "key \(key) moved when partitions were added to \(memory.name): between its partitions there is no order"
                )
            }
        }
        return finding
    }

    /// Walks over the keys whose place is the partitioner's doing.
    private func placedKeys(
        _ memories: [TopicMemory],
        _ judge: (_ reading: TopicReading, _ memory: TopicMemory, _ key: Int, _ placed: Int32, inout CaseList) -> Void
    ) -> Finding {
        var finding = Finding()
        var judged = false
        for (reading, memory) in zip(batch.topics, memories) {
            if let reason = memory.placementUnjudged ?? memory.others {
                finding.isUnjudged(reason)
                continue
            }
            for number in reading.keys.entries.indices {
                guard let place = reading.keys.table.withKey(number, { memory.keys.find($0) }) else { continue }
                let placed = memory.placed[place]
                if placed.partition < 0 || placed.explicit { continue }
                judged = true
                judge(reading, memory, number, placed.partition, &finding.cases)
            }
        }
        if !judged { finding.hasNothing("no record was read whose key the partitioner had placed") }
        return finding
    }
}

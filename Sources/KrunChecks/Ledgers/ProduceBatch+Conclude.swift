import KrunOutcome
import KrunScenario

extension ProduceBatch {
    /// Adds the step's keys to what the scenario knows of the topic, and judges where they went and in which order.
    func conclude(in memory: inout TopicMemory, allow: Set<Invariant>) -> [InvariantOutcome] {
        let placed = keys.entries.contains { $0.note.placed >= 0 }
        if isPlaced { memory.partitioners.insert(partitioner) }
        if placed || !hashesKeys && keys.entries.contains(where: { !$0.note.explicit }) {
            memory.keyPartitioners.insert(partitioner)
        }
        let (strays, spread) = placedKeys(in: &memory)
        var (affinity, order) = (Finding(), Finding())
        if let reason = memory.placementUnjudged {
            (affinity, order) = (.unjudged(reason), .unjudged(reason))
        } else {
            affinity.cases = strays
            order.cases = misorders()
            if let spread { affinity.isUnjudged(TopicMemory.spread(spread, topic)) }
            if hasUnknownOffsets { order.isUnjudged(TopicMemory.unknownOffsets(topic)) }
            if !placed {
                affinity.hasNothing(Self.nothingPlaced(topic))
                order.hasNothing(Self.nothingPlaced(topic))
            }
        }
        return [
            InvariantOutcome(.keyAffinity, affinity.verdict(allowed: allow.contains(.keyAffinity))),
            InvariantOutcome(.perKeyOrder, order.verdict(allowed: allow.contains(.perKeyOrder))),
        ]
    }

    static func nothingPlaced(_ topic: String) -> String {
        "no message with a key was placed on \(topic) by the partitioner"
    }

    /// Writes down where this step's keys are, and finds those that the partitioner put on several partitions, and one that is on
    /// several because messages named theirs.
    private func placedKeys(in memory: inout TopicMemory) -> (strays: CaseList, spread: String?) {
        var found = CaseList()
        var spread: String?
        for (number, entry) in keys.entries.enumerated() where entry.note.placed >= 0 || entry.note.explicit {
            guard let place = keys.table.withKey(number, { memory.number(of: $0) }) else { continue }
            if entry.note.explicit { memory.placed[place].explicit = true }
            for partition in keys.partitions(of: number) {
                if memory.placed[place].seen < 0 { memory.placed[place].seen = partition }
                if memory.placed[place].seen != partition { memory.placed[place].isSpread = true }
            }
            if memory.placed[place].isSpread, memory.placed[place].explicit {
                spread = spread ?? KeyText.quoted(keys.table.key(number))
            }
            guard entry.note.placed >= 0 else { continue }
            let before = memory.placed[place].partition
            if before < 0 { memory.placed[place].partition = entry.note.placed }
            if before >= 0, before != entry.note.placed {
                found.add(affinityCase(number, on: before, and: entry.note.placed, offset: nil))
            } else if let stray = keys.strays[number] {
                found.add(affinityCase(number, on: entry.note.placed, and: stray.partition, offset: stray.offset))
            }
        }
        return (found, spread)
    }

    private func affinityCase(_ number: Int, on first: Int32, and second: Int32, offset: Int64?) -> String {
        let key = KeyText.quoted(keys.table.key(number))
        let place = "\(topic)/\(second)" + (offset.map { " (offset \($0))" } ?? "")
        return "key \(key) was placed on \(topic)/\(first) and also on \(place)"
    }

    private func misorders() -> CaseList {
        var found = CaseList()
        for (number, misorder) in keys.misorders.sorted(by: { $0.key < $1.key }) {
            let key = KeyText.quoted(keys.table.key(number))
            found.add(
                count: misorder.count,
                "\(topic)/\(misorder.partition) key \(key): message \(misorder.messages.0) stands at offset "
                    + "\(misorder.offset ?? -1), before message \(misorder.messages.1) at offset \(misorder.other), "
                    + "which was sent earlier")
        }
        return found
    }
}

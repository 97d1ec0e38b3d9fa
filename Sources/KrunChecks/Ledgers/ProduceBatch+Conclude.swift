import KrunOutcome
import KrunScenario

extension ProduceBatch {
    /// Adds the step's keys to what the scenario knows of the topic, and judges where they went and in which order.
    mutating func conclude(in memory: inout TopicMemory, allow: Set<Invariant>) -> [InvariantOutcome] {
        let placed = keys.entries.contains { $0.note.placed >= 0 }
        if isPlaced { memory.partitioners.insert(partitioner) }
        // Also one that left a key to chance, as `consistent_random` does with an empty one: another may have placed it.
        if keys.entries.contains(where: { $0.note.placed >= 0 || !$0.note.explicit }) {
            memory.keyPartitioners.insert(partitioner)
        }
        let (strays, spread, moved) = placedKeys(in: &memory)
        var (affinity, order) = (Finding(), Finding())
        if let reason = memory.placementUnjudged {
            (affinity, order) = (.unjudged(reason), .unjudged(reason))
        } else {
            affinity.cases = strays
            movedKeys = moved
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

    /// Writes down where this step's keys are, and finds those that the partitioner put on several partitions, one that is on
    /// several because messages named theirs, and those that moved because partitions were added.
    private func placedKeys(
        in memory: inout TopicMemory
    ) -> (strays: CaseList, spread: String?, moved: MovedKeys) {
        var found = CaseList()
        var moved = MovedKeys()
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
            let before = memory.placed[place]
            if before.partition < 0 {
                memory.placed[place].partition = entry.note.placed
                memory.placed[place].growth = growth
            } else if before.partition == entry.note.placed {
                memory.placed[place].growth = max(before.growth, growth)
            } else if before.growth != growth {
                // Where partitions were added between the two, that is the partitioner's right.
                moves(number, from: before.partition, to: entry.note.placed, in: &moved)
                memory.formerPlaces[place, default: []].formUnion([before.partition, entry.note.placed])
                if growth > before.growth {
                    (memory.placed[place].partition, memory.placed[place].growth) = (entry.note.placed, growth)
                }
                continue
            }
            if before.partition >= 0, before.partition != entry.note.placed {
                found.add(affinityCase(number, on: before.partition, and: entry.note.placed, offset: nil))
            } else if let stray = keys.strays[number] {
                if memory.growth > growth {
                    // They were added while the step was sending.
                    moves(number, from: entry.note.placed, to: stray.partition, in: &moved)
                    memory.formerPlaces[place, default: []].formUnion([entry.note.placed, stray.partition])
                    (memory.placed[place].partition, memory.placed[place].growth) = (stray.partition, memory.growth)
                } else {
                    found.add(affinityCase(number, on: entry.note.placed, and: stray.partition, offset: stray.offset))
                }
            }
        }
        return (found, spread, moved)
    }

    private func moves(_ number: Int, from: Int32, to: Int32, in moved: inout MovedKeys) {
        moved.add(.init(key: keys.table.key(number), from: from, to: to))
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

import KrunOutcome

/// The invariants as one would write them down with all the memory in the world: every event is kept, and counted
/// when all is over. The ledgers must come to the same numbers.
struct HistoryModel {
    struct Record: Hashable {
        let partition: Int32
        let offset: Int64
        let key: String?
        let value: String
    }

    struct Spot: Hashable {
        let partition: Int32
        let offset: Int64
    }

    /// In the order of the reports.
    var acknowledged: [(record: Record, sequence: UInt64, named: Bool)] = []
    var failed: [(key: String?, value: String)] = []
    /// `ownership` is nil for a member that did not own the partition, else a number for each ownership.
    var read: [(record: Record, ownership: Int?)] = []
    var overlaps = 0
    var orphans = 0

    private var placed: [(record: Record, sequence: UInt64, named: Bool)] {
        acknowledged.filter { !$0.named && $0.record.key != nil }
    }

    var produceCounts: [Invariant: Int] {
        var affinity = 0
        var order = 0
        for (_, messages) in Dictionary(grouping: placed, by: \.record.key) {
            let home = messages[0].record.partition
            if messages.contains(where: { $0.record.partition != home }) { affinity += 1 }
            let atHome = messages.filter { $0.record.partition == home }.map(\.sequence)
            // Reports come in the order of offsets here: whoever was sent before an earlier one overtook nobody.
            order += atHome.indices.count { index in atHome[..<index].contains { $0 > atHome[index] } }
        }
        return [.keyAffinity: affinity, .perKeyOrder: order].filter { $0.value > 0 }
    }

    var consumeCounts: [Invariant: Int] {
        var counts: [Invariant: Int] = [.singleOwner: overlaps + orphans]
        let spots = Set(acknowledged.map { Spot(partition: $0.record.partition, offset: $0.record.offset) })
        var seen: Set<Spot> = []
        var firstReads: [Record] = []
        var highest: [Int: Int64] = [:]
        var unclaimed: [[String?]: Int] = [:]
        for failure in failed { unclaimed[[failure.key, failure.value], default: 0] += 1 }
        for (record, ownership) in read {
            let spot = Spot(partition: record.partition, offset: record.offset)
            if seen.insert(spot).inserted {
                firstReads.append(record)
                if !spots.contains(spot) {
                    let content = [record.key, record.value]
                    if let left = unclaimed[content], left > 0 {
                        unclaimed[content] = left - 1
                    } else {
                        counts[.noDuplicates, default: 0] += 1
                    }
                }
            } else {
                counts[.noDuplicates, default: 0] += 1
            }
            guard let ownership else {
                counts[.assignedOnly, default: 0] += 1
                continue
            }
            if record.offset <= highest[ownership] ?? -1 { counts[.offsetOrder, default: 0] += 1 }
            highest[ownership] = max(record.offset, highest[ownership] ?? -1)
        }
        counts[.noLoss] = spots.subtracting(seen).count
        counts[.perKeyOrder] = disorder(among: firstReads)
        counts[.keyAffinity] = strays()
        return counts.filter { $0.value > 0 }
    }

    /// The keys that only the partitioner placed, and where it put them first.
    private var homes: [String: Int32] {
        var homes: [String: Int32] = [:]
        for message in placed where homes[message.record.key!] == nil {
            homes[message.record.key!] = message.record.partition
        }
        for message in acknowledged where message.named {
            if let key = message.record.key { homes[key] = nil }
        }
        return homes
    }

    private func disorder(among reads: [Record]) -> Int {
        let homes = homes
        var last: [String: Record] = [:]
        var count = 0
        for record in reads {
            guard let key = record.key, homes[key] != nil else { continue }
            if let before = last[key], before.partition == record.partition, record.offset < before.offset {
                count += 1
            } else {
                last[key] = record
            }
        }
        return count
    }

    private func strays() -> Int {
        let homes = homes
        let wandering = read.compactMap { read in
            read.record.key.flatMap { homes[$0] != nil && homes[$0] != read.record.partition ? $0 : nil }
        }
        return Set(wandering).count
    }
}

import KrunScenario

/// Who gets which partitions from an assignor that goes by nothing but who is there.
enum GroupAssignment {
    /// - Parameters:
    ///   - members: their names, in the order of the file.
    ///   - topics: with their numbers of partitions.
    /// - Returns: the partitions of each member, sorted by topic and number; nil where the assignor goes by what was before.
    static func owned(
        by assignor: ConsumeStep.Assignor, members: [String], topics: [(name: String, partitions: Int)]
    ) -> [[String]]? {
        // Assignors sort members by their ids, which brokers make of client ids, and topics by their names.
        let order = members.indices.sorted {
            ClientNames.id(members[$0], of: members.count) + "-" < ClientNames.id(members[$1], of: members.count) + "-"
        }
        var owned = members.map { _ in [(topic: String, partition: Int)]() }
        switch assignor {
        case .range:
            for topic in topics {
                let (share, more) = topic.partitions.quotientAndRemainder(dividingBy: members.count)
                var next = 0
                for (place, member) in order.enumerated() {
                    let count = share + (place < more ? 1 : 0)
                    owned[member] += (next..<next + count).map { (topic.name, $0) }
                    next += count
                }
            }
        case .roundrobin:
            var next = 0
            for topic in topics.sorted(by: { $0.name < $1.name }) {
                for partition in 0..<topic.partitions {
                    owned[order[next % members.count]].append((topic.name, partition))
                    next += 1
                }
            }
        case .cooperativeSticky: return nil
        }
        return owned.map {
            $0.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }.map { "\($0.topic)/\($0.partition)" }
        }
    }
}

/// The client ids of producers and members, by which a broker tells them apart.
public enum ClientNames {
    /// - Parameters:
    ///   - name: of a member, or of a producer.
    ///   - count: how many members there are with it.
    public static func id(_ name: String, of count: Int = 1) -> String {
        // Brokers make a member's id from it, and assignors go by the ids: so member 1 comes first in every run.
        let padding = Int(name) == nil ? 0 : max(0, String(count).count - name.count)
        return "krun-" + String(repeating: "0", count: padding) + name
    }

    /// All that one of that name may have, however many there are with it.
    public static func ids(_ name: String) -> Set<String> {
        Set([1, 10, 100, 1_000].map { id(name, of: $0) })
    }
}

/// Finds which names somebody probably meant.
enum NearestNames {
    /// At most three names of which `name` differs in at most a third of its letters, the nearest first.
    ///
    /// Only letters and digits count, in any case: `NotLeaderOrFollower` is `NOT_LEADER_OR_FOLLOWER`.
    static func of(_ name: String, among names: [String]) -> [String] {
        let wanted = letters(name)
        // Comparing takes the product of the lengths, and no name of Kafka's is so long.
        guard !wanted.isEmpty, wanted.count <= 128 else { return [] }
        return names.map { (name: $0, distance: distance(wanted, letters($0))) }
            .filter { $0.distance <= max(1, wanted.count / 3) }
            .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
            .prefix(3).map(\.name)
    }

    private static func letters(_ name: String) -> [UInt8] {
        name.utf8.compactMap { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte + 32
            default: nil
            }
        }
    }

    /// How many letters must be inserted, deleted or replaced.
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var row = Array(0...b.count)
        for (i, letter) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let replaced = diagonal + (letter == b[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[b.count]
    }
}

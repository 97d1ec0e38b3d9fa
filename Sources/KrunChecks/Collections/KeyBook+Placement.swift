import KrunOutcome
import KrunScenario

extension KeyBook {
    /// Where the keys are, beside where a partitioner puts them.
    ///
    /// - Parameter counts: how many partitions the topic has, and had before some were added: a key stays where it was put.
    func placement(by partitioner: Partitioner, partitions counts: Set<Int>) -> PlacementOutcome {
        var strays: [PlacementOutcome.Stray] = []
        var (keys, elsewhere) = (0, 0)
        // Those that may have placed all of them.
        var candidates = Partitioner.allCases.filter { $0.algorithm != nil }
        let now = counts.max() ?? 1
        for number in entries.indices {
            let key = table.key(number)
            let places = partitions(of: number)
            func puts(_ partitioner: Partitioner) -> Bool? {
                guard partitioner.hashes(key: key) else { return nil }
                return places.allSatisfy { place in
                    counts.contains { partitioner.partition(forKey: key, partitions: $0) == place }
                }
            }
            candidates.removeAll { puts($0) == false }
            guard let isThere = puts(partitioner) else { continue }
            keys += 1
            if isThere { continue }
            elsewhere += 1
            let expected = partitioner.partition(forKey: key, partitions: now) ?? 0
            strays.append(.init(key: key, partitions: places, expected: expected))
            // The first by their bytes are shown, whatever came first.
            if strays.count > 1_000 { keepFirst(&strays) }
        }
        keepFirst(&strays)
        return PlacementOutcome(
            partitioner: partitioner.rawValue, keys: keys, elsewhere: elsewhere, first: strays,
            explainedBy: keys == 0 ? [] : candidates.map(\.rawValue))
    }

    private func keepFirst(_ strays: inout [PlacementOutcome.Stray]) {
        strays.sort { $0.key.lexicographicallyPrecedes($1.key) }
        strays.removeLast(max(0, strays.count - PlacementOutcome.limit))
    }
}

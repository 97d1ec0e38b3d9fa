/// Which offsets of a partition are known: as runs, and never more of them than a bound, however many gaps there are.
struct KnownOffsets {
    /// Of twice as many runs the lower half becomes one: what lies between them counts as known from then on.
    static let runLimit = 10_000

    /// Rising, never empty, never touching each other.
    private(set) var runs: [Range<Int64>] = []

    /// - Returns: false where it was known already.
    mutating func insert(_ offset: Int64) -> Bool {
        // Most offsets come in their order.
        guard let last = runs.last, offset <= last.upperBound else {
            runs.append(offset..<offset + 1)
            if runs.count >= 2 * Self.runLimit { joinLowerHalf() }
            return true
        }
        // The first run that holds the offset, or ends right before it, or lies above it.
        let index = firstRun { $0.upperBound >= offset }
        if runs[index].contains(offset) { return false }
        let touchesBelow = runs[index].upperBound == offset
        let above = touchesBelow ? index + 1 : index
        let touchesAbove = above < runs.count && runs[above].lowerBound == offset + 1
        let lower = touchesBelow ? runs[index].lowerBound : offset
        let upper = touchesAbove ? runs[above].upperBound : offset + 1
        runs.replaceSubrange(index..<(touchesAbove ? above + 1 : above), with: CollectionOfOne(lower..<upper))
        if runs.count >= 2 * Self.runLimit { joinLowerHalf() }
        return true
    }

    private mutating func joinLowerHalf() {
        let joined = runs[0].lowerBound..<runs[Self.runLimit - 1].upperBound
        runs.replaceSubrange(..<Self.runLimit, with: CollectionOfOne(joined))
    }

    /// The index of the first run for which the condition holds, given that it holds for all after it.
    private func firstRun(where condition: (Range<Int64>) -> Bool) -> Int {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if condition(runs[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

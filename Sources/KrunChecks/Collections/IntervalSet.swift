/// A set of offsets kept as sorted runs, so that its memory grows with the gaps and not with the offsets.
public struct IntervalSet: Hashable, Sendable {
    /// Rising, never empty, never touching each other.
    public private(set) var ranges: [Range<Int64>] = []
    /// How many offsets are in the set.
    public private(set) var count = 0

    public init() {}

    public init(_ range: Range<Int64>) {
        insert(range)
    }

    public var isEmpty: Bool { ranges.isEmpty }
    public var first: Int64? { ranges.first?.lowerBound }
    public var last: Int64? { ranges.last.map { $0.upperBound - 1 } }

    /// Adds an offset; in constant time (amortised) when it is the highest so far.
    ///
    /// - Returns: false when it was there already.
    @discardableResult
    public mutating func insert(_ offset: Int64) -> Bool {
        let end = ranges.count - 1
        if end >= 0 {
            let run = ranges[end]
            if offset == run.upperBound {
                ranges[end] = Range(uncheckedBounds: (run.lowerBound, offset + 1))
                count += 1
                return true
            }
            if offset < run.upperBound { return insertBelowTop(offset) }
        }
        ranges.append(offset..<offset + 1)
        count += 1
        return true
    }

    private mutating func insertBelowTop(_ offset: Int64) -> Bool {
        if contains(offset) { return false }
        insert(offset..<offset + 1)
        return true
    }

    /// Adds all offsets of a range.
    public mutating func insert(_ range: Range<Int64>) {
        if range.isEmpty { return }
        // The runs that overlap or touch the range become one with it.
        let from = firstRun { $0.upperBound >= range.lowerBound }
        let to = firstRun { $0.lowerBound > range.upperBound }
        var merged = range
        for run in ranges[from..<to] {
            count -= run.count
            merged = min(merged.lowerBound, run.lowerBound)..<max(merged.upperBound, run.upperBound)
        }
        ranges.replaceSubrange(from..<to, with: CollectionOfOne(merged))
        count += merged.count
    }

    public mutating func formUnion(_ other: IntervalSet) {
        // Both are sorted: one walk over them, so that many runs cost no more than their number.
        var merged = IntervalSet()
        var mine = ranges[...]
        var others = other.ranges[...]
        while true {
            switch (mine.first, others.first) {
            case (let a?, let b) where a.lowerBound <= b?.lowerBound ?? .max:
                merged.insert(a)
                mine.removeFirst()
            case (_, let b?):
                merged.insert(b)
                others.removeFirst()
            default:
                self = merged
                return
            }
        }
    }

    public func contains(_ offset: Int64) -> Bool {
        run(holding: offset) != nil
    }

    /// The run that an offset is in; nil when it is not in the set.
    public func run(holding offset: Int64) -> Range<Int64>? {
        let index = firstRun { $0.upperBound > offset }
        return index < ranges.count && ranges[index].contains(offset) ? ranges[index] : nil
    }

    /// The offsets that are in this set and not in the other.
    public func subtracting(_ other: IntervalSet) -> IntervalSet {
        var result = IntervalSet()
        var next = 0
        for run in ranges {
            var lower = run.lowerBound
            while next < other.ranges.count, other.ranges[next].upperBound <= lower { next += 1 }
            var index = next
            while index < other.ranges.count, other.ranges[index].lowerBound < run.upperBound {
                if lower < other.ranges[index].lowerBound { result.insert(lower..<other.ranges[index].lowerBound) }
                lower = other.ranges[index].upperBound
                index += 1
            }
            if lower < run.upperBound { result.insert(lower..<run.upperBound) }
        }
        return result
    }

    /// The offsets that are not below `offset`.
    public func from(_ offset: Int64) -> IntervalSet {
        var result = IntervalSet()
        for run in ranges[firstRun { $0.upperBound > offset }...] {
            result.insert(max(run.lowerBound, offset)..<run.upperBound)
        }
        return result
    }

    /// The offsets that are below `offset`.
    public func below(_ offset: Int64) -> IntervalSet {
        var result = IntervalSet()
        for run in ranges[..<firstRun { $0.lowerBound >= offset }] {
            result.insert(run.lowerBound..<min(run.upperBound, offset))
        }
        return result
    }

    /// Keeps its memory for what comes next.
    mutating func removeAll() {
        ranges.removeAll(keepingCapacity: true)
        count = 0
    }

    /// The index of the first run for which the condition holds, given that it holds for all after it.
    private func firstRun(where condition: (Range<Int64>) -> Bool) -> Int {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if condition(ranges[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

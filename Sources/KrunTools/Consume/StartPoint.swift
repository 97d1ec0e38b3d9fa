import KrunScenario

/// Where reading begins in each partition.
package enum StartPoint: Hashable, Sendable {
    /// Where the group stopped; where it committed nothing, the first record.
    case committed
    case earliest
    /// Behind the last record.
    case latest
    /// This offset in every partition.
    case offset(Int64)
    /// So many records before the end of every partition.
    case last(Int64)
    /// The first record with this timestamp or a later one, in milliseconds since 1970.
    case time(Int64)

    /// What may be written, for error messages.
    package static let forms =
        "earliest, latest, committed, an offset (12), the last records of each partition (-12), "
        + "or a time (2026-01-31T08:00:00Z)"

    /// Nil when the text is none of the forms.
    package init?(_ text: String) {
        switch text {
        case "committed": self = .committed
        case "earliest": self = .earliest
        case "latest": self = .latest
        default:
            if text.hasPrefix("-"), let count = Int64(text.dropFirst()), count > 0 {
                self = .last(count)
            } else if text.first != "+", text.first != "-", let offset = Int64(text) {
                self = .offset(offset)
            } else if let milliseconds = Timestamp.milliseconds(text), milliseconds >= 0 {
                self = .time(milliseconds)
            } else {
                return nil
            }
        }
    }

    /// The offset in one partition.
    ///
    /// - Parameters:
    ///   - committed: what the group committed; nil for nothing.
    ///   - atTime: the first offset at or after the time; nil where there is none.
    func offset(first: Int64, end: Int64, committed: Int64?, atTime: Int64?) -> Int64 {
        switch self {
        case .committed:
            guard let committed, committed <= end else { return first }
            return max(first, committed)
        case .earliest: return first
        case .latest: return end
        case .offset(let offset): return min(max(first, offset), end)
        case .last(let count): return max(first, end - count)
        case .time: return atTime.map { max(first, $0) } ?? end
        }
    }
}

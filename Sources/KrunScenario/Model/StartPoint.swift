/// Where reading begins in a partition, or where a group is to go on.
public enum StartPoint: Hashable, Sendable {
    /// Where the group stopped; where it committed nothing, the first record.
    case committed
    case earliest
    /// Behind the last record.
    case latest
    /// This offset.
    case offset(Int64)
    /// So many records before the end.
    case last(Int64)
    /// The first record with this timestamp or a later one, in milliseconds since 1970.
    case time(Int64)

    /// What may be written on a command line, for error messages.
    package static let forms =
        "earliest, latest, committed, an offset (12), the last records of each partition (-12), "
        + "or the first since a time (2026-01-31T08:00:00Z, or @ and milliseconds since 1970)"

    /// As a command line has it; nil when the text is none of the forms.
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
            } else if let milliseconds = Self.milliseconds(text), milliseconds >= 0 {
                self = .time(milliseconds)
            } else {
                return nil
            }
        }
    }

    /// A time as RFC 3339 writes it, or `@` and such a time or a number.
    private static func milliseconds(_ text: String) -> Int64? {
        guard text.first == "@" else { return Timestamp.milliseconds(text) }
        let rest = text.dropFirst()
        return (rest.first == "+" ? nil : Int64(rest)) ?? Timestamp.milliseconds(String(rest))
    }

    /// The offset in one partition.
    ///
    /// - Parameters:
    ///   - committed: what the group committed; nil for nothing.
    ///   - atTime: the first offset at or after the time; nil where there is none.
    package func offset(first: Int64, end: Int64, committed: Int64?, atTime: Int64?) -> Int64 {
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

/// The same for all partitions of a step: `from` of a consume step, `reset` of an offsets step.
public struct StartPoints: Hashable, Sendable {
    /// In partitions that are not named; nil to leave those as they are.
    public var others: StartPoint?
    /// Topic as in the file → partition → where.
    public var named: [String: [Int32: StartPoint]] = [:]
    /// Where `committed` finds nothing that the log has: `auto.offset.reset`, one of `earliest` and `latest`.
    public var uncommitted: StartPoint = .earliest

    public init(_ others: StartPoint?, uncommitted: StartPoint = .earliest) {
        self.others = others
        self.uncommitted = uncommitted
    }

    /// - Parameter topic: as in the file.
    public func point(of topic: String, _ partition: Int32) -> StartPoint? { named[topic]?[partition] ?? others }

    /// The times that have to be looked up, each once.
    package var times: Set<Int64> {
        var times: Set<Int64> = []
        for point in named.values.flatMap(\.values) + (others.map { [$0] } ?? []) {
            if case .time(let time) = point { times.insert(time) }
        }
        return times
    }
}

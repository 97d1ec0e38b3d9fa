import KrunScenario

extension ConsumeSession {
    /// What `krun consume` is asked to do.
    package struct Request: Sendable {
        package var topics: [String]
        /// Nil to read without a group, which commits nothing.
        package var group: String?
        /// Nil for `committed` with a group, `earliest` without.
        package var from: StartPoint?
        /// Without a group, only these; empty for all.
        package var partitions: [Int32] = []
        /// Whether to end where the topics ended when it began.
        package var exitsAtEnd = false
        /// How many records to read; nil for as many as come.
        package var count: Int?
        package var format: RecordFormat = .pretty
        /// Whether records go to a terminal, which nothing of them must steer.
        package var isOnTerminal = false
        /// Whether to tell of each commit.
        package var isVerbose = false

        package init(topics: [String], group: String?) {
            self.topics = topics
            self.group = group
        }

        /// Whether only Ctrl+C ends it.
        package var isEndless: Bool { !exitsAtEnd && count == nil }

        var start: StartPoint { from ?? (group == nil ? .earliest : .committed) }
    }
}

/// Where `krun consume` writes.
package protocol ConsumeOutput: AnyObject {
    /// Writes records, whole; false when nobody reads them any more.
    func writeRecords(_ text: [UInt8]) -> Bool
    /// Whether nobody will read another record; asked while none come.
    var isReaderGone: Bool { get }
    /// Says something that is no record; a line, without its end.
    func say(_ line: String)
    /// Says what needs attention, in the same way.
    func warn(_ line: String)
}

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

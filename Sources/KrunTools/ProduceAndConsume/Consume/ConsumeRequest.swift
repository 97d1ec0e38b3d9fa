package import KrunScenario

extension ConsumeSession {
    /// What `krun consume` is asked to do.
    package struct Request: Sendable {
        /// Each once; not empty.
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
        /// Whether what was shown is committed, where there is a group.
        package var commits = true
        /// Records per second at most, within `rates`; nil for as many as come.
        package var rate: Double?
        package var format: RecordFormat = .pretty
        /// Whether records go to a terminal, which nothing of them must steer.
        package var isOnTerminal = false
        /// Whether to tell of each commit.
        package var isVerbose = false

        package init(topics: [String], group: String?) {
            self.topics = topics
            self.group = group
        }

        /// Records per second that can be asked for: who reads more slowly would not answer its group.
        package static let rates = 1...Pacer.rates.upperBound

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

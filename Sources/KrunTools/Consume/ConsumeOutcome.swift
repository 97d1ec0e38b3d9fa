package import KrunDiagnostics
import KrunKafka
import KrunOutcome
import KrunReports

/// What `krun consume` has done, when it has ended.
package struct ConsumeOutcome {
    package enum End: Sendable {
        /// Ctrl+C or the like.
        case interrupted
        case atEnd
        case counted
        /// Nobody reads the records any more.
        case readerGone
    }

    struct Row {
        var partition: TopicPartition
        var read: Int
        /// Nil where nothing is committed.
        var committed: Int64?
        /// Nil where the broker did not say.
        var end: Int64?
        /// The first offset that is there; nil where the broker did not say.
        var first: Int64?

        var lag: Int64? { Lag.of(committed: committed, logStart: first, end: end) }
    }

    package let end: End
    /// What ended it before its time, or why it saw nothing.
    package let trouble: Diagnostic?
    let group: String?
    let rows: [Row]
    let topics: [String]
    package let read: Int

    /// The last words: how much was read, and a table of the partitions that were read from.
    package func summary(_ style: TextStyle) -> String {
        let title = "read \(Amounts.count(read, "record"))" + (group.map { " as group \(TerminalText.safe($0))" } ?? "")
        guard !rows.isEmpty else { return title + "\n" }
        let severalTopics = topics.count > 1
        var table = TextTable(columns: severalTopics ? [.init("topic", .left)] : [])
        table.columns += [.init("partition"), .init("read")]
        if group != nil {
            table.columns += [.init("committed"), .init("end"), .init("lag")]
        } else {
            table.columns += [.init("end")]
        }
        table.rows = rows.map { row in
            let end = row.end.map { Amounts.number($0) } ?? "?"
            let first =
                (severalTopics ? [row.partition.topic] : []) + ["\(row.partition.partition)", Amounts.number(row.read)]
            guard group != nil else { return first + [end] }
            return first + [
                row.committed.map { Amounts.number($0) } ?? "-", end, row.lag.map { Amounts.number($0) } ?? "?",
            ]
        }
        return ([title] + table.lines(style, indent: "  ")).map { $0 + "\n" }.joined()
    }
}

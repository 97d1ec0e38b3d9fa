import KrunDiagnostics
import KrunOutcome

/// The tables that show where the messages of a topic are at the end of a scenario.
struct TopicTables {
    /// Longer tables end in a line that says how much more there is.
    static let partitionLimit = 24
    static let keyLimit = 10

    let summary: TopicSummary
    private let main: TopicRecords

    init(_ summary: TopicSummary) {
        self.summary = summary
        main = summary.main
    }

    /// A column of figures: its title, and the figure of a row; nil where there is none.
    private struct Figures<Row> {
        var title: String
        var group: String?
        var value: (Row) -> Int64?

        init(_ title: String, group: String? = nil, value: @escaping (Row) -> Int64?) {
            self.title = title
            self.group = group
            self.value = value
        }

        func cell(_ row: Row) -> String { value(row).map(Amounts.number) ?? "–" }
    }

    // MARK: Partitions

    /// Partition, messages, first, last, and per group read, committed and lag: those that there are figures for.
    func partitionLines(_ style: TextStyle, indent: String, width: Int? = nil) -> [String] {
        let partitions = summary.partitions
        let columns = partitionColumns.filter { column in partitions.contains { column.value($0) != nil } }
        // Of many, those that have something to say.
        let isLong = partitions.count > Self.partitionLimit
        let telling = isLong ? partitions.filter { summary.tells($0) } : partitions
        if telling.isEmpty { return [indent + "no message in any of \(Amounts.count(partitions.count, "partition"))"] }
        let shown = summary.mostTelling(telling, limit: Self.partitionLimit)
        let table = TextTable(
            columns: [TextTable.Column("partition")] + grouped(columns),
            rows: shown.map { partition in [String(partition)] + columns.map { $0.cell(partition) } })
        var lines = table.lines(style, indent: indent, width: width)
        let hidden = Set(telling).subtracting(shown)
        if !hidden.isEmpty {
            let messages = hidden.reduce(0) { $0 + (main.partitions[$1]?.messages ?? 0) }
            lines.append(
                "\(indent)… and \(Amounts.number(hidden.count)) more with \(Amounts.count(messages, "message"))")
        }
        let silent = partitions.count - telling.count
        if silent > 0 {
            lines.append(
                "\(indent)… and \(Amounts.count(silent, hidden.isEmpty ? "more" : "other", plural: hidden.isEmpty ? "more" : "others")) without messages"
            )
        }
        return lines
    }

    private var partitionColumns: [Figures<Int32>] {
        let summary = summary
        let main = main
        var columns: [Figures<Int32>] = []
        if showsMessages {
            columns.append(Figures("messages") { Int64(main.partitions[$0]?.messages ?? 0) })
        }
        columns.append(Figures("first") { summary.first($0) })
        columns.append(Figures("last") { summary.last($0) })
        let showsRead = summary.produced == nil ? !showsMessages : summary.readersDifferByPartition || hasSeveralReaders
        for reader in summary.readers {
            let partitions = reader.records.partitions
            let group = title(of: reader)
            if showsRead { columns.append(Figures("read", group: group) { Int64(partitions[$0]?.messages ?? 0) }) }
            if reader.group != nil {
                columns.append(Figures("committed", group: group) { partitions[$0]?.committed })
                columns.append(Figures("lag", group: group) { partitions[$0]?.lag })
            }
        }
        return columns
    }

    // MARK: Keys

    /// Key, partitions, messages, and per group read where that differs; empty when no message had a key and there
    /// were none without one either.
    func keyLines(_ style: TextStyle, indent: String, width: Int? = nil) -> [String] {
        let keys = rows
        if keys.isEmpty { return [] }
        let columns = keyColumns
        let isSpread = keys.contains { $0.outcome.partitions.count > 1 }
        let table = TextTable(
            columns: [TextTable.Column("key", .left), TextTable.Column(isSpread ? "partitions" : "partition")]
                + grouped(columns),
            rows: keys.map { key in
                [key.text, Amounts.list(key.outcome.partitions.map { String($0) })] + columns.map { $0.cell(key) }
            })
        var lines = table.lines(style, indent: indent, width: width)
        let shown = keys.count { !$0.isNull }
        if let more = moreKeys(than: shown) { lines.append(indent + more) }
        return lines
    }

    private struct KeyRow {
        var outcome: KeyOutcome
        var isNull: Bool
        var text: String { isNull ? "(null)" : KeyCell.text(outcome.key) }
    }

    /// Of many keys those that failures name are told before those on more than one partition, and these before others, in the order of their
    /// bytes all the same.
    private static func telling(_ keys: [KeyOutcome], _ named: Set<[UInt8]>) -> [KeyOutcome] {
        guard keys.count > keyLimit else { return keys }
        var ranks: [[KeyOutcome]] = [[], [], []]
        for key in keys { ranks[named.contains(key.key) ? 0 : key.partitions.count > 1 ? 1 : 2].append(key) }
        return ranks.joined().prefix(keyLimit).sorted { $0.key.lexicographicallyPrecedes($1.key) }
    }

    /// Those of `main` first, then those that only a reader saw; the messages without a key last.
    private var rows: [KeyRow] {
        var keys = Self.telling(main.keys, summary.failures.keys)
        var nullKey = main.nullKey
        for reader in summary.readers {
            let known = Set((keys + main.keys).map(\.key))
            if main.listsAllKeys {
                let unknown = reader.records.keys.lazy.filter { !known.contains($0.key) }
                keys += unknown.prefix(max(0, Self.keyLimit - keys.count))
            }
            nullKey = nullKey ?? reader.records.nullKey
        }
        return keys.map { KeyRow(outcome: $0, isNull: false) }
            + (nullKey.map { [KeyRow(outcome: $0, isNull: true)] } ?? [])
    }

    private func moreKeys(than shown: Int) -> String? {
        let records = [main] + summary.readers.map(\.records)
        let distinct = records.map(\.distinctKeys).max() ?? 0
        if distinct <= shown { return nil }
        let more = Amounts.count(distinct - shown, "more key")
        return main.keysAreSampled ? "… and at least \(more), of which only a sample was looked at" : "… and \(more)"
    }

    private var keyColumns: [Figures<KeyRow>] {
        var columns: [Figures<KeyRow>] = []
        let main = main
        if showsMessages {
            let counts = main.messagesByKey
            columns.append(
                Figures("messages") { Int64(($0.isNull ? main.nullKey?.messages : counts[$0.outcome.key]) ?? 0) })
        }
        if showsMessages && !summary.readersDifferByKey { return columns }
        for reader in summary.readers {
            let records = reader.records
            let counts = records.messagesByKey
            let absent: Int64? = records.listsAllKeys ? 0 : nil
            columns.append(
                Figures("read", group: title(of: reader)) { row in
                    if row.isNull { return Int64(records.nullKey?.messages ?? 0) }
                    return counts[row.outcome.key].map { Int64($0) } ?? absent
                })
        }
        return columns
    }

    // MARK: Readers

    private var hasSeveralReaders: Bool { summary.readers.count > 1 }

    /// Whether one count of messages stands for all: what was sent, or what the only reader read.
    private var showsMessages: Bool { summary.produced != nil || !hasSeveralReaders }

    /// nil where there is only one, whose name the step says.
    private func title(of reader: TopicSummary.Reader) -> String? {
        hasSeveralReaders ? reader.group.map { TerminalText.safe($0) } ?? "(no group)" : nil
    }

    /// The columns of text for columns of figures; the title of a group stands over the first of its columns.
    private func grouped<Row>(_ columns: [Figures<Row>]) -> [TextTable.Column] {
        var last: String?
        return columns.map { column in
            defer { last = column.group }
            return TextTable.Column(column.title, group: column.group == last ? nil : column.group)
        }
    }
}

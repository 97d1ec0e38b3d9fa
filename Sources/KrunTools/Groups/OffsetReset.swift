package import KrunDiagnostics
package import KrunJSON
import KrunKafka
import KrunReports

/// `krun groups reset`: where a group would go on, partition by partition.
package struct OffsetReset: DestructivePlan {
    /// What was asked for.
    package struct Order: Sendable {
        package var group: String
        /// Empty for all that the group committed in.
        package var topics: [String]
        /// Empty for all partitions; otherwise there is one topic.
        package var partitions: [Int32]
        package var target: OffsetTarget

        package init(group: String, topics: [String], partitions: [Int32], target: OffsetTarget) {
            self.group = group
            self.topics = topics
            self.partitions = partitions
            self.target = target
        }
    }

    struct Row: Hashable, Sendable {
        var partition: TopicPartition
        /// Nil where the group committed nothing.
        var committed: Int64?
        /// Nil where it stays without one.
        var offset: Int64?
        var first: Int64
        var end: Int64
        /// Why the offset is not what was asked for; empty where it is.
        var note = ""

        var isChange: Bool { offset != nil && offset != committed }
    }

    let group: String
    /// Whether there was a group when this was planned.
    let exists: Bool
    let rows: [Row]
    package let remarks: [Diagnostic]
    let connection: KafkaConnection

    package var isEmpty: Bool { changes.isEmpty }
    var changes: [Row] { rows.filter(\.isChange) }

    package func text(_ style: TextStyle) -> String {
        var table = TextTable(columns: [
            TextTable.Column("topic", .left), TextTable.Column("partition"), TextTable.Column("committed"),
            TextTable.Column("becomes"), TextTable.Column("first"), TextTable.Column("end"),
        ])
        let hasNotes = rows.contains { !$0.note.isEmpty }
        if hasNotes { table.columns.append(TextTable.Column("note", .left)) }
        table.rows = rows.map { row in
            [
                TerminalText.safe(row.partition.topic), String(row.partition.partition), Cells.number(row.committed),
                Cells.number(row.offset), Amounts.number(row.first), Amounts.number(row.end),
            ] + (hasNotes ? [row.note] : [])
        }
        let end = isEmpty ? "nothing to reset: no offset would change\n" : ""
        return style.bold("group \(TerminalText.safe(group))") + "\n"
            + table.lines(style, indent: "  ").map { $0 + "\n" }.joined() + end
    }

    package var json: JSONValue { json { object, _ in object.add("reset", false) } }

    /// - Parameter finish: adds what became of it.
    fileprivate func json(_ finish: (inout JSONMembers, Row) -> Void) -> JSONValue {
        var object = JSONMembers()
        object.add("group", group)
        object.add(
            "offsets",
            rows.map { row in
                var object = JSONMembers()
                object.add("topic", row.partition.topic)
                object.add("partition", row.partition.partition)
                object.add("committed", .nullable(row.committed))
                object.add("offset", .nullable(row.offset))
                object.add("first", row.first)
                object.add("end", row.end)
                if !row.note.isEmpty { object.add("note", row.note) }
                finish(&object, row)
                return object
            })
        return object.value
    }

    /// - Parameter wasAsked: makes no difference: offsets that a group committed meanwhile are never overwritten.
    package func carryOut(wasAsked: Bool) throws -> Outcome {
        try checkNothingChanged()
        let answers = try connection.attempt { _ in
            try connection.admin.alterGroupOffsets(
                group,
                to: Dictionary(changes.map { ($0.partition, $0.offset ?? 0) }, uniquingKeysWith: { $1 }),
                timeout: connection.timeout)
        }
        return Outcome(plan: self, errors: answers.compactMapValues { $0 })
    }

    /// What was shown is what is done: not something else because the group moved while somebody thought about it.
    private func checkNothingChanged() throws {
        let now = try connection.group(named: group)
        if let now, now.hasMembers { throw KafkaConnection.inUse(now, Self.refusal) }
        guard exists == (now != nil) else {
            throw Diagnostic(
                .runtime, exists ? "group \(group) is gone meanwhile" : "there is a group \(group) meanwhile",
                notes: [Self.nothingDone])
        }
        let committed = try connection.attempt { _ in
            try connection.admin.groupOffsets(group, timeout: connection.timeout)
        }
        guard rows.allSatisfy({ committed[$0.partition] == $0.committed }) else {
            throw Diagnostic(
                .runtime, "group \(group) has committed other offsets meanwhile", notes: [Self.nothingDone])
        }
    }

    static let refusal = "its offsets cannot be reset"
    private static let nothingDone = "nothing was reset: ask again to see where it stands now"

    package struct Outcome: CommandResult {
        let plan: OffsetReset
        /// Of partitions that were not reset.
        let errors: [TopicPartition: KafkaError]

        private var done: [Row] { plan.changes.filter { errors[$0.partition] == nil } }

        package func text(_ style: TextStyle) -> String {
            guard !done.isEmpty else { return "" }
            return "reset group \(TerminalText.safe(plan.group)) in \(Amounts.count(done.count, "partition"))\n"
        }

        package var json: JSONValue {
            plan.json { object, row in
                object.add("reset", row.isChange && errors[row.partition] == nil)
                object.add("error", errors[row.partition]?.json.value)
            }
        }

        package var remarks: [Diagnostic] {
            plan.changes.compactMap { row in
                errors[row.partition].map { error in
                    var notes = ["\(error.name): \(error.reason)"]
                    if ["UNKNOWN_MEMBER_ID", "ILLEGAL_GENERATION", "REBALANCE_IN_PROGRESS"].contains(error.name) {
                        notes.append("a member has joined the group meanwhile")
                    }
                    let partition = "\(row.partition.topic)/\(row.partition.partition)"
                    return Diagnostic(.runtime, "\(partition) of group \(plan.group) was not reset", notes: notes)
                }
            }
        }
    }
}

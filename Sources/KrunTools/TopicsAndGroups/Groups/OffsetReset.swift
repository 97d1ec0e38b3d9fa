package import KrunConnection
package import KrunDiagnostics
package import KrunJSON
import KrunKafka
import KrunOutcome
import KrunReports
import KrunScenario

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

    let group: String
    /// Whether there was a group when this was planned.
    let exists: Bool
    let rows: [OffsetMove]
    package let remarks: [Diagnostic]
    let connection: KafkaConnection

    package var isEmpty: Bool { changes.isEmpty }
    var changes: [OffsetMove] { rows.filter(\.isChange) }

    package func text(_ style: TextStyle) -> String {
        var table = TextTable(columns: [
            TextTable.Column("topic", .left), TextTable.Column("partition"), TextTable.Column("committed"),
            TextTable.Column("becomes"), TextTable.Column("first"), TextTable.Column("end"),
        ])
        let hasNotes = rows.contains { $0.note != nil }
        if hasNotes { table.columns.append(TextTable.Column("note", .left)) }
        table.rows = rows.map { row in
            [
                TerminalText.safe(row.partition.topic), String(row.partition.partition), Cells.number(row.committed),
                Cells.number(row.offset), Amounts.number(row.first), Amounts.number(row.end),
            ] + (hasNotes ? [row.note?.text ?? ""] : [])
        }
        let end = isEmpty ? "nothing to reset: no offset would change\n" : ""
        return style.bold("group \(TerminalText.safe(group))") + "\n"
            + table.lines(style, indent: "  ").map { $0 + "\n" }.joined() + end
    }

    package var json: JSONValue { json { object, _ in object.add("reset", false) } }

    /// - Parameter finish: adds what became of it.
    fileprivate func json(_ finish: (inout JSONMembers, OffsetMove) -> Void) -> JSONValue {
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
                object.add("note", row.note?.text)
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

        private var done: [OffsetMove] { plan.changes.filter { errors[$0.partition] == nil } }

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

/// `--to` and `--by`.
extension OffsetTarget {
    /// What `--to` takes, for error messages.
    package static let forms =
        "earliest, latest, an offset (12), the last records of each partition (-12), or the first since a time "
        + "(2026-01-31T08:00:00Z, or @ and milliseconds since 1970)"

    /// Nil when the text is none of the forms.
    package init?(to text: String) {
        guard let start = StartPoint(text), start != .committed else { return nil }
        self = .start(start)
    }
}

// MARK: - Planning

extension OffsetReset {
    /// Finds out where the group stands and where it would go on.
    ///
    /// - Throws: a `Diagnostic` where the group has members, is not there although no topic is named, or has committed nothing;
    ///   and about topics and partitions that are not there.
    package static func plan(_ order: Order, on connection: KafkaConnection) throws -> OffsetReset {
        let group = try connection.group(named: order.group)
        if let group, group.hasMembers { throw KafkaConnection.inUse(group, refusal) }
        if group == nil, order.topics.isEmpty { throw try connection.unknownGroup(order.group) }
        let committed = try connection.attempt { _ in
            try connection.admin.groupOffsets(order.group, timeout: connection.timeout)
        }
        guard !order.topics.isEmpty || !committed.isEmpty else {
            throw Diagnostic(
                .runtime, "group \(order.group) has committed nothing",
                notes: ["name the topic that it is to read: --topic NAME"])
        }
        let topics = try topics(order, committed, connection)
        let rows = try rows(order, topics, committed, connection)
        var remarks: [Diagnostic] = []
        if group == nil { remarks.append(try newGroup(order.group, connection)) }
        return OffsetReset(
            group: order.group, exists: group != nil, rows: rows, remarks: remarks, connection: connection)
    }

    private static func newGroup(_ name: String, _ connection: KafkaConnection) throws -> Diagnostic {
        let nearest = try connection.nearestGroup(to: name)
        return Diagnostic(
            .warning, "group \(name) does not exist: resetting it makes one", notes: nearest.map { [$0] } ?? [])
    }

    /// With the ends of their logs.
    private static func topics(
        _ order: Order, _ committed: [TopicPartition: Int64], _ connection: KafkaConnection
    ) throws -> [TopicFigures] {
        let names = order.topics.isEmpty ? Set(committed.keys.map(\.topic)).sorted() : order.topics
        let topics = try connection.topics(named: names)
        let figures = try connection.attempt { _ in
            try TopicFigures.read(topics, admin: connection.admin, timeout: connection.timeout)
        }
        for topic in figures {
            let numbers = topic.partitions.map(\.number)
            if let missing = order.partitions.first(where: { !numbers.contains($0) }) {
                throw Diagnostic.missingPartition(missing, of: topic.name, having: numbers)
            }
        }
        return figures
    }

    private static func rows(
        _ order: Order, _ topics: [TopicFigures], _ committed: [TopicPartition: Int64], _ connection: KafkaConnection
    ) throws -> [OffsetMove] {
        var rows: [OffsetMove] = []
        for topic in topics {
            for partition in topic.partitions
            where order.partitions.isEmpty || order.partitions.contains(partition.number) {
                let place = TopicPartition(topic.name, partition.number)
                // Without --topic: what the group committed in, and nothing else.
                if order.topics.isEmpty, committed[place] == nil { continue }
                guard let first = partition.first, let end = partition.end else {
                    throw Diagnostic(
                        .runtime, "\(place.topic)/\(place.partition) has no leader",
                        notes: ["nobody can say which offsets it has; nothing was reset"])
                }
                rows.append(OffsetMove(place, committed: committed[place], first: first, end: end))
            }
        }
        return try connection.attempt { [rows] _ in
            try connection.admin.moves(rows, to: { _ in order.target }, timeout: connection.timeout)
        }
    }
}

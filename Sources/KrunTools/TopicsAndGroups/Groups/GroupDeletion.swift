package import KrunDiagnostics
package import KrunJSON
import KrunKafka
import KrunNames
import KrunReports

/// `krun groups delete`: groups that nobody is in, with what they committed.
package struct GroupDeletion: DestructivePlan {
    struct Entry: Sendable {
        var group: GroupFigures
        var offsets: OffsetFigures
    }

    let groups: [Entry]
    let connection: KafkaConnection

    /// - Throws: `Diagnostics` about names that no group has, and about groups that have members.
    package static func plan(_ names: [String], on connection: KafkaConnection) throws -> GroupDeletion {
        let groups = try allOrNothing("deleted", names) { try connection.groups(named: names) }
        try allOrNothing("deleted", names) {
            let inUse = groups.filter(\.hasMembers)
            guard inUse.isEmpty else {
                throw Diagnostics(inUse.map { KafkaConnection.inUse($0, "it cannot be deleted") })
            }
        }
        return GroupDeletion(
            groups: try groups.map { Entry(group: $0, offsets: try OffsetFigures.read(of: $0, from: connection)) },
            connection: connection)
    }

    package var isEmpty: Bool { groups.isEmpty }

    package func text(_ style: TextStyle) -> String {
        let table = TextTable(columns: Self.columns, rows: rows)
        return table.lines(style, indent: "").map { $0 + "\n" }.joined()
    }

    private static let columns = [
        TextTable.Column("group", .left), TextTable.Column("state", .left), TextTable.Column("committed partitions"),
        TextTable.Column("topics", .left), TextTable.Column("lag"),
    ]

    private var rows: [[String]] {
        groups.map { entry in
            let topics = Set(entry.offsets.rows.map(\.partition.topic)).sorted()
            return [
                TerminalText.safe(entry.group.name), TerminalText.safe(entry.group.state),
                Amounts.number(entry.offsets.rows.count),
                topics.isEmpty ? "–" : Amounts.list(topics.map { TerminalText.safe($0) }),
                Cells.number(entry.offsets.totalLag),
            ]
        }
    }

    package var json: JSONValue { json { object, _ in object.add("deleted", false) } }

    /// - Parameter finish: adds what became of it.
    fileprivate func json(_ finish: (inout JSONMembers, GroupFigures) -> Void) -> JSONValue {
        var object = JSONMembers()
        object.add(
            "groups",
            groups.map { entry in
                var object = JSONMembers()
                object.add("name", entry.group.name)
                object.add("state", entry.group.state)
                object.add("topics", Set(entry.offsets.rows.map(\.partition.topic)).sorted())
                object.add("lag", .nullable(entry.offsets.totalLag))
                finish(&object, entry.group)
                return object
            })
        return object.value
    }

    package func carryOut(wasAsked: Bool) throws -> Outcome {
        if wasAsked {
            let now = try Self.plan(groups.map(\.group.name), on: connection)
            try ShownFigures(kind: "group", titles: Self.columns.map(\.title), rows: rows)
                .check(against: now.rows, participle: "deleted")
        }
        let answers = try connection.attempt { _ in
            try connection.admin.deleteGroups(groups.map(\.group.name), timeout: connection.timeout)
        }
        return Outcome(plan: self, errors: answers.compactMapValues { $0 })
    }

    package struct Outcome: CommandResult {
        let plan: GroupDeletion
        /// Of those that were not deleted.
        let errors: [ExactName: KafkaError]

        package func text(_ style: TextStyle) -> String {
            plan.groups.filter { errors[ExactName($0.group.name)] == nil }
                .map { "deleted group \(TerminalText.safe($0.group.name))\n" }.joined()
        }

        package var json: JSONValue {
            plan.json { object, group in
                object.add("deleted", errors[ExactName(group.name)] == nil)
                object.add("error", errors[ExactName(group.name)]?.json.value)
            }
        }

        package var remarks: [Diagnostic] {
            plan.groups.compactMap { errors[ExactName($0.group.name)] }.map { error in
                var diagnostic = plan.connection.diagnostic(error)
                switch error.name {
                case "GROUP_ID_NOT_FOUND": diagnostic.notes = ["it is gone already: somebody else deleted it"]
                case "NON_EMPTY_GROUP": diagnostic.notes.append("a member has joined it meanwhile")
                default: break
                }
                return diagnostic
            }
        }
    }
}

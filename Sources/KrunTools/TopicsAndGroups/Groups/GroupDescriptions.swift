import KrunConnection
package import KrunDiagnostics
package import KrunJSON
import KrunKafka
import KrunReports

/// `krun groups describe`: groups with their members, what they committed and how far behind they are.
package struct GroupDescriptions: CommandResult {
    struct Entry: Sendable {
        var group: GroupFigures
        var offsets: OffsetFigures
    }

    let groups: [Entry]
    /// How far behind each may be; nil for any.
    var maximumLag: Int64?

    /// - Parameter maximumLag: how far behind each group may be; what is beyond that is among the remarks. Nil for any.
    /// - Throws: `Diagnostics` about names that no group has.
    package static func read(
        _ names: [String], maximumLag: Int64? = nil, from connection: KafkaConnection
    ) throws -> GroupDescriptions {
        GroupDescriptions(
            groups: try connection.groups(named: names).map {
                Entry(group: $0, offsets: try OffsetFigures.read(of: $0, from: connection))
            }, maximumLag: maximumLag)
    }

    package func text(_ style: TextStyle) -> String {
        groups.map { entry in
            let group = entry.group
            let title =
                style.bold("group \(TerminalText.safe(group.name))")
                + ": \(group.summary)\(coordinator(group.coordinator))"
            let lines = [title] + members(group, style) + offsets(entry.offsets, style)
            return lines.map { $0 + "\n" }.joined()
        }.joined(separator: "\n")
    }

    private func coordinator(_ broker: ClusterMetadata.Broker?) -> String {
        broker.map { ", coordinator \($0.id) at \(TerminalText.safe($0.host)):\($0.port)" } ?? ""
    }

    private func members(_ group: GroupFigures, _ style: TextStyle) -> [String] {
        guard let members = group.members else {
            return ["  it uses the next-generation protocol (group.protocol=consumer), of which only offsets are shown"]
        }
        guard !members.isEmpty else { return [] }
        let areStatic = members.contains { $0.instanceID != nil }
        var table = TextTable(columns: [
            TextTable.Column("member", .left), TextTable.Column("client id", .left), TextTable.Column("host", .left),
        ])
        if areStatic { table.columns.append(TextTable.Column("instance id", .left)) }
        table.columns.append(TextTable.Column("partitions", .left))
        table.rows = members.sorted { $0.id < $1.id }.map { member in
            return [member.id, member.clientID, member.host].map { TerminalText.safe($0) }
                + (areStatic ? [member.instanceID.map { TerminalText.safe($0) } ?? "–"] : [])
                + [member.assignmentText(empty: "(idle)")]
        }
        return table.lines(style, indent: "  ") + [""]
    }

    private func offsets(_ offsets: OffsetFigures, _ style: TextStyle) -> [String] {
        guard !offsets.rows.isEmpty else { return ["  it has committed nothing"] }
        let areOwned = offsets.rows.contains { $0.member != nil }
        var table = TextTable(columns: [
            TextTable.Column("topic", .left), TextTable.Column("partition"), TextTable.Column("committed"),
            TextTable.Column("end"), TextTable.Column("lag"),
        ])
        if areOwned { table.columns.append(TextTable.Column("member", .left)) }
        table.rows = offsets.rows.map { row in
            [
                TerminalText.safe(row.partition.topic), String(row.partition.partition), Cells.number(row.committed),
                Cells.number(row.end), Cells.number(row.lag),
            ] + (areOwned ? [row.member.map { TerminalText.safe($0) } ?? "–"] : [])
        }
        let unknown = offsets.rows.count { $0.lag == nil }
        let without = unknown == 0 ? "" : ", without \(Amounts.count(unknown, "partition")) whose end is not known"
        return table.lines(style, indent: "  ") + ["  total lag \(Amounts.number(offsets.knownLag))\(without)"]
    }

    package var remarks: [Diagnostic] { dangers + beyond }

    /// Groups that are further behind than they may be, and those of which that is not known.
    private var beyond: [Diagnostic] {
        guard let maximumLag else { return [] }
        return groups.compactMap { $0.offsets.trouble(of: $0.group.name, beyond: maximumLag) }
    }

    private var dangers: [Diagnostic] {
        groups.compactMap { entry in
            entry.group.members?.first(where: \.killsLeaders).map { member in
                let refusal = JoinRefusal(member, of: entry.group.name)
                return Diagnostic(.warning, refusal.title, notes: refusal.notes)
            }
        }
    }

    package var json: JSONValue {
        var object = JSONMembers()
        object.add(
            "groups",
            groups.map { entry in
                var object = entry.group.jsonSummary
                object.add("members", entry.group.members.map { .array($0.map { Self.json($0).value }) } ?? .null)
                object.add("offsets", entry.offsets.rows.map(Self.json))
                object.add("lag", .nullable(entry.offsets.totalLag))
                return object
            })
        return object.value
    }

    private static func json(_ member: GroupDescription.Member) -> JSONMembers {
        var object = JSONMembers()
        object.add("memberId", member.id)
        object.add("clientId", member.clientID)
        object.add("host", member.host)
        object.add("groupInstanceId", member.instanceID)
        object.add(
            "partitions",
            member.partitions.map { partition in
                var object = JSONMembers()
                object.add("topic", partition.topic)
                object.add("partition", partition.partition)
                return object
            })
        if member.unknownPartitions > 0 { object.add("unknownPartitions", Int64(member.unknownPartitions)) }
        if member.hasUnreadableAssignment { object.add("unreadableAssignment", true) }
        return object
    }

    private static func json(_ row: OffsetFigures.Row) -> JSONMembers {
        var object = JSONMembers()
        object.add("topic", row.partition.topic)
        object.add("partition", row.partition.partition)
        object.add("committed", .nullable(row.committed))
        object.add("end", .nullable(row.end))
        object.add("lag", .nullable(row.lag))
        object.add("memberId", row.member)
        return object
    }
}

/// `krun groups list`: every consumer group with its state.
package struct GroupList: CommandResult {
    let groups: [GroupFigures]

    package static func read(from connection: KafkaConnection) throws -> GroupList {
        let listings = try connection.attempt { _ in
            try connection.admin.groupListings(timeout: connection.timeout)
        }.sorted { $0.group < $1.group }
        let descriptions = try connection.attempt { _ in
            try connection.admin.describeGroups(listings.map(\.group), timeout: connection.timeout)
        }
        return GroupList(groups: zip(descriptions, listings).compactMap { GroupFigures($0, listing: $1) })
    }

    package func text(_ style: TextStyle) -> String {
        guard !groups.isEmpty else { return "no groups: a consumer with a group.id makes one\n" }
        let table = TextTable(
            columns: [
                TextTable.Column("group", .left), TextTable.Column("state", .left), TextTable.Column("members"),
                TextTable.Column("assignor", .left), TextTable.Column("coordinator"),
            ],
            rows: groups.map { group in
                [
                    TerminalText.safe(group.name), TerminalText.safe(group.state), Cells.number(group.members?.count),
                    group.assignor.map { TerminalText.safe($0) } ?? "–",
                    group.coordinator.map { String($0.id) } ?? "–",
                ]
            })
        return table.lines(style, indent: "").map { $0 + "\n" }.joined()
    }

    package var json: JSONValue {
        var object = JSONMembers()
        object.add(
            "groups",
            groups.map { group in
                var object = group.jsonSummary
                object.add("memberCount", .nullable(group.members.map { Int64($0.count) }))
                return object
            })
        return object.value
    }
}

extension GroupFigures {
    /// Name, state, assignor and coordinator, for programs.
    var jsonSummary: JSONMembers {
        var object = JSONMembers()
        object.add("name", name)
        object.add("state", state)
        object.add("assignor", assignor.map { .string($0) } ?? .null)
        object.add("coordinator", coordinator.map(Self.json) ?? .null)
        return object
    }

    private static func json(_ broker: ClusterMetadata.Broker) -> JSONValue {
        var object = JSONMembers()
        object.add("id", broker.id)
        object.add("host", broker.host)
        object.add("port", broker.port)
        return object.value
    }
}

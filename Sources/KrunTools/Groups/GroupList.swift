package import KrunDiagnostics
package import KrunJSON
import KrunKafka
import KrunReports

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

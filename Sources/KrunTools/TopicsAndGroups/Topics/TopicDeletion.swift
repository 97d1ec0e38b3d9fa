package import KrunDiagnostics
package import KrunJSON
import KrunKafka
import KrunReports

/// `krun topics delete`: what would go.
package struct TopicDeletion: DestructivePlan {
    let topics: [TopicFigures]
    /// Which groups committed offsets in each topic; nil where that was not looked at.
    let committedBy: [String: [String]]?
    let connection: KafkaConnection

    /// How many groups are looked at: each takes requests of its own.
    private static let groupLimit = 32
    /// How long each request about them may take: it would be good to know, and is not needed.
    private static let groupPatience = Duration.seconds(3)

    /// - Parameters:
    ///   - names: of topics, or patterns of them.
    ///   - looksAtGroups: whether to find out which groups committed there.
    /// - Throws: `Diagnostics` about names that no topic has, and about Kafka's own topics.
    package static func plan(
        _ names: [String], looksAtGroups: Bool, on connection: KafkaConnection
    ) throws -> TopicDeletion {
        let topics = try allOrNothing("deleted", names) {
            try connection.topics(named: try connection.topicNames(names))
        }
        try allOrNothing("deleted", names) {
            let own = topics.map { TopicFigures($0) }.filter(\.isInternal)
            guard own.isEmpty else {
                throw Diagnostics(
                    own.map { Diagnostic(.runtime, "topic \($0.name) is Kafka's own: krun does not delete it") })
            }
        }
        // What cannot be counted can be deleted all the same.
        let figures =
            (try? TopicFigures.read(topics, admin: connection.admin, timeout: connection.timeout))
            ?? topics.map { TopicFigures($0) }
        return TopicDeletion(
            topics: figures, committedBy: looksAtGroups ? groups(of: figures, on: connection) : nil,
            connection: connection)
    }

    private static func groups(of topics: [TopicFigures], on connection: KafkaConnection) -> [String: [String]]? {
        do {
            let timeout = min(connection.timeout, groupPatience)
            let groups = try connection.admin.listGroups(timeout: timeout).sorted()
            guard groups.count <= groupLimit else { return nil }
            var found = Dictionary(topics.map { ($0.name, [String]()) }, uniquingKeysWith: { $1 })
            for group in groups {
                let committed = try connection.admin.groupOffsets(group, timeout: timeout)
                for topic in Set(committed.keys.map(\.topic)) { found[topic]?.append(group) }
            }
            return found
        } catch {
            return nil
        }
    }

    package var isEmpty: Bool { topics.isEmpty }

    package func text(_ style: TextStyle) -> String {
        TextTable(columns: columns, rows: rows).lines(style, indent: "").map { $0 + "\n" }.joined()
    }

    private var columns: [TextTable.Column] {
        [TextTable.Column("topic", .left), TextTable.Column("partitions"), TextTable.Column("messages")]
            + (committedBy == nil ? [] : [TextTable.Column("committed by", .left)])
    }

    private var rows: [[String]] {
        topics.map { topic in
            let groups = committedBy.map { [Self.shown($0[topic.name] ?? [])] } ?? []
            return [topic.name, Amounts.number(topic.partitions.count), Cells.number(topic.messages)] + groups
        }
    }

    private static func shown(_ groups: [String]) -> String {
        groups.isEmpty ? "–" : Amounts.list(groups.map { TerminalText.safe($0) })
    }

    package var json: JSONValue { json { $0.add("deleted", false) } }

    /// - Parameter finish: adds what became of it.
    fileprivate func json(_ finish: (inout JSONMembers, TopicFigures) -> Void) -> JSONValue {
        var object = JSONMembers()
        object.add(
            "topics",
            topics.map { topic in
                var object = JSONMembers()
                object.add("name", topic.name)
                object.add("partitionCount", topic.partitions.count)
                object.add("messages", .nullable(topic.messages))
                if let committedBy { object.add("committedBy", committedBy[topic.name] ?? []) }
                finish(&object, topic)
                return object
            })
        return object.value
    }

    private func json(_ finish: (inout JSONMembers) -> Void) -> JSONValue { json { object, _ in finish(&object) } }

    package func carryOut(wasAsked: Bool) throws -> Outcome {
        if wasAsked {
            let now = try Self.plan(topics.map(\.name), looksAtGroups: committedBy != nil, on: connection)
            try ShownFigures(kind: "topic", titles: columns.map(\.title), rows: rows)
                .check(against: now.rows, participle: "deleted")
        }
        let answers = try connection.attempt { _ in
            try connection.admin.deleteTopics(topics.map(\.name), timeout: connection.timeout)
        }
        return Outcome(plan: self, errors: answers.compactMapValues { $0 })
    }

    package struct Outcome: CommandResult {
        let plan: TopicDeletion
        /// Of those that were not deleted.
        let errors: [String: KafkaError]

        package func text(_ style: TextStyle) -> String {
            plan.topics.filter { errors[$0.name] == nil }.map { "deleted topic \(TerminalText.safe($0.name))\n" }
                .joined()
        }

        package var json: JSONValue {
            plan.json { object, topic in
                object.add("deleted", errors[topic.name] == nil)
                object.add("error", errors[topic.name]?.json.value)
            }
        }

        package var remarks: [Diagnostic] {
            plan.topics.compactMap { errors[$0.name] }.map { error in
                guard error.isUnknownTopic else { return plan.connection.diagnostic(error) }
                return Diagnostic(
                    .runtime, "\(error.activity) failed", notes: ["it is gone already: somebody else deleted it"])
            }
        }
    }
}

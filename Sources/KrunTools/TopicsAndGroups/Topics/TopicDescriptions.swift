import KrunConnection
package import KrunDiagnostics
package import KrunJSON
import KrunKafka
import KrunReports

/// `krun topics describe`: topics partition by partition, and the configs of their own.
package struct TopicDescriptions: CommandResult {
    struct Entry: Sendable {
        var figures: TopicFigures
        /// Those that the topic has of its own, by name; nil where this user may not read them.
        var configs: [TopicConfigEntry]?
    }

    let topics: [Entry]
    package let remarks: [Diagnostic]

    /// - Parameter names: of topics, or patterns of them.
    /// - Throws: `Diagnostics` about names that no topic has.
    package static func read(_ names: [String], from connection: KafkaConnection) throws -> TopicDescriptions {
        let topics = try connection.topics(named: try connection.topicNames(names))
        let figures = try connection.attempt { _ in
            try TopicFigures.read(topics, admin: connection.admin, timeout: connection.timeout)
        }
        var remarks: [Diagnostic] = []
        let entries = try figures.map { figures in
            Entry(figures: figures, configs: try configs(of: figures.name, from: connection, &remarks))
        }
        return TopicDescriptions(topics: entries, remarks: remarks)
    }

    /// Those of its own; nil, with a remark, where this user may not read them: the rest may be read with less.
    private static func configs(
        of topic: String, from connection: KafkaConnection, _ remarks: inout [Diagnostic]
    ) throws(Diagnostic) -> [TopicConfigEntry]? {
        do {
            return try connection.admin.topicConfigEntries(topic, timeout: connection.timeout)
                .filter { $0.source == .topic }
        } catch {
            var diagnostic = connection.diagnostic(error)
            guard error.name.hasSuffix("AUTHORIZATION_FAILED") else { throw diagnostic }
            diagnostic.kind = .warning
            remarks.append(diagnostic)
            return nil
        }
    }

    package func text(_ style: TextStyle) -> String {
        topics.map { lines($0, style).map { $0 + "\n" }.joined() }.joined(separator: "\n")
    }

    private func lines(_ topic: Entry, _ style: TextStyle) -> [String] {
        let figures = topic.figures
        var partitions = TextTable(columns: [
            TextTable.Column("partition"), TextTable.Column("leader"), TextTable.Column("replicas", .left),
            TextTable.Column("in-sync replicas", .left), TextTable.Column("first"), TextTable.Column("end"),
            TextTable.Column("messages"),
        ])
        partitions.rows = figures.partitions.map {
            [
                String($0.number), $0.leader.map { String($0) } ?? "–", Cells.brokers($0.replicas),
                Cells.brokers($0.inSyncReplicas), Cells.number($0.first), Cells.number($0.end),
                Cells.number($0.messages),
            ]
        }
        let title = style.bold("topic \(TerminalText.safe(figures.name))") + ": \(figures.summary)"
        let trouble = figures.trouble.map { ["  " + style.yellow($0)] } ?? []
        return [title] + trouble + partitions.lines(style, indent: "  ") + configLines(topic.configs, style)
    }

    private func configLines(_ configs: [TopicConfigEntry]?, _ style: TextStyle) -> [String] {
        guard let configs else { return ["", "  its configs are not known"] }
        guard !configs.isEmpty else { return ["", "  no configs of its own"] }
        let table = TextTable(
            columns: [TextTable.Column("config", .left), TextTable.Column("value", .left)],
            rows: configs.map { [TerminalText.safe($0.name), Self.shown($0.value)] })
        return [""] + table.lines(style, indent: "  ")
    }

    private static func shown(_ value: String?) -> String {
        guard let value else { return "(secret)" }
        return value.isEmpty ? "\"\"" : TerminalText.safe(value)
    }

    package var json: JSONValue {
        var object = JSONMembers()
        object.add(
            "topics",
            topics.map { topic in
                var object = topic.figures.jsonSummary
                object.add("partitions", topic.figures.partitions.map(Self.json))
                object.add("configs", topic.configs.map(Self.json) ?? .null)
                return object
            })
        return object.value
    }

    private static func json(_ partition: TopicFigures.Partition) -> JSONMembers {
        var object = JSONMembers()
        object.add("partition", partition.number)
        object.add("leader", .nullable(partition.leader.map { Int64($0) }))
        object.add("replicas", .array(partition.replicas.map { .number($0) }))
        object.add("inSyncReplicas", .array(partition.inSyncReplicas.map { .number($0) }))
        object.add("first", .nullable(partition.first))
        object.add("end", .nullable(partition.end))
        object.add("messages", .nullable(partition.messages))
        return object
    }

    private static func json(_ configs: [TopicConfigEntry]) -> JSONValue {
        .object(configs.map { JSONValue.Member($0.name, $0.value.map { .string($0) } ?? .null) })
    }
}

/// `krun topics list`: every topic with its size.
package struct TopicList: CommandResult {
    let topics: [TopicFigures]
    /// What was to be listed; empty for all.
    var patterns: [String] = []

    /// - Parameters:
    ///   - patterns: of the topics that are to be listed; empty for all.
    ///   - includesInternal: whether those that Kafka keeps for itself are listed too.
    package static func read(
        _ patterns: [String] = [], from connection: KafkaConnection, includesInternal: Bool
    ) throws -> TopicList {
        let wanted = patterns.compactMap(TopicPattern.init)
        let deadline = Deadline(after: connection.timeout)
        while true {
            do {
                let metadata = try connection.admin.metadata(timeout: deadline.remaining)
                let shown = metadata.topics.filter { topic in
                    guard patterns.isEmpty else { return wanted.contains { $0.matches(topic.name) } }
                    return includesInternal || !TopicFigures(topic).isInternal
                }
                let topics = try TopicFigures.read(shown, admin: connection.admin, timeout: deadline.remaining)
                return TopicList(topics: topics.sorted { $0.name < $1.name }, patterns: patterns)
            } catch  where error.isUnknownTopic && !deadline.hasPassed {
                // One was deleted in between.
                try connection.pause(.milliseconds(50))
            } catch {
                throw connection.diagnostic(error)
            }
        }
    }

    package func text(_ style: TextStyle) -> String {
        if topics.isEmpty, !patterns.isEmpty {
            return "no topic matches \(TerminalText.safe(patterns.joined(separator: ", ")))\n"
        }
        guard !topics.isEmpty else { return "no topics: `krun topics create NAME` makes one\n" }
        var table = TextTable(columns: [
            TextTable.Column("topic", .left), TextTable.Column("partitions"), TextTable.Column("replicas"),
            TextTable.Column("messages"),
        ])
        let hasTrouble = topics.contains { $0.trouble != nil }
        if hasTrouble { table.columns.append(TextTable.Column("trouble", .left)) }
        table.rows = topics.map { topic in
            [
                TerminalText.safe(topic.name), Amounts.number(topic.partitions.count),
                Amounts.number(topic.replicationFactor), Cells.number(topic.messages),
            ] + (hasTrouble ? [topic.trouble ?? ""] : [])
        }
        return table.lines(style, indent: "").map { $0 + "\n" }.joined()
    }

    package var json: JSONValue {
        var object = JSONMembers()
        object.add("topics", topics.map(\.jsonSummary))
        return object.value
    }
}

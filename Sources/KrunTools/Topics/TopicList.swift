import KrunConnection
package import KrunDiagnostics
package import KrunJSON
import KrunKafka
import KrunReports

/// `krun topics list`: every topic with its size.
package struct TopicList: CommandResult {
    let topics: [TopicFigures]

    /// - Parameter includesInternal: whether those that Kafka keeps for itself are listed too.
    package static func read(from connection: KafkaConnection, includesInternal: Bool) throws -> TopicList {
        let deadline = Deadline(after: connection.timeout)
        while true {
            do {
                let metadata = try connection.admin.metadata(timeout: deadline.remaining)
                let shown = metadata.topics.filter { includesInternal || !TopicFigures($0).isInternal }
                let topics = try TopicFigures.read(shown, admin: connection.admin, timeout: deadline.remaining)
                return TopicList(topics: topics.sorted { $0.name < $1.name })
            } catch  where error.isUnknownTopic && !deadline.hasPassed {
                // One was deleted in between.
                try connection.pause(.milliseconds(50))
            } catch {
                throw connection.diagnostic(error)
            }
        }
    }

    package func text(_ style: TextStyle) -> String {
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

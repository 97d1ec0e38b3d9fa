package import KrunDiagnostics
package import KrunJSON
import KrunKafka
import KrunReports

/// `krun topics create`: what was asked for, and what came of it.
package struct TopicCreation: CommandResult {
    package struct Order: Sendable {
        package var names: [String]
        package var partitions: Int
        /// −1 leaves it to the broker.
        package var replicationFactor: Int
        package var configs: [String: String]
        /// A topic that is there already is left as it is.
        package var ifNotExists: Bool

        package init(
            names: [String], partitions: Int, replicationFactor: Int, configs: [String: String], ifNotExists: Bool
        ) {
            self.names = names
            self.partitions = partitions
            self.replicationFactor = replicationFactor
            self.configs = configs
            self.ifNotExists = ifNotExists
        }
    }

    enum Answer: Sendable {
        case created(TopicFigures)
        case existed(TopicFigures)
        case failed(String, KafkaError)
    }

    let answers: [Answer]
    package let remarks: [Diagnostic]

    /// Creates the topics, all or, where one of them exists, none; then waits until every partition has a leader.
    ///
    /// - Throws: `Diagnostics` about bad names and, without `ifNotExists`, about topics that are there already.
    package static func carryOut(_ order: Order, on connection: KafkaConnection) throws -> TopicCreation {
        var order = order
        order.names = try allOrNothing("created", order.names) {
            try KafkaConnection.checked(order.names, of: "topic")
        }
        let before = try connection.attempt { _ in
            try connection.admin.metadata(timeout: connection.timeout)
        }
        var existing = before.topics.filter { order.names.contains($0.name) }.map { TopicFigures($0) }
        if !existing.isEmpty, !order.ifNotExists {
            try allOrNothing("created", order.names) {
                throw Diagnostics(existing.map { Self.existsAlready($0.name, partitions: $0.partitions.count) })
            }
        }
        let new = order.names.filter { name in !existing.contains { $0.name == name } }
        var errors = try create(new, order, on: connection)
        let created = new.filter { errors[$0] == nil }
        try connection.waitUntilReady(
            Dictionary(created.map { ($0, order.partitions) }, uniquingKeysWith: { $1 }),
            done: "created: \(created.joined(separator: ", "))")
        let after = try connection.attempt { _ in
            try connection.admin.metadata(topics: order.names, timeout: connection.timeout)
        }
        // Somebody else was quicker.
        for name in new where order.ifNotExists && errors[name]?.name == "TOPIC_ALREADY_EXISTS" {
            let there = after.topics.filter { $0.name == name && $0.error == nil }
            if !there.isEmpty { errors[name] = nil }
            existing += there.map { TopicFigures($0) }
        }
        let answers = after.topics.map { topic in
            if let error = errors[topic.name] { return Answer.failed(topic.name, error) }
            return existing.first { $0.name == topic.name }.map { .existed($0) } ?? .created(TopicFigures(topic))
        }
        return TopicCreation(answers: answers, remarks: answers.compactMap { order.remark($0, connection) })
    }

    private static func create(
        _ names: [String], _ order: Order, on connection: KafkaConnection
    ) throws -> [String: KafkaError] {
        let topics = names.map {
            NewTopic(
                name: $0, partitions: order.partitions, replicationFactor: order.replicationFactor,
                config: order.configs)
        }
        return try connection.attempt { _ in
            try connection.admin.createTopics(topics, timeout: connection.timeout)
        }.compactMapValues { $0 }
    }

    static func existsAlready(_ name: String, partitions: Int?) -> Diagnostic {
        let size = partitions.map { ", with \(Amounts.count($0, "partition"))" } ?? ""
        return Diagnostic(
            .runtime, "topic \(name) exists already\(size)",
            notes: [
                "--if-not-exists leaves it as it is",
                "`krun topics add-partitions \(name) --to N` gives it more partitions",
            ])
    }

    package func text(_ style: TextStyle) -> String {
        answers.map { answer in
            switch answer {
            case .created(let topic): "created topic \(TerminalText.safe(topic.name)): \(Self.size(topic))\n"
            case .existed(let topic): "topic \(TerminalText.safe(topic.name)) is there already: \(Self.size(topic))\n"
            case .failed: ""
            }
        }.joined()
    }

    private static func size(_ topic: TopicFigures) -> String {
        "\(Amounts.count(topic.partitions.count, "partition")), replication factor \(topic.replicationFactor)"
    }

    package var json: JSONValue {
        var object = JSONMembers()
        object.add("topics", answers.map(Self.json))
        return object.value
    }

    private static func json(_ answer: Answer) -> JSONMembers {
        var object = JSONMembers()
        switch answer {
        case .created(let topic), .existed(let topic):
            object.add("name", topic.name)
            object.add("partitionCount", topic.partitions.count)
            object.add("replicationFactor", topic.replicationFactor)
            if case .created = answer { object.add("created", true) } else { object.add("created", false) }
        case .failed(let name, let error):
            object.add("name", name)
            object.add("created", false)
            object.add("error", error.json)
        }
        return object
    }
}

extension TopicCreation.Order {
    /// What to say of an answer on stderr.
    fileprivate func remark(_ answer: TopicCreation.Answer, _ connection: KafkaConnection) -> Diagnostic? {
        switch answer {
        case .created: return nil
        case .existed(let topic):
            guard topic.partitions.count != partitions else { return nil }
            let has = Amounts.count(topic.partitions.count, "partition")
            return Diagnostic(
                .warning, "topic \(topic.name) has \(has), not \(Amounts.number(partitions))",
                notes: ["it was there already, and was left as it is"])
        case .failed(let name, let error):
            if error.name == "TOPIC_ALREADY_EXISTS" {
                return TopicCreation.existsAlready(name, partitions: nil)
            }
            var diagnostic = connection.diagnostic(error)
            if error.name == "INVALID_REPLICATION_FACTOR" {
                diagnostic.notes.append("the cluster has \(Amounts.count(connection.brokers.count, "broker"))")
            }
            return diagnostic
        }
    }
}

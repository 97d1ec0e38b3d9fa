package import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunReports
import KrunScenario

/// A scenario that sends what is on topics, and expects it where it was.
package struct RecordedScenario {
    private let request: Recording.Request
    private let topics: [RecordedTopic]
    private let placements: [Placement]

    /// - Throws: a usage diagnostic where the partitioner that is asked for does not explain a topic, and where no keys can be made up
    ///   that go where the real ones do.
    package init(_ topics: [RecordedTopic], _ request: Recording.Request) throws(Diagnostic) {
        self.request = request
        var placements: [Placement] = []
        for topic in topics { placements.append(try Placement.explaining(topic, wanted: request.partitioner)) }
        self.placements = placements
        self.topics = try Redaction(request.redacted).topics(topics, placed: placements)
    }

    /// The file, with a line end.
    package var text: String { ScenarioFormat.text(of: file.value) }

    /// A line about each topic, for people.
    package var summary: [String] {
        zip(topics, placements).map { topic, placement in
            let count = Amounts.count(topic.messages.count, "message")
            let partitions = Amounts.count(topic.partitions, "partition")
            let redacted = request.redacted.what.map { "; \($0) are made up" } ?? ""
            return "\(topic.name): \(count), \(partitions)"
                + (topic.messages.isEmpty ? "" : placed(placement, topic) + redacted)
        }
    }

    private func placed(_ placement: Placement, _ topic: RecordedTopic) -> String {
        switch placement {
        case .single: ""
        case .keys(let partitioner): ", placed by \(partitioner.rawValue)"
        case .explicit where topic.messages.allSatisfy { $0.key == nil }: "; without keys, each names its partition"
        case .explicit: "; no partitioner explains their places, so each names its partition"
        }
    }

    private var file: JSONMembers {
        var file = JSONMembers()
        let names = Self.list(topics.map(\.name))
        file.add("name", topics.count == 1 ? "\(names) as it was recorded" : "\(names) as they were recorded")
        file.add("description", description)
        file.add("topics", topics.map { topic($0) })
        file.add("steps", steps)
        return file
    }

    private var description: String {
        let count = Amounts.count(topics.reduce(0) { $0 + $1.messages.count }, "message")
        var sentences = ["Recorded by krun record: \(count) of \(Self.list(topics.map(\.name)))."]
        let cut = topics.filter(\.isCut).map(\.name)
        if !cut.isEmpty { sentences.append("There were more of \(Self.list(cut)), which were not recorded.") }
        let renumbered = topics.filter(\.isRenumbered).map(\.name)
        if !renumbered.isEmpty {
            sentences.append(
                "Here offsets count from 0 without gaps; those of \(Self.list(renumbered)) did not, as retention, compaction, "
                    + "deletion, transactions or a later beginning have it.")
        }
        if let what = request.redacted.what {
            sentences.append(
                "\(what.prefix(1).uppercased() + what.dropFirst()) are made up: equal ones are equal still, and each message is on the partition of the real one."
            )
        }
        return sentences.joined(separator: " ")
    }

    private func topic(_ topic: RecordedTopic) -> JSONMembers {
        var object = JSONMembers()
        object.add("name", topic.name)
        object.add("partitions", topic.partitions)
        let configs = TopicConfigs(topic, keepsTimestamps: request.keepsTimestamps)
        if !configs.kept.isEmpty {
            var config = JSONMembers()
            for (name, value) in configs.kept { config.add(name, value) }
            object.add("config", config)
        }
        object.add("note", configs.note)
        return object
    }

    private var steps: [JSONMembers] {
        let phases =
            request.group.map { RecordedPhase.phases(of: topics, group: $0) } ?? [RecordedPhase.whole(topics)]
        return phases.flatMap { produceSteps($0) + [consumeStep($0)] }
    }

    private func produceSteps(_ phase: RecordedPhase) -> [JSONMembers] {
        zip(topics, placements).compactMap { topic, placement in
            guard let messages = phase.messages[topic.name], !messages.isEmpty else { return nil }
            return RecordedProduce(
                topic: topic, messages: messages, start: phase.start[topic.name] ?? [:], placement: placement,
                keepsTimestamps: request.keepsTimestamps
            ).step
        }
    }

    private func consumeStep(_ phase: RecordedPhase) -> JSONMembers {
        var step = JSONMembers()
        step.add("note", phase.note)
        if topics.count == 1 {
            step.add("consume", topics[0].name)
        } else {
            step.add("consume", topics.map(\.name))
        }
        step.add("group", request.group)
        if !phase.commits { step.add("commit", "none") }
        step.add("expect", phase.expect)
        return step
    }

    static func list(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }
}

/// Which configs of a recorded topic the scenario's topic has, too.
struct TopicConfigs {
    /// What changes the messages themselves, or which ones are taken.
    private static let taken: Set<String> = [
        "compression.type", "max.message.bytes", "message.timestamp.after.max.ms", "message.timestamp.before.max.ms",
        "message.timestamp.difference.max.ms", "message.timestamp.type",
    ]

    let kept: [(name: String, value: String)]
    private let leftOut: [String]

    /// - Parameter keepsTimestamps: whether messages have the timestamps that they had, by which retention goes.
    init(_ topic: RecordedTopic, keepsTimestamps: Bool) {
        var kept: [String: String] = [:]
        var leftOut: [String] = []
        if keepsTimestamps, !topic.messages.isEmpty { kept["retention.ms"] = "-1" }
        for entry in topic.configs ?? [] where kept[entry.name] == nil {
            if Self.taken.contains(entry.name), let value = entry.value {
                kept[entry.name] = value
            } else {
                leftOut.append("\(entry.name)=\(entry.value ?? "(secret)")")
            }
        }
        if let needed = MessageSizes(topic.messages).topicLimit {
            let set = kept["max.message.bytes"].flatMap { Int($0) } ?? 0
            kept["max.message.bytes"] = String(max(needed, set))
        }
        self.kept = kept.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        self.leftOut = leftOut.sorted()
    }

    /// What is left out, and why; nil where nothing is.
    var note: String? {
        if leftOut.isEmpty { return nil }
        return
            "Left out of what was set on the recorded topic: \(leftOut.joined(separator: ", ")). What deletes or compacts "
            + "could take messages away before they are read, and the rest belongs to its cluster."
    }
}

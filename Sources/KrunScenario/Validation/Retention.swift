public import KrunDiagnostics
import KrunJSON

/// Kafka's own default: 7 days.
private let defaultRetentionMilliseconds: Int64 = 604_800_000

extension TopicDeclaration {
    /// `retention.ms` as declared, or Kafka's default; negative where nothing is ever removed for its age.
    fileprivate var retentionMilliseconds: Int64 {
        config.last { $0.name == "retention.ms" }.map { Int64($0.value) ?? -1 } ?? defaultRetentionMilliseconds
    }

    /// Whether messages are removed for their own timestamps.
    fileprivate var removesByTimestamp: Bool {
        let policy = config.last { $0.name == "cleanup.policy" }?.value ?? "delete"
        let timestamps = config.last { $0.name == "message.timestamp.type" }?.value ?? "CreateTime"
        return !existing && policy.contains("delete") && timestamps == "CreateTime" && retentionMilliseconds >= 0
    }

    /// What makes a broker remove messages of the topic, and how to keep them.
    package var retentionSentence: String {
        let age = retentionMilliseconds
        let bytes = config.last { $0.name == "retention.bytes" }.flatMap { Int64($0.value) } ?? -1
        if age < 0, bytes >= 0 {
            return "retention.bytes of \(name) is \(bytes): what is beyond it is removed, the oldest first"
        }
        let isDefault = !config.contains { $0.name == "retention.ms" }
        let days = isDefault ? " (7 days, Kafka's default)" : ""
        let size = bytes >= 0 ? ", its retention.bytes \(bytes)" : ""
        return "retention.ms of \(name) is \(age)\(days)\(size): a message whose timestamp is older is removed; "
            + "\"config\": { \"retention.ms\": \"-1\" } on the topic keeps it"
    }
}

extension Scenario {
    /// What a file can be told before it is run, in its order: it is not wrong, but hardly what is meant.
    ///
    /// - Parameter now: milliseconds since 1970-01-01 UTC.
    public func warnings(now: Int64) -> [Diagnostic] {
        let removing = Dictionary(topics.filter(\.removesByTimestamp).map { ($0.name, $0) }) { first, _ in first }
        var warnings: [Diagnostic] = []
        var omitted = 0
        var seen: Set<JSONNode.ID> = []
        for step in allSteps {
            guard case .produce(let produce) = step.action, let topic = removing[produce.topic] else { continue }
            for message in produce.messages {
                guard message.count > 0, let oldest = message.oldestTimestamp,
                    oldest < now - topic.retentionMilliseconds
                else { continue }
                // What is repeated is told once.
                guard seen.insert(message.node.id).inserted else { continue }
                guard warnings.count < Self.maximumWarnings else {
                    omitted += 1
                    continue
                }
                let node = message.node["timestamp"] ?? message.node
                warnings.append(
                    Diagnostic(
                        .warning,
                        "messages to \(topic.name) are older than the topic keeps them: they may be gone before they are read",
                        at: node.place, label: "more than \(Self.age(topic.retentionMilliseconds)) ago",
                        notes: [topic.retentionSentence]))
            }
        }
        if omitted > 0 { warnings.append(Diagnostic(.warning, "\(omitted) more warnings of \(file) are not shown")) }
        return warnings.map { $0.masked(by: secrets) }
    }

    /// How many warnings of one file are told.
    private static let maximumWarnings = 50

    /// Such as `7 days`, in the largest unit that divides it.
    private static func age(_ milliseconds: Int64) -> String {
        let units: [(Int64, String)] = [
            (86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1_000, "second"),
        ]
        let (length, unit) = units.first { milliseconds > 0 && milliseconds % $0.0 == 0 } ?? (1, "millisecond")
        let count = milliseconds / length
        return "\(count) \(unit)\(count == 1 ? "" : "s")"
    }
}

extension MessageTemplate {
    /// Of the first and the last message; nil where they have the time of sending.
    fileprivate var oldestTimestamp: Int64? {
        switch timestamp {
        case .constant(let time): time
        case .expression(let expression):
            [0, Int64(count) - 1].compactMap { expression.value(index: $0) }.min()
        case .drawn, nil: nil
        }
    }
}

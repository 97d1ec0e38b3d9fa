import KrunKafka

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

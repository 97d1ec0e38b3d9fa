import KrunConfigs
import KrunDiagnostics
import KrunJSON

/// Reads a topic's `config`: Kafka's names and values, as far as they can be known before a broker is asked.
struct TopicConfigDecoder: FieldDecoder {
    let reader: ValueReader
    let requiresRealBroker: Bool
    /// Whether Kafka is to refuse them, so that they need not be right.
    var isRefused = false

    func config(_ node: JSONNode) -> [TopicDeclaration.ConfigEntry] {
        let entries = (reader.map(node, "config") ?? []).compactMap { configEntry($0) }
        checkCompactionLags(entries)
        return entries
    }

    /// The same for a change of configs: `null` takes one back to its default.
    func changes(_ node: JSONNode) -> [TopicStep.Config] {
        let members = reader.map(node, "config") ?? []
        if members.isEmpty, resolve(node)?.kind == .object {
            report(
                "\"config\" says nothing", because: .combination, at: node.place, label: "expected at least one config")
        }
        return members.compactMap { member in
            if resolve(member.value)?.isNull == true {
                if ConfigTable.topic[member.name] == nil { reportUnknownConfig(member) }
                return TopicStep.Config(name: member.name, value: nil, node: member.value)
            }
            return configEntry(member).map { TopicStep.Config(name: $0.name, value: $0.value, node: $0.node) }
        }
    }

    private func configEntry(_ member: JSONMember) -> TopicDeclaration.ConfigEntry? {
        guard let value = resolve(member.value) else { return nil }
        switch value.kind {
        case .string, .integer, .real, .boolean:
            let text = value.string ?? String(decoding: value.sourceText, as: UTF8.self)
            if !isRefused { check(member, text) }
            return TopicDeclaration.ConfigEntry(name: member.name, value: text, node: member.value)
        case .null, .array, .object:
            reader.mismatch("\"\(member.name)\"", member.value, expected: "a string, a number or a boolean")
            return nil
        }
    }

    private func check(_ member: JSONMember, _ text: String) {
        guard let definition = ConfigTable.topic[member.name] else { return reportUnknownConfig(member) }
        guard text.utf8.count <= Int(Int16.max) else {
            return report(
                "\"\(member.name)\" is too long", because: .amount, at: member.value.place,
                label: "expected at most \(Int16.max) bytes, found \(text.utf8.count)")
        }
        do {
            let value = try definition.parse(text)
            if member.name == "remote.storage.enable", value == .boolean(true), !requiresRealBroker {
                report(
                    "\"remote.storage.enable\" needs a broker with tiered storage", because: .environment,
                    at: member.value.place,
                    label: "the embedded one has none",
                    notes: ["\"requires\": \"real-broker\" leaves it to a Kafka that has it"])
            }
        } catch {
            let found = resolve(member.value)?.described ?? text.quotedForMessage
            report(
                "wrong value for \"\(member.name)\"", because: reason(member.value, definition), at: member.value.place,
                label: "expected \(definition.expected), found \(found)")
        }
    }

    /// What a text comes to is Kafka's to tell; so is which versions it has.
    private func reason(_ node: JSONNode, _ definition: ConfigDefinition) -> FaultReason {
        if case .kafkaVersion = definition.rule, node.kind != .boolean { return .amount }
        return node.kind == .string ? .amount : FaultReason(of: node)
    }

    /// A name that is near to a known one is a mistake; another may be one that a newer Kafka or somebody else's broker has, where
    /// the scenario says that it runs on no other.
    private func reportUnknownConfig(_ member: JSONMember) {
        let names = Self.topicConfigNames
        let nearest = reporter.nearestProperty(to: member.name, among: names)
        if nearest == nil, requiresRealBroker { return }
        var notes: [String] = []
        if nearest == nil {
            notes = [
                "the configs of a topic: \(listed(names))",
                "one that only another broker has may be set where \"requires\" says \"real-broker\"",
            ]
        }
        report(
            "a topic has no config \(member.name.quotedForMessage)", because: .environment, at: member.place,
            label: nearest.map { "did you mean \"\($0)\"?" } ?? "not one of Kafka 3.9", notes: notes)
    }

    private static let topicConfigNames = ConfigTable.topic.definitions.map(\.name).sorted()

    private func checkCompactionLags(_ entries: [TopicDeclaration.ConfigEntry]) {
        func entry(_ name: String) -> (entry: TopicDeclaration.ConfigEntry, value: Int64)? {
            guard let entry = entries.last(where: { $0.name == name }),
                let value = try? ConfigTable.topic[name]?.parse(entry.value).integer
            else { return nil }
            return (entry, value)
        }
        guard let least = entry("min.compaction.lag.ms"), let greatest = entry("max.compaction.lag.ms"),
            least.value > greatest.value
        else { return }
        report(
            "\"min.compaction.lag.ms\" is above \"max.compaction.lag.ms\"", because: .combination,
            at: least.entry.node.place,
            label: "expected at most \(greatest.value), found \(least.value)")
    }
}

extension ConfigDefinition {
    /// The values it takes, as in `expected … , found …`.
    fileprivate var expected: String {
        switch rule {
        case .oneOf(let names): return "one of " + names.map { "\"\($0)\"" }.joined(separator: ", ")
        case .elements(let names): return "a list of " + names.map { "\"\($0)\"" }.joined(separator: ", ")
        case .gzipLevel: return "1 to 9, or -1"
        case .kafkaVersion: return "a version of Kafka such as \"3.9\""
        case .throttledReplicas: return "\"*\" or partition:broker,…"
        case .between(let least, let greatest): return "\(kind) from \(least) to \(greatest)"
        case .atLeast(let least): return limit.map { "\(kind) from \(least) to \($0)" } ?? "\(kind), \(least) or more"
        case .any: return kind
        }
    }

    private var kind: String {
        switch type {
        case .boolean: "true or false"
        case .short, .int, .long: "a whole number"
        case .double: "a number"
        default: "a text"
        }
    }

    /// The type's own limit, where somebody may well be beyond it.
    private var limit: Int64? {
        switch type {
        case .short: Int64(Int16.max)
        case .int: Int64(Int32.max)
        default: nil
        }
    }
}

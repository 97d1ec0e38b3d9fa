import KrunDiagnostics
import KrunJSON
import KrunNames
import KrunOutcome

/// Readers of what stands before the steps.
extension DecodingContext {
    /// As many as Kafka makes at once: its controller takes 10 000 records of a request, one of which is the topic itself.
    static let mostPartitionsMade = 9_999
    /// More partitions than an embedded cluster keeps.
    static let mostPartitionsOfAll = 200_000

    func topicDeclarations(in fields: Fields) -> [TopicDeclaration] {
        guard fields.has(ScenarioFields.topics) else { return [] }
        guard let elements = read(ScenarioFields.topics, in: fields) else {
            knowsTopics = false
            return []
        }
        let declarations = elements.compactMap { topic($0) }
        for element in elements where resolve(element)?.kind != .object {
            // A name alone tells at least that.
            if let name = element.string { brokenTopics.insert(name) } else { knowsTopics = false }
        }
        return declarations
    }

    private func topic(_ node: JSONNode) -> TopicDeclaration? {
        guard let fields = fields(of: node, TopicFields.shape) else { return nil }
        let before = faults
        let nameNode = required(TopicFields.name, in: fields)
        let name = read(TopicFields.name, in: fields)
        let existing = read(TopicFields.existing, in: fields) ?? false
        let partitions = read(TopicFields.partitions, in: fields)
        let replication = read(TopicFields.replicationFactor, in: fields)
        let config = fields[TopicFields.config].map { topicConfig($0) } ?? []
        if existing {
            for name in TopicFields.notOfExisting {
                guard let node = fields[name] else { continue }
                report(
                    "an existing topic has no \"\(name)\" here", because: FaultReason(of: fields[TopicFields.existing]),
                    at: node.keyPlace,
                    label: "krun does not alter a topic that is there already")
            }
        }
        guard let name, let nameNode else {
            knowsTopics = false
            return nil
        }
        // What is no name is looked up by nobody, and to compare texts as Swift does takes time.
        if let fault = KafkaName.fault(of: name, existing: existing) {
            report("\(name.quotedForMessage) is no name for a topic", because: .name, at: nameNode.place, label: fault)
            if name.utf8.count <= KafkaName.longestSought, brokenTopics.count < Self.mostCandidates {
                brokenTopics.insert(name)
            } else {
                knowsTopics = false
            }
            return nil
        }
        if topics[name] != nil || brokenTopics.contains(name) {
            report(
                "topic \(name.quotedForMessage) is declared twice", because: .declaration, at: nameNode.place,
                label: "the second one")
            return nil
        }
        if !existing, KafkaName.internalTopics.contains(name) {
            report(
                "topic \(name.quotedForMessage) is Kafka's own", because: .name, at: nameNode.place,
                label: "every cluster has it, or makes it by itself",
                notes: ["\"existing\": true reads it as it is"])
        } else if let twin = metricNames.updateValue(name, forKey: KafkaName.metricName(name)) {
            report(
                "topics \"\(twin)\" and \"\(name)\" are one to Kafka", because: .name, at: nameNode.place,
                label: "names that differ only in \".\" and \"_\" collide")
        }
        if let replication, let node = fields[TopicFields.replicationFactor] { checkReplication(replication, at: node) }
        if !existing { checkPartitionCount(Int(partitions ?? 1), at: fields[TopicFields.partitions] ?? nameNode) }
        guard faults == before else {
            brokenTopics.insert(name)
            return nil
        }
        let declaration = TopicDeclaration(
            name: name, partitions: partitions.map(Int.init) ?? (existing ? nil : 1),
            replicationFactor: replication.map(Int.init), config: config, existing: existing, node: node)
        topics[name] = declaration
        return declaration
    }

    /// Says that no embedded cluster of the scenario has so many brokers.
    private func checkReplication(_ factor: Int64, at node: JSONNode) {
        guard !requiresRealBroker, factor > embeddedBrokers else { return }
        report(
            "\"replicationFactor\" is more than there are brokers", because: .environment, at: node.place,
            label: "the embedded cluster has \(embeddedBrokers)",
            notes: [
                "\"embedded\": { \"brokers\": \(min(factor, EmbeddedFields.brokers.form.base.range.upperBound)) } starts more of them",
                "\"requires\": [\"brokers>=\(factor)\"] skips the scenario where there are too few",
            ])
    }

    /// Says once that no embedded cluster keeps so many partitions.
    private func checkPartitionCount(_ partitions: Int, at node: JSONNode) {
        let before = partitionCount
        partitionCount += partitions
        if !requiresRealBroker, partitions > Self.mostPartitionsMade {
            report(
                "\"partitions\" is more than Kafka makes at once", because: .environment, at: node.place,
                label: "expected at most \(Self.mostPartitionsMade)",
                notes: ["a request may make 10000 topics and partitions, and the topic is one of them"])
        }
        guard !requiresRealBroker, before <= Self.mostPartitionsOfAll, partitionCount > Self.mostPartitionsOfAll else {
            return
        }
        report(
            "the topics have too many partitions", because: .environment, at: node.place,
            label: "with this one \(partitionCount), of which an embedded cluster keeps \(Self.mostPartitionsOfAll)",
            notes: ["\"requires\": \"real-broker\" leaves it to a Kafka"])
    }

    func groupDeclarations(in fields: Fields) -> [GroupDeclaration] {
        var declarations: [GroupDeclaration] = []
        for element in read(ScenarioFields.groups, in: fields) ?? [] {
            guard let fields = self.fields(of: element, GroupFields.shape) else { continue }
            let existing = read(GroupFields.existing, in: fields) ?? false
            guard let nameNode = required(GroupFields.name, in: fields), let name = read(GroupFields.name, in: fields)
            else { continue }
            if groups[name] != nil {
                report(
                    "group \(name.quotedForMessage) is declared twice", because: .declaration, at: nameNode.place,
                    label: "the second one")
                continue
            }
            checkGroupName(name, at: nameNode, existing: existing)
            declarations.append(GroupDeclaration(name: name, existing: existing, node: element))
            groups[name] = existing
        }
        return declarations
    }

    /// Groups that are there already may have any name.
    func checkGroupName(_ name: String, at node: JSONNode, existing: Bool) {
        let fault = existing ? KafkaName.faultOfExistingGroup(name) : KafkaName.fault(of: name, existing: false)
        guard let fault else { return }
        report("\(name.quotedForMessage) is no name for a group", because: .name, at: node.place, label: fault)
    }

    func timeouts(in fields: Fields) -> Timeouts {
        var timeouts = Timeouts()
        guard let fields = read(ScenarioFields.timeouts, in: fields) else { return timeouts }
        if let connect = read(TimeoutsFields.connect, in: fields) { timeouts.connect = connect }
        if let deliver = read(TimeoutsFields.deliver, in: fields) { timeouts.deliver = deliver }
        if let join = read(TimeoutsFields.join, in: fields) { timeouts.join = join }
        if let receive = read(TimeoutsFields.receive, in: fields) { timeouts.receive = receive }
        return timeouts
    }

    func allowed(_ field: Field<ListForm>, in fields: Fields) -> Set<Invariant> {
        var allowed: Set<Invariant> = []
        for element in read(field, in: fields) ?? [] {
            guard let name = string(element, "allow") else { continue }
            if let invariant = Invariant(rawValue: name) {
                allowed.insert(invariant)
            } else if ScenarioFields.laterInvariants.contains(name) {
                report(
                    "\"\(name)\" is not in this version's language", because: FaultReason(of: element),
                    at: element.place,
                    label: "transactions are not here yet")
            } else {
                unknownName(name, of: "\"allow\"", at: element, among: ChoiceForm<Invariant>.names)
            }
        }
        return allowed
    }

    func requirements(in fields: Fields) -> [Requirement] {
        (read(ScenarioFields.requires, in: fields) ?? []).compactMap { text, node in
            if let condition = Requirement.Condition(text) {
                return Requirement(condition: condition, text: text, node: node)
            }
            report(
                "\(text.quotedForMessage) is not something a scenario can require", because: FaultReason(of: node),
                at: node.place,
                label: "not understood",
                notes: ["write \"real-broker\", \"brokers>=3\" or \"librdkafka>=2.3\", with your own numbers"])
            return nil
        }
    }
}

extension Requirement.Condition {
    /// What it is written like, as a regular expression of JSON Schema: blanks do not count.
    static let pattern =
        "^(real-broker|\(spaced("brokers>="))[0 ]*[1-9][0-9 ]*|\(spaced("librdkafka>="))[0-9][0-9 ]*(\\. *[0-9][0-9 ]*){0,2})$"

    private static func spaced(_ text: String) -> String { text.map { " *\($0)" }.joined() + " *" }

    /// Reads `real-broker`, `brokers>=3`, `librdkafka>=2.3`, with or without spaces around the sign.
    init?(_ text: String) {
        if text == "real-broker" {
            self = .realBroker
            return
        }
        guard text.utf8.count <= 64 else { return nil }
        let parts = text.filter { $0 != " " }.split(separator: ">", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].first == "=" else { return nil }
        let numbers = parts[1].dropFirst().split(separator: ".", omittingEmptySubsequences: false)
            .map { $0.allSatisfy { $0.isASCII && $0.isNumber } ? Int($0) : nil }
        guard !numbers.contains(nil) else { return nil }
        switch parts[0] {
        case "brokers" where numbers.count == 1 && numbers[0]! >= 1: self = .brokers(atLeast: numbers[0]!)
        case "librdkafka" where (1...3).contains(numbers.count): self = .librdkafka(atLeast: numbers.map { $0! })
        default: return nil
        }
    }
}

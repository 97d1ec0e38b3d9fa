import KrunDiagnostics
import KrunJSON
import KrunNames
import KrunOutcome

/// Reads what stands before the steps.
struct DeclarationDecoder: FieldDecoder {
    let reader: ValueReader
    let clients: ClientDecoder
    /// What was read so far: what stands first counts for what follows.
    private(set) var file = Declarations()
    private(set) var requirements: [Requirement] = []
    private(set) var brokers = Int(EmbeddedFields.brokers.form.value)
    private(set) var topics: [TopicDeclaration] = []
    private(set) var groups: [GroupDeclaration] = []

    init(reader: ValueReader, clients: ClientDecoder) {
        self.reader = reader
        self.clients = clients
    }

    mutating func read(_ fields: Fields) {
        requirements = requirements(in: fields)
        file.requiresRealBroker = requirements.contains { $0.condition == .realBroker }
        brokers = brokers(in: fields)
        file.embeddedBrokers = requirements.reduce(brokers) { number, requirement in
            if case .brokers(let least) = requirement.condition { max(number, least) } else { number }
        }
        file.timeouts = timeouts(in: fields)
        file.defaults.client = fields[ScenarioFields.client].map { clients.client($0, for: .both) } ?? []
        file.defaults.allow = allowed(ScenarioFields.allow, in: fields)
        if let partitioner = read(ScenarioFields.partitioner, in: fields) { file.defaults.partitioner = partitioner }
        topics = topicDeclarations(in: fields)
        file.sortTopics()
        groups = groupDeclarations(in: fields)
    }

    private var configs: TopicConfigDecoder {
        TopicConfigDecoder(reader: reader, requiresRealBroker: file.requiresRealBroker)
    }

    private func brokers(in fields: Fields) -> Int {
        let usual = Int(EmbeddedFields.brokers.form.value)
        guard let fields = read(ScenarioFields.embedded, in: fields) else { return usual }
        return read(EmbeddedFields.brokers, in: fields).map(Int.init) ?? usual
    }

    private mutating func topicDeclarations(in fields: Fields) -> [TopicDeclaration] {
        guard fields.has(ScenarioFields.topics) else { return [] }
        guard let elements = read(ScenarioFields.topics, in: fields) else {
            file.knowsTopics = false
            return []
        }
        var declarations: [TopicDeclaration] = []
        for element in elements {
            if let declaration = topic(element) { declarations.append(declaration) }
        }
        for element in elements where resolve(element)?.kind != .object {
            // A name alone tells at least that.
            if let name = element.string { file.brokenTopics.insert(name) } else { file.knowsTopics = false }
        }
        return declarations
    }

    private mutating func topic(_ node: JSONNode) -> TopicDeclaration? {
        guard let fields = fields(of: node, TopicFields.shape) else { return nil }
        let before = reporter.faults
        let nameNode = required(TopicFields.name, in: fields)
        let name = read(TopicFields.name, in: fields)
        let existing = read(TopicFields.existing, in: fields) ?? false
        let partitions = read(TopicFields.partitions, in: fields)
        // How many there are is known once it runs.
        let isLate = fields[TopicFields.partitions].map { reader.templates.isLate($0) } ?? false
        let replication = read(TopicFields.replicationFactor, in: fields)
        let config = fields[TopicFields.config].map { configs.config($0) } ?? []
        let placedBy = PlacementDecoder(reader: reader).placement(TopicFields.placedBy, in: fields)
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
            file.knowsTopics = false
            return nil
        }
        // What is no name is looked up by nobody, and to compare texts as Swift does takes time.
        if let fault = KafkaName.fault(of: name, existing: existing) {
            report("\(name.quotedForMessage) is no name for a topic", because: .name, at: nameNode.place, label: fault)
            if name.utf8.count <= KafkaName.longestSought, file.brokenTopics.count < Reporter.maximumCandidates {
                file.brokenTopics.insert(name)
            } else {
                file.knowsTopics = false
            }
            return nil
        }
        if file.topics[name] != nil || file.brokenTopics.contains(name) {
            report(
                "topic \(name.quotedForMessage) is declared twice", because: .declaration, at: nameNode.place,
                label: "the second one")
            return nil
        }
        let rules = TopicRules(reader: reader)
        rules.checkName(name, at: nameNode, existing: existing, in: &file)
        if let replication, let node = fields[TopicFields.replicationFactor] {
            rules.checkReplication(replication, at: node, in: file)
        }
        if !existing {
            rules.checkPartitionCount(Int(partitions ?? 1), at: fields[TopicFields.partitions] ?? nameNode, in: &file)
        }
        guard reporter.faults == before else {
            file.brokenTopics.insert(name)
            return nil
        }
        let declaration = TopicDeclaration(
            name: name,
            partitions: isLate ? nil : partitions.map(Int.init) ?? (existing ? nil : 1),
            replicationFactor: replication.map(Int.init), config: config, existing: existing, placedBy: placedBy,
            node: node)
        file.topics[name] = declaration
        return declaration
    }

    private mutating func groupDeclarations(in fields: Fields) -> [GroupDeclaration] {
        var declarations: [GroupDeclaration] = []
        for element in read(ScenarioFields.groups, in: fields) ?? [] {
            guard let fields = self.fields(of: element, GroupFields.shape) else { continue }
            let existing = read(GroupFields.existing, in: fields) ?? false
            guard let nameNode = required(GroupFields.name, in: fields), let name = read(GroupFields.name, in: fields)
            else { continue }
            if file.groups[name] != nil {
                report(
                    "group \(name.quotedForMessage) is declared twice", because: .declaration, at: nameNode.place,
                    label: "the second one")
                continue
            }
            checkGroupName(name, at: nameNode, existing: existing)
            declarations.append(GroupDeclaration(name: name, existing: existing, node: element))
            file.groups[name] = existing
        }
        return declarations
    }

    private func timeouts(in fields: Fields) -> Timeouts {
        var timeouts = Timeouts()
        guard let fields = read(ScenarioFields.timeouts, in: fields) else { return timeouts }
        if let connect = read(TimeoutsFields.connect, in: fields) { timeouts.connect = connect }
        if let deliver = read(TimeoutsFields.deliver, in: fields) { timeouts.deliver = deliver }
        if let join = read(TimeoutsFields.join, in: fields) { timeouts.join = join }
        if let receive = read(TimeoutsFields.receive, in: fields) { timeouts.receive = receive }
        return timeouts
    }

    private func requirements(in fields: Fields) -> [Requirement] {
        (read(ScenarioFields.requires, in: fields) ?? []).compactMap { text, node in
            if let condition = Requirement.Condition(text) {
                return Requirement(condition: condition, text: text, node: node)
            }
            report(
                "\(text.quotedForMessage) is not something a scenario can require", because: FaultReason(of: node),
                at: node.place,
                label: "not understood",
                notes: [
                    "write \"real-broker\", \"embedded-broker\", \"brokers>=3\" or \"librdkafka>=2.3\", with your own numbers"
                ])
            return nil
        }
    }
}

extension Requirement.Condition {
    /// What it is written like, as a regular expression of JSON Schema: blanks do not count.
    static let pattern =
        "^(real-broker|embedded-broker|\(spaced("brokers>="))[0 ]*[1-9][0-9 ]*|\(spaced("librdkafka>="))[0-9][0-9 ]*(\\. *[0-9][0-9 ]*){0,2})$"

    private static func spaced(_ text: String) -> String { text.map { " *\($0)" }.joined() + " *" }

    /// Reads `real-broker`, `embedded-broker`, `brokers>=3`, `librdkafka>=2.3`, with or without spaces around the sign.
    init?(_ text: String) {
        if text == "real-broker" {
            self = .realBroker
            return
        }
        if text == "embedded-broker" {
            self = .embeddedBroker
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

import KrunDiagnostics
import KrunJSON
import KrunNames
import KrunOutcome

/// What the file says before its steps.
struct Declarations {
    /// What holds for all steps.
    struct Defaults {
        var partitioner = ScenarioFields.partitioner.form.value
        var client: [ClientProperty] = []
        var allow: Set<Invariant> = []
    }

    var defaults = Defaults()
    var timeouts = Timeouts()
    /// Whether the scenario runs on no embedded broker.
    var requiresRealBroker = false
    /// How many brokers the embedded cluster is to have at least.
    var embeddedBrokers = Int(EmbeddedFields.brokers.form.value)
    var topics: [String: TopicDeclaration] = [:]
    /// Names of topics whose declaration is wrong in some other way, so that their uses are not reported too.
    var brokenTopics: Set<String> = []
    /// Whether the names of all topics could be read, so that others are known not to be declared.
    var knowsTopics = true
    /// The topics by their names in Kafka's metrics.
    var metricNames: [String: String] = [:]
    /// How many partitions the topics have that the scenario creates.
    var partitionCount = 0
    /// Topics that a step has deleted, and which.
    var departed: [String: StepPath] = [:]
    /// Topics that a step creates, and the first that does.
    var coming: [String: StepPath] = [:]
    /// Whether each declared group exists already.
    var groups = NameMap<Bool>()
    /// Whether the topics are those of a cluster that is there already, and whose a step may change.
    var isOfClusterAtHand = false
    /// The declared topics, sorted.
    private(set) var topicNames: [String] = []
    /// What a misspelt topic may have been meant to be.
    private var topicCandidates: [String] { topicNames + brokenTopics.sorted() }

    /// Sorts the names of topics, once all are there.
    mutating func sortTopics() { topicNames = topics.keys.sorted() }

    /// From now on there is this topic of that name; nil: none.
    mutating func put(_ name: String, _ topic: TopicDeclaration?) {
        let before = topics.updateValue(topic, of: name)
        guard (before == nil) != (topic == nil) else { return }
        // Kept sorted: a file may do this thousands of times.
        var (low, high) = (0, topicNames.count)
        while low < high {
            let middle = (low + high) / 2
            if topicNames[middle] < name { low = middle + 1 } else { high = middle }
        }
        if topic == nil { topicNames.remove(at: low) } else { topicNames.insert(name, at: low) }
    }

    func partitions(of topic: String) -> Int? { topics[topic]?.partitions }

    /// Whether a group is somebody else's.
    func isExisting(group: String) -> Bool { isOfClusterAtHand || groups[group] == true }

    /// Says that a topic is not declared, when it is not.
    func checkDeclared(_ topic: String, at node: JSONNode, by reporter: Reporter) {
        let mayBeOne = topic.utf8.count <= KafkaName.longestSought
        guard knowsTopics, !mayBeOne || topics[topic] == nil && !brokenTopics.contains(topic) else { return }
        if reporter.isFull { return reporter.omit() }
        if let fault = fault(ofUsing: topic, at: node) { return reporter.report(fault, because: .declaration) }
        if isOfClusterAtHand { return reportMissing(topic, at: node, by: reporter) }
        let names = topicNames
        let nearest = reporter.nearest(to: topic, among: topicCandidates)
        reporter.report(
            Diagnostic(
                .invalid, "topic \(topic.quotedForMessage) is not declared", at: node.place,
                label: nearest.map { "did you mean \"\($0)\"?" } ?? "not in \"topics\"",
                notes: nearest != nil
                    ? []
                    : [
                        names.isEmpty
                            ? "declare it: \"topics\": [{ \"name\": \(topic.quotedForMessage) }]"
                            : "the topics of this file: \(listed(names))"
                    ]), because: .declaration)
    }

    private func reportMissing(_ topic: String, at node: JSONNode, by reporter: Reporter) {
        let nearest = reporter.nearest(to: topic, among: topicCandidates)
        let there = topicNames.isEmpty ? "it has no topics" : "it has \(listed(topicNames))"
        reporter.report(
            Diagnostic(
                .invalid, "topic \(topic.quotedForMessage) is not on this cluster", at: node.place,
                label: nearest.map { "did you mean \"\($0)\"?" } ?? "",
                notes: nearest != nil
                    ? [] : [there, "{ \"topic\": \(topic.quotedForMessage), \"create\": { … } } makes it"]),
            because: .declaration)
    }
}

extension [String: TopicDeclaration] {
    /// Returns what there was.
    fileprivate mutating func updateValue(_ topic: TopicDeclaration?, of name: String) -> TopicDeclaration? {
        guard let topic else { return removeValue(forKey: name) }
        return updateValue(topic, forKey: name)
    }
}

extension Declarations {
    /// That a topic is not there any more, or not yet; nil where no step says so.
    private func fault(ofUsing topic: String, at node: JSONNode) -> Diagnostic? {
        if let path = departed[topic] {
            return Diagnostic(
                .invalid, "topic \(topic.quotedForMessage) is not there any more", at: node.place,
                label: "step \(path) deletes it",
                notes: ["{ \"topic\": \(topic.quotedForMessage), \"create\": { … } } makes it anew"])
        }
        return coming[topic].map { path in
            Diagnostic(
                .invalid, "topic \(topic.quotedForMessage) is not there yet", at: node.place,
                label: "step \(path) creates it", notes: ["\"topics\" declares what is there from the beginning"])
        }
    }
}

extension Diagnostic {
    /// What to say of a partition that the topic does not have.
    static func noSuchPartition(
        _ partition: Int64, of topic: String, partitions: Int?, at place: Place, _ position: String = ""
    ) -> Diagnostic {
        let those = partitions.map {
            $0 == 1 ? "the topic has only partition 0" : "the topic has partitions 0 to \($0 - 1)"
        }
        let label = [position.isEmpty ? nil : position.dropFirst() + "", those].compactMap { $0 }
            .joined(separator: ": ")
        return Diagnostic(.invalid, "partition \(partition) of \"\(topic)\" does not exist", at: place, label: label)
    }
}

extension FieldDecoder {
    func allowed(_ field: Field<ListForm>, in fields: Fields) -> Set<Invariant> {
        var allowed: Set<Invariant> = []
        for element in read(field, in: fields) ?? [] {
            guard let name = reader.string(element, "allow") else { continue }
            if let invariant = Invariant(rawValue: name) {
                allowed.insert(invariant)
            } else {
                reader.unknownName(name, of: "\"allow\"", at: element, among: ChoiceForm<Invariant>.names)
            }
        }
        return allowed
    }

    /// Groups that are there already may have any name.
    func checkGroupName(_ name: String, at node: JSONNode, existing: Bool) {
        let fault = existing ? KafkaName.faultOfExistingGroup(name) : KafkaName.fault(of: name, existing: false)
        guard let fault else { return }
        report("\(name.quotedForMessage) is no name for a group", because: .name, at: node.place, label: fault)
    }
}

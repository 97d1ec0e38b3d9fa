import KrunJSON
import KrunOutcome

/// The file's declarations as they are where it is read: steps make, change and delete topics.
final class TopicHistory {
    private(set) var file: Declarations
    private let sent: (_ topic: String) -> Void

    /// - Parameter forget: told of each topic that is deleted, with all that was sent to it.
    init(_ file: Declarations, steps: [JSONNode], forget: @escaping (_ topic: String) -> Void) {
        self.file = file
        sent = forget
        self.file.coming = Self.creations(in: steps) { StepPath($0) }
    }

    /// Counts what a step makes, and checks it.
    func check(_ body: (inout Declarations) -> Void) { body(&file) }

    /// From here on there is this topic.
    func create(_ topic: TopicDeclaration) {
        file.departed[topic.name] = nil
        file.put(topic.name, topic)
    }

    /// From here on there is none of that name.
    func delete(_ topic: String, by path: StepPath) {
        file.partitionCount -= file.partitions(of: topic) ?? 0
        file.metricNames[KafkaName.metricName(topic)] = nil
        file.put(topic, nil)
        file.departed[topic] = path
        sent(topic)
    }

    /// From here on the topic has so many partitions, or these configs; nil for what stays.
    func change(_ topic: String, partitions: Int? = nil, config: [TopicStep.Config] = []) {
        guard let now = file.topics[topic] else { return }
        file.topics[topic] = now.changed(partitions: partitions, by: config)
    }

    // MARK: Side by side

    /// Reads branches, each from the same beginning: what one does to a topic the others know nothing certain of, and all that follows
    /// knows.
    func sideBySide(_ branches: [JSONNode], read: (_ index: Int) -> Void) {
        guard branches.count > 1 else { return branches.indices.forEach(read) }
        let changed = branches.map { Self.changedTopics(in: [$0]) }
        let changes = Dictionary(changed.joined().map { ($0, 1) }, uniquingKeysWith: +)
        let before = changes.keys.map { (name: $0, topic: file.topics[$0], departed: file.departed[$0]) }
        for (name, topic, _) in before { if let topic { file.put(name, topic.changed(partitions: nil)) } }
        let known = Dictionary(before.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        var results: [(name: String, topic: TopicDeclaration?, departed: StepPath?)] = []
        for index in branches.indices {
            let own = changed[index]
            for name in own where changes[name] == 1 { file.put(name, known[name]?.topic) }
            read(index)
            for name in own {
                results.append((name, file.topics[name], file.departed[name]))
                file.put(name, known[name]?.topic?.changed(partitions: nil))
                file.departed[name] = known[name]?.departed
            }
        }
        for (name, topic, _) in before { file.put(name, topic) }
        for (name, topic, departed) in results {
            let now = file.partitions(of: name) ?? 0
            // Of two branches that add partitions the one with more counts; of an unknown number nothing is learnt.
            if let topic, topic.partitions.map({ $0 < now }) ?? (known[name]?.topic != nil) { continue }
            if topic == nil, departed == nil { continue }
            file.put(name, topic)
            file.departed[name] = topic == nil ? departed : nil
        }
    }

    // MARK: Looking ahead

    /// Topics that some step makes, with the first that does; by their literal names.
    private static func creations(
        in steps: [JSONNode], path: (_ number: Int) -> StepPath
    ) -> [String: StepPath] {
        var found: [String: StepPath] = [:]
        walk(steps, path, depth: 0) { topic, step, path in
            if step[TopicStepFields.create.name] != nil, found[topic] == nil { found[topic] = path }
        }
        return found
    }

    /// Topics that some step makes, deletes or gives partitions; by their literal names.
    private static func changedTopics(in branch: [JSONNode]) -> Set<String> {
        var found: Set<String> = []
        let changes = [TopicStepFields.create.name, TopicStepFields.delete.name, TopicStepFields.partitions.name]
        for element in branch {
            walk(element.kind == .array ? element.elements : [element], { StepPath($0) }, depth: 0) { topic, step, _ in
                if changes.contains(where: { step[$0] != nil }) { found.insert(topic) }
            }
        }
        return found
    }

    /// Goes over the topic steps of a list, and of the lists in it.
    private static func walk(
        _ steps: [JSONNode], _ path: (_ number: Int) -> StepPath, depth: Int,
        _ body: (_ topic: String, _ step: JSONNode, _ path: StepPath) -> Void
    ) {
        guard depth <= RepeatFields.depthLimit else { return }
        for (index, step) in steps.enumerated() where step.kind == .object {
            let path = path(index + 1)
            if let topic = step[TopicStepFields.topic.name]?.string, topic.utf8.count <= KafkaName.longest {
                body(topic, step, path)
            }
            if let branches = step[Verb.together.rawValue]?.elementsIfArray {
                for (index, branch) in branches.enumerated() {
                    let path = path.appending(index + 1)
                    walk(branch.elementsIfArray ?? [branch], { path.appending($0) }, depth: depth + 1, body)
                }
            }
            if step[Verb.repeat.rawValue] != nil, let steps = step[RepeatFields.steps.name]?.elementsIfArray {
                let path = path.appending(1)
                walk(steps, { path.appending($0) }, depth: depth + 1, body)
            }
        }
    }
}

extension JSONNode {
    fileprivate var elementsIfArray: [JSONNode]? { kind == .array ? elements : nil }
}

extension TopicDeclaration {
    /// The same with so many partitions; nil where that is not known.
    fileprivate func changed(partitions: Int?) -> TopicDeclaration {
        TopicDeclaration(
            name: name, partitions: partitions, replicationFactor: replicationFactor, config: config,
            existing: existing, node: node)
    }
}

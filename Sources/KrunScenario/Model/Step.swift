public import KrunDiagnostics
public import KrunJSON
public import KrunOutcome

/// One step of a scenario.
public struct Step: Sendable {
    /// What a step does.
    public enum Action: Sendable {
        case produce(ProduceStep)
        case consume(ConsumeStep)
        case group(MembershipStep)
        case transaction(TransactionStep)
        case offsets(OffsetsStep)
        case topic(TopicStep)
        case fault(FaultStep)
        /// Nothing is done for so long.
        case pause(Duration)
        /// Lists of steps side by side; it ends when all of them have.
        case together([[Step]])
        /// Lists of steps one after the other: the steps of each round, with what `{{round}}` is in it.
        case `repeat`([[Step]])
    }

    /// Where it stands in the scenario.
    public let path: StepPath
    /// What it does.
    public let action: Action
    /// A remark for people; nil when there is none.
    public let note: String?
    /// Invariants that may be broken here, the file's included.
    public let allow: Set<Invariant>
    /// Whether something in it is known only once it runs, so that it is to be read again then.
    public let isLate: Bool
    /// The object in the file.
    public let node: JSONNode

    /// The step as a sentence: `produce orders`, `consume orders as baristas`.
    public var title: String {
        switch action {
        case .produce(let produce): "produce \(produce.topic)"
        case .consume(let consume):
            "consume \(consume.topicNames)" + (consume.group.map { " as \($0)" } ?? "")
        case .group(let group):
            switch group.change {
            case .none: "group \(group.group)"
            case .members(let names): "group \(group.group) of \(names.count)"
            case .crash(let names): "group \(group.group): crash \(names.joined(separator: ", "))"
            case .stall(let name, let duration):
                "group \(group.group): stall \(name)" + (duration.map { " for \(Units.text($0))" } ?? "")
            }
        case .transaction(let transaction): "transaction \(transaction.producer): \(transaction.end.rawValue)"
        case .offsets(let offsets): (offsets.reset == nil ? "offsets of " : "reset offsets of ") + offsets.group
        case .topic(let topic):
            switch topic.change {
            case .none: "topic \(topic.topic)"
            case .create: "create topic \(topic.topic)"
            case .delete: "delete topic \(topic.topic)"
            case .partitions(let count): "topic \(topic.topic): \(count) partitions"
            case .deleteRecords: "topic \(topic.topic): delete records"
            case .config(let configs): "topic \(topic.topic): set \(configs.map(\.name).joined(separator: ", "))"
            case .compact: "topic \(topic.topic): compact"
            }
        case .fault(let fault): "fault: \(fault.sentence)"
        case .pause(let duration): "pause \(Units.text(duration))"
        case .together: "together"
        case .repeat(let rounds): "repeat \(rounds.count) \(rounds.count == 1 ? "time" : "times")"
        }
    }

    /// Its verb, as in the file.
    var verb: String {
        switch action {
        case .produce: "produce"
        case .consume: "consume"
        case .group: "group"
        case .transaction: "transaction"
        case .offsets: "offsets"
        case .topic: "topic"
        case .fault: "fault"
        case .pause: "pause"
        case .together: "together"
        case .repeat: "repeat"
        }
    }

    /// The branches or rounds that it holds; none of a step that holds no others.
    public var lists: [[Step]] {
        switch action {
        case .produce, .consume, .group, .transaction, .offsets, .topic, .fault, .pause: []
        case .together(let lists), .repeat(let lists): lists
        }
    }

    /// Itself and all that it holds, in the order of their paths.
    public var all: [Step] { [self] + lists.joined().flatMap(\.all) }
}

extension Step {
    /// Where the file says a field of the step; without a name, or where the step has no such field, what its verb names.
    public func place(of field: String? = nil) -> Place {
        (field.flatMap { node[$0] } ?? node[verb] ?? node).place
    }
}

extension TopicDeclaration {
    /// Where the file says a field of the topic; without a name, or where it has no such field, its name.
    public func place(of field: String? = nil) -> Place {
        (field.flatMap { node[$0] } ?? node["name"] ?? node).place
    }
}

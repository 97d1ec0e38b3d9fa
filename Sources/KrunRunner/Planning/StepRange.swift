import KrunDiagnostics
import KrunNames
import KrunOutcome
import KrunScenario

/// Which of a scenario's own steps are run, by their numbers; what is within one of them goes with it.
public struct StepRange: Hashable, Sendable {
    /// The first that is run.
    public var from: Int
    /// The last that is run; nil for that of the file.
    public var to: Int?

    public static let all = StepRange(from: 1, to: nil)

    public init(from: Int, to: Int?) {
        self.from = from
        self.to = to
    }

    func contains(_ step: Step) -> Bool {
        let number = step.path.numbers[0]
        return number >= from && number <= to ?? .max
    }
}

/// What steps need of others that are passed over: who is in a group, a transaction that is open, a topic.
///
/// What they take from records is found out when they come to it (`LateSteps`).
struct StepNeeds {
    /// What a step left for those that follow, and its place in the scenario.
    private var members = NameMap<Step>()
    private var transactions = NameMap<Step>()
    private var topics = NameMap<Step>()

    /// What cannot be done because a step is passed over; nil where nothing is missing.
    static func fault(of scenario: Scenario, running range: StepRange) -> Diagnostic? {
        var needs = StepNeeds()
        for step in scenario.steps where step.path.numbers[0] < range.from {
            for inner in step.all { needs.leave(inner) }
        }
        for step in scenario.steps where range.contains(step) {
            for inner in step.all {
                guard let (what, maker) = needs.missing(for: inner) else {
                    needs.make(inner)
                    continue
                }
                return Diagnostic(
                    .runtime, "this step needs \(what), and step \(maker.path) is passed over", at: inner.place(),
                    context: scenario.context(of: inner), label: "from step \(maker.path): \(maker.title)",
                    notes: ["begin with it: --from-step \(maker.path.numbers[0])"])
            }
        }
        return nil
    }

    private mutating func leave(_ step: Step) {
        switch step.action {
        case .group(let membership):
            if case .members(let names) = membership.change {
                members[membership.group] = names.isEmpty ? nil : step
            }
        case .consume(let consume):
            if let group = consume.group, consume.stays { members[group] = members[group] ?? step }
        case .produce(let produce):
            if let producer = produce.producer { transactions[producer] = produce.transaction == .open ? step : nil }
        case .transaction(let transaction): transactions[transaction.producer] = nil
        case .topic(let topic):
            switch topic.change {
            case .create: topics[topic.topic] = step
            case .delete: topics[topic.topic] = nil
            case .none, .partitions, .deleteRecords, .config, .compact: break
            }
        case .offsets, .fault, .pause, .together, .repeat: break
        }
    }

    /// What is run makes for itself.
    private mutating func make(_ step: Step) {
        if case .group(let membership) = step.action { members[membership.group] = nil }
        if case .topic(let topic) = step.action, case .create = topic.change { topics[topic.topic] = nil }
    }

    private func missing(for step: Step) -> (what: String, maker: Step)? {
        switch step.action {
        case .group(let membership): self.members(needed: membership)
        case .consume(let consume):
            consume.group.flatMap { group in members[group].map { ("the members of group \(group)", $0) } }
                ?? topic(among: consume.topics)
        case .produce(let produce):
            produce.producer.flatMap { name in
                transactions[name].map { ("the open transaction of producer \(name)", $0) }
            } ?? topic(among: [produce.topic])
        case .transaction(let transaction):
            transactions[transaction.producer].map { ("the open transaction of producer \(transaction.producer)", $0) }
        case .topic(let topic):
            if case .create = topic.change { nil } else { self.topic(among: [topic.topic]) }
        case .offsets(let offsets): topic(among: offsets.topics)
        case .fault, .pause, .together, .repeat: nil
        }
    }

    /// Who names all of the members and what they read needs nobody else.
    private func members(needed membership: MembershipStep) -> (String, Step)? {
        if case .members = membership.change, !membership.topics.isEmpty { return nil }
        return members[membership.group].map { ("the members of group \(membership.group)", $0) }
    }

    private func topic(among names: [String]) -> (String, Step)? {
        for name in names {
            if let maker = topics[name] { return ("topic \(name)", maker) }
        }
        return nil
    }
}

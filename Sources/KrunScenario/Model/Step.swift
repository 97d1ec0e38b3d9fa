public import KrunJSON
public import KrunOutcome

/// One step of a scenario.
public struct Step: Sendable {
    public enum Action: Sendable {
        case produce(ProduceStep)
        case consume(ConsumeStep)
    }

    /// Where it stands in the scenario.
    public let path: StepPath
    public let action: Action
    public let note: String?
    /// Invariants that may be broken here, the file's included.
    public let allow: Set<Invariant>
    public let node: JSONNode

    /// The step as a sentence: `produce orders`, `consume orders as baristas`.
    public var title: String {
        switch action {
        case .produce(let produce): "produce \(produce.topic)"
        case .consume(let consume):
            "consume \(consume.topicNames)" + (consume.group.map { " as \($0)" } ?? "")
        }
    }
}

public import KrunDiagnostics
public import KrunOutcome

/// A scenario file, read and checked: nothing in it is unknown, undeclared or impossible to judge.
public struct Scenario: Sendable {
    /// The file's name as the user gave it.
    public let file: String
    public let name: String
    public let description: String?
    public let tags: [String]
    public let requirements: [Requirement]
    /// The reason for which the file asks to be skipped; nil when it does not.
    public let skip: String?
    /// The names of the file's variables, sorted.
    public let variableNames: [String]
    /// How many brokers the embedded cluster is to have.
    public let embeddedBrokers: Int
    /// nil when one is to be drawn.
    public let seed: UInt64?
    /// Tuning properties for every client of the scenario.
    public let client: [ClientProperty]
    public let timeouts: Timeouts
    /// Invariants that the whole file may break.
    public let allow: Set<Invariant>
    public let topics: [TopicDeclaration]
    public let groups: [GroupDeclaration]
    public let steps: [Step]
}

extension Scenario {
    /// What is told of a step beside whatever is wrong in it.
    public func context(of step: Step) -> Diagnostic.Context {
        Diagnostic.Context(activity: step.title, position: step.path.position(of: steps.count))
    }

    /// Whether anything that it sends is drawn with the seed.
    public var usesSeed: Bool {
        steps.contains { step in
            guard case .produce(let produce) = step.action else { return false }
            return produce.messages.contains { message in
                [message.key, message.value].contains(where: \.isDrawn)
                    || message.headers.contains(where: \.value.isDrawn)
            }
        }
    }
}

extension PayloadTemplate {
    fileprivate var isDrawn: Bool {
        if case .filler = self { true } else { false }
    }
}

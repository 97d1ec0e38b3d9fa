import KrunJSON
import KrunOutcome

/// What a step can do, by the name of the field that says on what.
enum Verb: String, CaseIterable {
    case produce
    case consume
    case group
    case transaction
    case offsets
    case topic
    case fault
    case pause
    case together
    case `repeat`

    var shape: ObjectShape {
        switch self {
        case .produce: ProduceFields.shape
        case .consume: ConsumeFields.shape
        case .group: MembershipFields.shape
        case .transaction: TransactionFields.shape
        case .offsets: OffsetsFields.shape
        case .topic: TopicStepFields.shape
        case .fault: FaultFields.shape
        case .pause: PauseFields.shape
        case .together: TogetherFields.shape
        case .repeat: RepeatFields.shape
        }
    }

    /// As a sentence has them: `"produce", … and "repeat"`.
    static var sentence: String {
        let names = allCases.map { "\"\($0.rawValue)\"" }
        return names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
    }

    /// The JSON Schema of any step. By the names of the definitions, which are the verbs': shapes of steps that hold others are made
    /// of it.
    static var stepSchema: JSONValue {
        .anyOf(.schema(("oneOf", .array(allCases.map { .definition($0.rawValue) }))), .definition("template"))
    }

}

/// A step that ends the transaction that a producer has left open.
enum TransactionFields {
    static let producer = Field(
        "transaction", TextForm(minimumLength: 1, summary: "a producer's name"),
        "The producer, by the name that an earlier step gave it.", isRequired: true, since: "0.2")
    static let end = Field("end", ChoiceForm<TransactionEnd>(), "How its open transaction ends.", isRequired: true)
    static let allow = ProduceFields.allow
    static let expect = Field(
        "expect", ObjectForm(shape: TransactionExpectationFields.shape, isCalledByName: true),
        "What the step must come to.")

    static let shape = ObjectShape(
        "transaction", called: "a transaction step", "Ends the transaction that a producer has left open.",
        [producer, end, allow, expect],
        elsewhere: [
            "commit": "write \"end\": \"commit\"", "abort": "write \"end\": \"abort\"",
            "transactionalId": "a produce step has it", "offsetsOf": "a produce step has it",
        ])
}

/// A step in which nothing is done.
enum PauseFields {
    static let duration = Field(
        "pause", DurationForm(.zero...(.seconds(3_600))), "For how long.", isRequired: true, since: "0.2")

    static let shape = ObjectShape("pause", called: "a pause", "Nothing is done for so long.", [duration])
}

/// Lists of steps side by side.
enum TogetherFields {
    static let branches = Field(
        "together",
        ListForm(
            element: .anyOf(
                .type("array", ("items", Verb.stepSchema), ("minItems", .integer(1))), Verb.stepSchema),
            summary: "a list of branches, at least one: each a list of steps, or a single step", minimumCount: 1),
        "What happens side by side, each branch in its own order. It ends when all of them have, and only then its steps are judged.",
        isRequired: true, since: "0.2")

    static let shape = ObjectShape(
        "together", called: "a together step", "Lists of steps side by side.", [branches])

    /// The most branches that are at work at one time, of all that are within each other.
    static let branchLimit = 256
}

/// The same steps again and again.
enum RepeatFields {
    static let count = Field(
        "repeat", IntegerForm(1...1_000), "How often; `{{round}}` counts from 0.", isRequired: true, since: "0.2")
    static let steps = Field(
        "steps", ListForm(element: Verb.stepSchema, summary: "a list of steps, at least one", minimumCount: 1),
        "What happens in each round, in order.", isRequired: true, since: "0.2")

    static let shape = ObjectShape(
        "repeat", called: "a repeat step", "The same steps so many times, round after round.", [count, steps])

    /// The most steps that a file may come to.
    static let stepLimit = 10_000
    /// How deep steps may be within each other.
    static let depthLimit = 16
}

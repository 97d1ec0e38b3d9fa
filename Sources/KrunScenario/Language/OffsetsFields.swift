import KrunJSON

/// Where to begin in each partition: a name, a time, a number of records before the end, or an object that says it by partition.
struct StartForm: Form {
    /// Whether `committed` is one of the names.
    let hasCommitted: Bool

    /// A number below it is hardly meant as a time: those are 11 days of 1970.
    static let earliestTime: Int64 = 1_000_000_000
    /// How many records before the end.
    static let last: ClosedRange<Int64> = -1_000_000_000_000 ... -1

    var names: [String] { (hasCommitted ? ["committed"] : []) + ["earliest", "latest"] }

    private var text: JSONValue {
        .anyOf(
            .schema(("enum", .strings(names))), TimestampForm.text, .definition("textWithTemplate"))
    }

    /// What may be said of one partition.
    private var point: JSONValue {
        .anyOf(
            .schema(("enum", .strings(names))), TimestampForm.text, .integer(Self.last.lowerBound...Int64.max),
            .definition("textWithTemplate"))
    }

    private var byPartition: JSONValue {
        .type(
            "object", ("propertyNames", .partitionNumber), ("additionalProperties", point),
            ("minProperties", .integer(1)))
    }

    var schema: JSONValue {
        let byTopic = JSONValue.type(
            "object", ("additionalProperties", .anyOf(byPartition, .definition("template"))),
            ("minProperties", .integer(1)))
        return .anyOf(
            text, .integer(Self.last), .integer(Self.earliestTime...Int64.max),
            hasCommitted ? .definition(UncommittedFields.shape.schemaName) : nil, byPartition, byTopic)
    }

    var summary: String {
        let names = names.map { "`\($0)`" }.joined(separator: ", ")
        return "\(names); a timestamp; `-3`; `{ \"0\": 5, \"1\": \"latest\" }`"
            + (hasCommitted ? "; `{ \"committed\": \"latest\" }`" : "")
    }
}

/// `{ "committed": "latest" }`: where the group stopped, and only where it committed nothing there.
enum UncommittedFields {
    /// `auto.offset.reset`
    enum Reset: String, CaseIterable, Sendable {
        case earliest
        case latest
    }

    static let committed = Field(
        "committed", ChoiceForm<Reset>(),
        "Where to begin where the group has committed nothing, or what the log does not have: `auto.offset.reset`.",
        isRequired: true, since: "0.2")

    static let shape = ObjectShape(
        "fromCommitted", called: "\"from\"", "Where the group stopped, and somewhere else where it never was.",
        [committed])
}

/// A step about where a group stands.
enum OffsetsFields {
    static let group = Field(
        "offsets", TextForm(minimumLength: 1, summary: "a group"), "The consumer group.", isRequired: true, since: "0.2"
    )
    static let topics = Field(
        "topic", OneOrManyForm(isSet: true, summary: "a topic, or a list of topics"), "Of which topics.",
        otherwise: "all of the file's that the group has committed in")
    static let reset = Field(
        "reset", StartForm(hasCommitted: false),
        "Where the group is to go on; partitions that are not named stay as they are. Of a group with live members it fails, as Kafka does.",
        otherwise: "nothing is changed")
    static let expect = Field(
        "expect", ObjectForm(shape: OffsetsExpectationFields.shape, isCalledByName: true),
        "What the step must come to.")

    static let shape = ObjectShape(
        "offsets", called: "an offsets step", "Where a group stands, or is to go on.",
        [group, topics, reset, expect],
        elsewhere: [
            "from": "a consume step has it; here it is \"reset\"", "to": "here it is \"reset\"",
            "committed": "it belongs in \"expect\"", "lag": "it belongs in \"expect\"",
            "group": "the group is the value of \"offsets\"",
        ])
}

/// What an offsets step must come to.
enum OffsetsExpectationFields {
    static let committed = ConsumeExpectationFields.committedOfTopics(
        "The group's committed offsets, after a reset those that it goes on from; `null` where nothing is committed.")
    static let lag = Field(
        "lag", MatcherForm(.offset),
        "The sum over the partitions of end offset − committed offset; where nothing is committed, of end offset − the first offset there is."
    )
    static let error = Field(
        "error", MatcherForm(.payload), "The name of the error with which the step must fail.")

    static let shape = ObjectShape(
        "expectOffsets", called: "the expectation of an offsets step",
        "What an offsets step must come to; what is not mentioned is not judged.", [committed, lag, error])
}

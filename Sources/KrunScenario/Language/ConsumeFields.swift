import KrunJSON
import KrunOutcome

/// A step that reads.
enum ConsumeFields {
    static let topics = Field(
        "consume", OneOrManyForm(isSet: true, summary: "a topic, or a list of topics"), "What is read.",
        isRequired: true)
    static let group = Field(
        "group", TextForm(minimumLength: 1, summary: "a group"), "The consumer group.", otherwise: "none")
    static let members = Field(
        "members", MembersForm(least: 1),
        "How many members it has in this step, or their names; each has a thread for each broker, and members × brokers is at most \(MemberLimit.threads). Members of an earlier step that stayed read themselves: then none may be said.",
        otherwise: "1")
    static let isStatic = Field(
        "static", BooleanForm().preset(false), "Whether a member's name is its `group.instance.id`.", needsGroup: true,
        since: "0.2")
    static let stays = Field(
        "stay", BooleanForm().preset(false),
        "Whether the members remain in the group when the step ends: alive, reading nothing until a consume step of that group.",
        needsGroup: true, since: "0.2")
    static let from = Field(
        "from", StartForm(hasCommitted: true),
        "Where to begin. `committed`: go on where the group stopped; where nothing is committed, at the earliest record. A timestamp: at the first record since then. `-3`: three offsets before the end of each partition. By partition, with several topics by topic and partition: those that are not named begin at the default.",
        otherwise: "`committed` with a group, `earliest` without")
    static let until = Field(
        "until",
        NodeForm(
            schema: .anyOf(
                .schema(("enum", .strings(["end"]))), .definition("textWithTemplate"),
                .definition(UntilFields.shape.schemaName)),
            summary: "`\"end\"`; `{ \"messages\": 5 }`; `{ \"idle\": \"2s\" }`; `{ \"matching\": … }`"),
        "When to stop.",
        otherwise: "`\"end\"`")
    static let isolation = Field(
        "isolation", ChoiceForm<ConsumeStep.Isolation>(),
        "`read_committed`: records of transactions once these are committed, and nothing behind the first one that is open: there is the end, and `lag` counts to it.",
        otherwise: "as the members have it, or `read_uncommitted`", since: "0.2")
    static let commit = Field(
        "commit",
        NodeForm(
            schema: .anyOf(
                .schema(("enum", .strings(ConsumeStep.Commit.names))), .definition("textWithTemplate"),
                .definition(CommitFields.shape.schemaName)),
            summary: "`end`, `each`, `auto`, `none`; `{ \"every\": 100 }`; `{ \"auto\": \"500ms\" }`"),
        "When the group commits. `end`: once, when reading has ended; `each`: after every record; `every`: after so many of a member, and not what is left over; `auto`: by a timer, as clients do with `enable.auto.commit`: every 5 s or so often, and when a member gives partitions up.",
        otherwise: "`end` with a group", needsGroup: true)
    static let assignor = Field(
        "assignor", ChoiceForm<ConsumeStep.Assignor>(), "How partitions are shared among the members.",
        otherwise: "librdkafka's", needsGroup: true)
    static let client = Field(
        "client", NodeForm(schema: ClientPropertyTable.schema(for: .consumer), summary: "property → value"),
        "Tuning properties of this step's consumers; they win over the file's.")
    static let rate = Field(
        "rate", ProduceFields.perSecond, "A slow consumer: each member reads so many records a second at most.",
        otherwise: "as many as come", since: "0.2")
    static let settle = Field(
        "settle", DurationForm(.milliseconds(1)...(.seconds(3_600))),
        "How long after its end the step reads on: nothing more may come.", otherwise: "not at all", since: "0.2")
    static let capture = Field(
        "capture", MapForm(to: CaptureFields.shape, summary: "name → what is taken"),
        "Values taken from records: variables for the steps that follow.", since: "0.2")
    static let allow = ProduceFields.allow
    static let expect = Field(
        "expect", ObjectForm(shape: ConsumeExpectationFields.shape, isCalledByName: true), "What the step must come to."
    )

    private static let fields: [any FieldDescription] = [
        topics, group, members, isStatic, stays, from, until, settle, isolation, commit, assignor, rate, capture,
        client,
        allow, expect,
    ]

    static let shape = ObjectShape(
        "consume", called: "a consume step",
        "Reads from one or several topics, as a group or, without one, all partitions by assignment.", fields,
        elsewhere: [
            "messages": "a produce step has it; how many are expected goes into \"expect\"",
            "count": "a produce step has it; how many are expected goes into \"expect\"",
            "partitioner": "a produce step has it", "acks": "a produce step has it", "lag": "it belongs in \"expect\"",
            "committed": "it belongs in \"expect\"", "idle": "it belongs in \"expect\" or \"until\"",
            "partitions": "it belongs in \"expect\"", "keys": "it belongs in \"expect\"",
            "subscribe": "a group step has it", "crash": "a group step has it", "reset": "an offsets step has it",
        ],
        refused: [
            .schema(
                ("not", .required(["group"])),
                (
                    "anyOf",
                    .array(
                        ObjectShape.needingGroup(fields) + [
                            having("members", .integer(2...MembersForm.maximum)),
                            having("members", .type("array", ("minItems", .integer(2)))),
                            having("from", .schema(("enum", .strings(["committed"])))),
                            having(
                                "from",
                                .type(
                                    "object", ("required", .strings(["committed"])),
                                    ("properties", .schema(("committed", .type("string")))))),
                        ])
                ))
        ])

    private static func having(_ name: String, _ schema: JSONValue) -> JSONValue {
        .schema(("required", .strings([name])), ("properties", .schema((name, schema))))
    }
}

/// How many members, or their names.
struct MembersForm: Form {
    /// The most members that a step may have.
    static let maximum: Int64 = 1_000

    let least: Int64

    var range: ClosedRange<Int64> { least...Self.maximum }

    var schema: JSONValue {
        .anyOf(
            .integer(range),
            .type(
                "array", ("items", .type("string")), ("minItems", least > 0 ? .integer(least) : nil)),
            .definition("template"))
    }
    var summary: String { "a whole number, \(least) to \(Self.maximum), or a list of names" }
}

enum UntilFields {
    static let messages = Field("messages", MessageFields.counts, "After so many records.")
    static let idle = Field(
        "idle", DurationForm(.milliseconds(1)...(.seconds(86_400))), "When nothing has come for so long.")

    static let matching = Field(
        "matching", ObjectForm(shape: RecordMatcherFields.shape, isCalledByName: true),
        "When so many records have been read that match.", since: "0.2")
    static let count = Field(
        "count", IntegerForm(1...1_000_000_000).preset(1), "How many must match; with `matching`.", since: "0.2")

    static let shape = ObjectShape(
        "until", called: "\"until\"", "When to stop before the end; exactly one of messages, idle and matching.",
        [messages, idle, matching, count],
        alternatives: [
            .init(has: ["messages"], without: ["idle", "matching", "count"]),
            .init(has: ["idle"], without: ["messages", "matching", "count"]),
            .init(has: ["matching"], without: ["messages", "idle"]),
        ])
}

enum CommitFields {
    static let every = Field(
        "every", IntegerForm(1...1_000_000_000), "After so many records of a member.", since: "0.2")
    static let auto = Field(
        "auto", DurationForm(.milliseconds(1)...(.seconds(3_600))), "By a timer, so often.", since: "0.2"
    )

    static let shape = ObjectShape(
        "commit", called: "\"commit\"", "When the group commits; exactly one of them.", [every, auto],
        alternatives: [.init(has: ["every"], without: ["auto"]), .init(has: ["auto"], without: ["every"])])
}

extension ObjectShape {
    /// JSON Schemas of objects with something in them, however deep, that only a step with a group may have.
    fileprivate static func needingGroup(_ fields: [any FieldDescription]) -> [JSONValue] {
        fields.compactMap { field in
            if field.needsGroup { return .required([field.name]) }
            guard let nested = field.form.objects else { return nil }
            let inside: JSONValue
            switch nested {
            case .object(let shape):
                guard let needing = needingGroup(shape) else { return nil }
                inside = needing
            case .map(let shape):
                guard let needing = needingGroup(shape) else { return nil }
                inside = .type("object", ("not", .schema(("additionalProperties", .not(needing)))))
            }
            return .schema(("required", .strings([field.name])), ("properties", .schema((field.name, inside))))
        }
    }

    private static func needingGroup(_ shape: ObjectShape) -> JSONValue? {
        let schemas = needingGroup(shape.fields)
        return schemas.isEmpty ? nil : .type("object", ("anyOf", .array(schemas)))
    }
}

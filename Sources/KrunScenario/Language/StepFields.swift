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

/// A step that sends.
enum ProduceFields {
    static let topic = Field("produce", TextForm(summary: "a topic"), "The topic.", isRequired: true)
    static let messages = Field(
        "messages", ListForm(of: MessageFields.shape, "a list of messages"),
        "The messages, in the order in which they are sent.", otherwise: "the step's own fields generate them")
    static let count = Field(
        "count", MessageFields.counts,
        "How many messages to generate with the step's own fields; `{{index}}` counts them from 0. Either this or `messages`."
    )
    static let partitioner = Field(
        "partitioner", ChoiceForm<Partitioner>(), "Where messages go that name no partition.", otherwise: "the file's")
    static let acks = Field(
        "acks",
        NodeForm(
            schema: .anyOf(
                .schema(("enum", .array([.string("all"), .integer(-1), .integer(0), .integer(1)]))),
                .definition("textWithTemplate")), summary: "`\"all\"` (or -1), 1, 0"),
        "Which acknowledgements to wait for.", otherwise: "`\"all\"`")
    static let idempotent = Field(
        "idempotent", BooleanForm().preset(false),
        "Whether retries can neither repeat nor reorder messages; needs `acks` `\"all\"`.")
    static let compression = Field(
        "compression", ChoiceForm<ProduceStep.Compression>().preset(.none), "How batches are compressed.")
    static let linger = Field(
        "linger", DurationForm(.zero...(.seconds(900))), "How long messages wait for company.",
        otherwise: "librdkafka's")
    static let client = Field(
        "client", NodeForm(schema: ClientPropertyTable.schema(for: .producer), summary: "property → value"),
        "Tuning properties of this step's producer; they win over the file's.")
    static let rate = Field(
        "rate", rates, "Messages a second, evenly.", otherwise: "as many as the cluster takes", since: "0.2")
    static let producer = Field(
        "producer", TextForm(minimumLength: 1, summary: "a name"),
        "One client for all steps that name it. What belongs to the client (`partitioner`, `acks`, `idempotent`, `compression`, `linger`, `client`, `transactionalId`) is as the first of them says.",
        otherwise: "the step has its own", since: "0.2")
    static let transaction = Field(
        "transaction", ChoiceForm<ProduceStep.Transaction>(),
        "The messages belong to a transaction, and how it ends. `open`: not yet; the next step of the same `producer` goes on in it.",
        since: "0.2")
    static let transactionalId = Field(
        "transactionalId", TextForm(minimumLength: 1, summary: "a name"),
        "The `transactional.id`. Of two producers that have one, the older is fenced. Only with `transaction`.",
        otherwise: "the producer's name, or one of the step's own", since: "0.2")
    static let offsetsOf = Field(
        "offsetsOf", TextForm(minimumLength: 1, summary: "a group"),
        "The group whose live members' positions are committed with the transaction: read, process, write. Only with `transaction`.",
        since: "0.2")
    static let allow = Field(
        "allow", ScenarioFields.allowForm, "Invariants that the step may break, beside the file's.", otherwise: "none")
    static let expect = Field(
        "expect", ObjectForm(shape: ProduceExpectationFields.shape, isCalledByName: true), "What the step must come to."
    )

    static let shape = ObjectShape(
        "produce", called: "a produce step",
        "Sends messages to a topic: a list of messages, or `count` messages made by templates.",
        [topic, messages] + MessageFields.generator + [
            partitioner, acks, idempotent, compression, linger, rate, producer, transaction, transactionalId, offsetsOf,
            client, allow, expect,
        ],
        elsewhere: [
            "group": "a consume step has it", "members": "a consume step has it", "from": "a consume step has it",
            "until": "a consume step has it", "commit": "a consume step has it", "assignor": "a consume step has it",
            "isolation": "a consume step has it",
        ],
        alternatives: [
            .init(has: ["messages"], without: MessageFields.shape.names), .init(has: ["count"], without: ["messages"]),
        ],
        refused: [
            .schema(
                ("required", .strings(["idempotent", "acks"])),
                (
                    "properties",
                    .schema(
                        ("idempotent", .schema(("enum", .array([.boolean(true)])))),
                        ("acks", .schema(("enum", .array([.integer(0), .integer(1)])))))
                )),
            withTransaction(
                ProduceStep.Transaction.allCases, ("acks", .schema(("enum", .array([.integer(0), .integer(1)]))))),
            withTransaction(
                ProduceStep.Transaction.allCases, ("idempotent", .schema(("enum", .array([.boolean(false)]))))),
            .schema(
                ("required", .strings([transaction.name])),
                (
                    "properties",
                    .schema(
                        (transaction.name, .schema(("enum", .strings([ProduceStep.Transaction.open.rawValue])))))
                ), ("not", .required([producer.name]))),
            .schema(("required", .strings([transactionalId.name])), ("not", .required([transaction.name]))),
            .schema(("required", .strings([offsetsOf.name])), ("not", .required([transaction.name]))),
        ])

    /// A step with a transaction, and a field that it may not have.
    private static func withTransaction(
        _ values: [ProduceStep.Transaction], _ field: (name: String, schema: JSONValue)
    ) -> JSONValue {
        .schema(
            ("required", .strings([transaction.name, field.name])),
            (
                "properties",
                .schema(
                    (transaction.name, .schema(("enum", .strings(values.map(\.rawValue))))), (field.name, field.schema)
                )
            ))
    }
}

/// How many a second.
private let rates = IntegerForm(1...10_000_000)

/// A message, or several made of one.
enum MessageFields {
    static let key = Field(
        "key", payload, "The key. `\"\"` is an empty key, which is not the same as none.", otherwise: "`null`: no key")
    static let value = Field("value", payload, "The value.", otherwise: "`null`: a tombstone")
    static let headers = Field(
        "headers",
        NodeForm(
            schema: .definition("headers"), summary: "a list of `{ \"key\", \"value\" }`; or an object, the short form"),
        "Headers, in order; one key may come several times in the list.", otherwise: "none")
    static let partition = Field(
        "partition", NumberTemplateForm(0...Int64(Int32.max)), "The partition, instead of the partitioner's choice.")
    static let timestamp = Field(
        "timestamp", TimestampForm(), "When the message says it was made.", otherwise: "the time of sending")
    static let count = Field(
        "count", counts.preset(1), "How many messages to make of it; `{{index}}` counts them from 0.")

    static let shape = ObjectShape(
        "message", called: "a message", "A message, or `count` messages made by templates.",
        [key, value, headers, partition, timestamp, count],
        elsewhere: [
            "partitioner": "it belongs on the produce step", "acks": "it belongs on the produce step",
            "compression": "it belongs on the produce step", "expect": "it belongs on the produce step",
        ])

    /// The same on the step itself, where only `count` must be there.
    static let generator: [any FieldDescription] = [key, value, headers, partition, timestamp, ProduceFields.count]

    /// More messages than one template is ever to make; sums of them stay below 64 bits.
    static let counts = IntegerForm(0...1_000_000_000_000)

    private static let payload = NodeForm(schema: .definition("payload"), summary: "a payload")
}

enum HeaderFields {
    static let key = Field("key", TextForm(), "The header's name.", isRequired: true)
    static let value = Field(
        "value", NodeForm(schema: .definition("payload"), summary: "a payload"), "The header's value.",
        otherwise: "`null`")

    static let shape = ObjectShape("header", called: "a header", "A header of a message.", [key, value])
}

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
        "Where to begin. `committed`: go on where the group stopped; where nothing is committed, at the earliest record. A timestamp: at the first record since then. `-3`: at the last three records of each partition. By partition, with several topics by topic and partition: those that are not named begin at the default.",
        otherwise: "`committed` with a group, `earliest` without")
    static let until = Field(
        "until",
        NodeForm(
            schema: .anyOf(
                .schema(("enum", .strings(["end"]))), .definition("textWithTemplate"),
                .definition(UntilFields.shape.schemaName)),
            summary: "`\"end\"`; `{ \"messages\": 5 }`; `{ \"idle\": \"2s\" }`"), "When to stop.",
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
        "rate", rates, "A slow consumer: each member reads so many records a second at most.",
        otherwise: "as many as come", since: "0.2")
    static let settle = Field(
        "settle", DurationForm(.milliseconds(1)...(.seconds(3_600))),
        "How long after its end the step reads on: nothing more may come.", otherwise: "not at all", since: "0.2")
    static let allow = ProduceFields.allow
    static let expect = Field(
        "expect", ObjectForm(shape: ConsumeExpectationFields.shape, isCalledByName: true), "What the step must come to."
    )

    private static let fields: [any FieldDescription] = [
        topics, group, members, isStatic, stays, from, until, settle, isolation, commit, assignor, rate, client, allow,
        expect,
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

/// A step that says who is in a group from now on.
enum MembershipFields {
    static let group = Field(
        "group", TextForm(minimumLength: 1, summary: "a group"), "The consumer group.", isRequired: true, since: "0.2")
    static let topics = Field(
        "subscribe", OneOrManyForm(isSet: true, summary: "a topic, or a list of topics"),
        "What members that join read.", otherwise: "as an earlier step said")
    static let members = Field(
        "members", MembersForm(least: 0),
        "The whole: who is new joins, who is not named leaves, and says so.", otherwise: "nobody comes or goes")
    static let crash = Field(
        "crash", OneOrManyForm(isSet: true, summary: "a member, or a list of members"),
        "They stop without a word; the step waits until the group has noticed (`session.timeout.ms`).")
    static let stall = Field(
        "stall", TextForm(minimumLength: 1, summary: "a member"),
        "It does not poll for so long (`max.poll.interval.ms`); needs `for`.")
    static let duration = Field(
        "for", DurationForm(.milliseconds(1)...(.seconds(3_600))), "How long it does not poll; only with `stall`.")
    static let assignor = Field(
        "assignor", ChoiceForm<ConsumeStep.Assignor>(), "How partitions are shared among the members.",
        otherwise: "as an earlier step said, or librdkafka's")
    static let isStatic = Field(
        "static", BooleanForm(), "Whether a member's name is its `group.instance.id`.",
        otherwise: "as an earlier step said, or `false`")
    static let isolation = Field(
        "isolation", ChoiceForm<ConsumeStep.Isolation>(), "What members that join read of transactions.",
        otherwise: "as an earlier step said, or `read_uncommitted`")
    static let client = Field(
        "client", NodeForm(schema: ClientPropertyTable.schema(for: .consumer), summary: "property → value"),
        "Tuning properties of members that join; they win over the file's.")
    static let allow = ProduceFields.allow
    static let expect = Field(
        "expect", ObjectForm(shape: MembershipExpectationFields.shape, isCalledByName: true),
        "What the step must come to.")

    /// Of which one can be done at a time.
    static let changes = [members.name, crash.name, stall.name]

    static let shape = ObjectShape(
        "group", called: "a group step",
        "Who is in a group from now on; waits until it is stable.",
        [group, topics, members, crash, stall, duration, assignor, isStatic, isolation, client, allow, expect],
        elsewhere: [
            "consume": "a step of its own reads", "from": "a consume step has it", "until": "a consume step has it",
            "commit": "a consume step has it", "stay": "a consume step has it; members of a group step stay",
        ],
        refused: [
            .required([members.name, crash.name]), .required([members.name, stall.name]),
            .required([crash.name, stall.name]),
            .schema(("required", .strings([stall.name])), ("not", .required([duration.name]))),
            .schema(("required", .strings([duration.name])), ("not", .required([stall.name]))),
        ])
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

enum UntilFields {
    static let messages = Field("messages", MessageFields.counts, "After so many records.")
    static let idle = Field(
        "idle", DurationForm(.milliseconds(1)...(.seconds(86_400))), "When nothing has come for so long.")

    static let shape = ObjectShape(
        "until", called: "\"until\"", "When to stop before the end; exactly one of them.", [messages, idle],
        alternatives: [
            .init(has: ["messages"], without: ["idle"]), .init(has: ["idle"], without: ["messages"]),
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

import KrunJSON
import KrunOutcome

/// A step that sends.
enum ProduceFields {
    static let topic = Field("produce", TextForm(summary: "a topic"), "The topic.", isRequired: true)
    static let messages = Field(
        "messages",
        NodeForm(
            schema: .anyOf(
                .type("array", ("items", MessageFields.shape.schemaReference)),
                .definition(RecordFileFields.shape.schemaName),
                .definition("template")), summary: "a list of messages, or `{ \"file\" }`"),
        "The messages, in the order in which they are sent; or a file of records.",
        otherwise: "the step's own fields generate them")
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
    /// How many a second.
    static let perSecond = IntegerForm(1...10_000_000)
    static let client = Field(
        "client", NodeForm(schema: ClientPropertyTable.schema(for: .producer), summary: "property → value"),
        "Tuning properties of this step's producer; they win over the file's.")
    static let rate = Field(
        "rate", perSecond, "Messages a second, evenly.", otherwise: "as many as the cluster takes", since: "0.2")
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
    static let generator: [any FieldDescription] = [ProduceFields.count, key, value, headers, partition, timestamp]

    /// More messages than one template is ever to make; sums of them stay below 64 bits.
    static let counts = IntegerForm(0...1_000_000_000_000)

    private static let payload = NodeForm(schema: .definition("payload"), summary: "a payload")
}

/// Messages that stand in a file of their own.
enum RecordFileFields {
    static let file = Field(
        "file", TextForm(minimumLength: 1, summary: "a file's path"),
        "A file in the scenario's folder: a record a line, as `krun consume --output json` writes them.",
        isRequired: true)

    static let shape = ObjectShape(
        "recordFile", called: "a file of records", "Records that are sent as they stand in a file, without templates.",
        [file])
}

enum HeaderFields {
    static let key = Field("key", TextForm(), "The header's name.", isRequired: true)
    static let value = Field(
        "value", NodeForm(schema: .definition("payload"), summary: "a payload"), "The header's value.",
        otherwise: "`null`")

    static let shape = ObjectShape("header", called: "a header", "A header of a message.", [key, value])
}

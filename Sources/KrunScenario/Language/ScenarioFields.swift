import KrunJSON
import KrunOutcome

/// The file as a whole.
enum ScenarioFields {
    static let schema = Field("$schema", TextForm(hasTemplates: false), "For editors; not read.")
    static let name = Field(
        "name", TextForm(minimumLength: 1, summary: "text, not empty"), "The test's name in every report.",
        isRequired: true)
    static let description = Field("description", TextForm(hasTemplates: false), "For people.")
    static let tags = Field(
        "tags", OneOrManyForm(), "For people; they select scenarios on the command line.")
    static let requires = Field(
        "requires",
        OneOrManyForm(
            element: .definition("requirement"),
            summary: "`real-broker`, `embedded-broker`, `brokers>=3`, `librdkafka>=2.3`; one or a list"),
        "What the broker must be able to do. Not met: the scenario is skipped.")
    static let skip = Field("skip", TextForm(), "A reason; the scenario is skipped.")
    static let embedded = Field(
        "embedded", ObjectForm(shape: EmbeddedFields.shape, isCalledByName: true),
        "The cluster to start when no broker is named.")
    static let variables = Field(
        "variables",
        NodeForm(schema: variableMap, summary: "name → JSON value"),
        "For templates: `{{name}}`. Overridden by `--variable`, a variables file and `KRUN_VARIABLE_name`.")
    static let secrets = Field(
        "secrets",
        NodeForm(
            schema: .type(
                "array",
                (
                    "items",
                    .type(
                        "string", ("pattern", .string("^[A-Za-z_][A-Za-z0-9_]*$")),
                        ("not", .schema(("enum", .strings(ExpressionParser.reservedNames.sorted())))))
                ), ("minItems", .integer(1)), ("uniqueItems", .boolean(true))), summary: "a list of names"),
        "Variables whose values are texts that no output shows. They come from `KRUN_SECRET_name`, `--secrets-file` or `--secret`.",
        otherwise: "none")
    static let cases = Field(
        "cases",
        NodeForm(
            schema: .anyOf(
                .type("array", ("items", variableMap), ("minItems", .integer(1))),
                .definition(CaseFileFields.shape.schemaName)), summary: "a list of objects, or `{ \"file\" }`"),
        "The scenario runs once for each, its members being variables on top of `variables`.",
        otherwise: "it runs once",
        since: "0.2")
    static let seed = Field(
        "seed", IntegerForm(0...Int64.max),
        "For everything random but what librdkafka draws: where a message without a key goes, and with `random` every message.",
        otherwise: "drawn")
    static let client = Field(
        "client", NodeForm(schema: ClientPropertyTable.schema(for: .both), summary: "property → value"),
        "Tuning properties of librdkafka, for the clients that have them.")
    static let timeouts = Field(
        "timeouts", ObjectForm(shape: TimeoutsFields.shape, isCalledByName: true),
        "Budgets; a failure says which ran out.")
    static let partitioner = Field(
        "partitioner", ChoiceForm<Partitioner>().preset(.murmur2Random),
        "For all produce steps. `murmur2_random` places keys as the Java client does.")
    static let allow = Field("allow", allowForm, "Invariants that the file may break.", otherwise: "none")
    static let topics = Field(
        "topics", ListForm(of: TopicFields.shape, "a list of topics"), "The topics that the scenario uses.")
    static let groups = Field(
        "groups", ListForm(of: GroupFields.shape, "a list of groups"), "Consumer groups that exist already.")
    static let steps = Field(
        "steps",
        ListForm(element: Verb.stepSchema, summary: "a list of steps, at least one", minimumCount: 1),
        "What happens, in order.", isRequired: true)

    static let shape = ObjectShape(
        "scenario", called: "a scenario", "What happens on some Kafka topics, and what must be true of it.",
        [
            schema, name, description, tags, requires, skip, embedded, variables, secrets, cases, seed, client,
            timeouts,
            partitioner,
            allow, topics, groups, steps,
        ])

    private static let variableMap = JSONValue.type(
        "object",
        (
            "propertyNames",
            .schema(
                ("pattern", .string("^[A-Za-z_][A-Za-z0-9_]*$")),
                ("not", .schema(("enum", .strings(ExpressionParser.reservedNames.sorted())))))
        ))

    static let allowForm = ListForm(element: ChoiceForm<Invariant>().schema, summary: "a list of invariants")
}

enum CaseFileFields {
    static let file = Field(
        "file", TextForm(minimumLength: 1, hasTemplates: false, summary: "a file's path"),
        "A file in the scenario's folder: a `.jsonl`, with an object a line, or a `.csv`, with the names of variables in its first line.",
        isRequired: true)

    static let shape = ObjectShape("caseFile", called: "a file of cases", "Cases that stand in a file.", [file])
}

enum EmbeddedFields {
    /// The most that an embedded cluster may have.
    static let brokers = Field("brokers", IntegerForm(1...64).preset(3), "How many brokers it has.")

    static let shape = ObjectShape(
        "embedded", called: "\"embedded\"", "The cluster that is started when no broker is named.", [brokers])
}

enum TimeoutsFields {
    private static let form = DurationForm(.milliseconds(1)...(.seconds(86_400)))
    private static let usual = Timeouts()

    static let connect = Field(
        "connect", form.preset(usual.connect), "Until a broker has answered and every topic has its leaders.")
    static let deliver = Field(
        "deliver", form.preset(usual.deliver), "Until every message of a step was acknowledged or refused.")
    static let join = Field(
        "join", form.preset(usual.join), "Until every member of a group has its final assignment: the group is stable.")
    static let receive = Field("receive", form.preset(usual.receive), "From the beginning of reading to its end.")

    static let shape = ObjectShape(
        "timeouts", called: "\"timeouts\"", "How long a run may wait, by what it waits for.",
        [connect, deliver, join, receive], elsewhere: ["settle": "a consume step has it"])
}

enum TopicFields {
    static let name = Field(
        "name",
        TextForm(
            pattern: "^[A-Za-z0-9._-]{1,\(KafkaName.longest)}$",
            summary: "letters, digits, `.`, `_`, `-`; at most \(KafkaName.longest - KafkaName.suffixLength)"),
        "The topic's name; an existing one may have \(KafkaName.longest) characters.", isRequired: true)
    /// More than any topic sensibly has.
    static let partitions = Field(
        "partitions", IntegerForm(1...10_000),
        "How many partitions it has. Of an existing topic: how many it must have.", otherwise: "1")
    static let replicationFactor = Field(
        "replicationFactor", IntegerForm(1...32_767),
        "On how many brokers each partition is. Not of an existing topic.",
        otherwise: "the broker's")
    static let config = Field(
        "config",
        NodeForm(schema: .anyOf(.definition("topicConfig"), .definition("template")), summary: "config → value"),
        "Kafka's topic configs, such as `cleanup.policy`. Not of an existing topic.", otherwise: "the broker's")
    static let existing = Field(
        "existing", BooleanForm().preset(false),
        "It is there already: used by its exact name, never created, altered or deleted.")

    static let placedBy = Field(
        "placedBy", ChoiceForm<Partitioner>(),
        "The partitioner that must have placed every message with a key, whoever wrote it: of all that a step sends or reads. A step that expects another `placedBy` has its own.",
        otherwise: "any", since: "0.2")

    static let shape = ObjectShape(
        "declaredTopic", called: "a topic", "A topic that the scenario uses.",
        [name, partitions, replicationFactor, config, existing, placedBy],
        refused: [
            .schema(
                ("required", .strings(["existing"])),
                ("properties", .schema(("existing", .schema(("enum", .array([.boolean(true)])))))),
                ("anyOf", .array(notOfExisting.map { .required([$0]) })))
        ])

    /// What a topic that is there already may not say of itself here.
    static let notOfExisting = ["replicationFactor", "config"]
}

enum GroupFields {
    static let name = Field("name", TextForm(minimumLength: 1), "The group's name.", isRequired: true)
    static let existing = Field(
        "existing", BooleanForm().preset(false),
        "It is there already: used by its exact name, which may be any text, and never deleted.")

    static let shape = ObjectShape(
        "declaredGroup", called: "a group", "A consumer group; only one that exists already needs declaring.",
        [name, existing])
}

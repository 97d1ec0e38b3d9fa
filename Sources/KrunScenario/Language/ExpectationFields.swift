import KrunJSON

/// What a produce step must come to.
enum ProduceExpectationFields {
    static let messages = Field("messages", MatcherForm(.count), "How many were acknowledged.")
    static let failed = Field("failed", MatcherForm(.count), "How many were refused, or ran out of time.")
    static let error = Field(
        "error",
        NodeForm(
            schema: .anyOf(
                .type("string"), .type("null"), .definition(MatcherKind.payload.definitions.matcher),
                .type(
                    "object", ("propertyNames", .schema(("pattern", .string("^_?[A-Z][A-Z0-9_]*$")))),
                    ("additionalProperties", MatcherForm(.count).schema), ("minProperties", .integer(1)))),
            summary: "an error's name, `null` or a matcher; or error → how many messages failed with it"),
        "The error with which the step must fail: its transaction's, or that of the most messages.", since: "0.2")
    static let partitions = Field(
        "partitions",
        MapForm(
            names: .partitionNumber, to: PartitionExpectationFields.shape,
            without: PartitionExpectationFields.shape.fields.filter(\.needsGroup).map(\.name),
            summary: "partition number → what is expected of it"),
        "What is expected of partitions.")
    static let keys = RecordsExpectationFields.keys
    static let nullKey = RecordsExpectationFields.nullKey
    static let movedKeys = Field(
        "movedKeys", MatcherForm(.count),
        "How many keys went to another partition than before because partitions were added to the topic.", since: "0.2")
    static let rate = Field(
        "rate", MatcherForm(.offset), "How many were acknowledged a second, rounded; `null` where none was.",
        since: "0.2")
    static let latency = Field(
        "latency", ObjectForm(shape: LatencyExpectationFields.shape),
        "How long acknowledgements took, from sending.", since: "0.2")
    static let duration = Field("duration", MatcherForm(.duration), "How long the whole step took.")

    static let shape = ObjectShape(
        "expectProduce", called: "the expectation of a produce step",
        "What a produce step must come to; what is not mentioned is not judged.",
        [
            messages, failed, error, partitions, keys, nullKey, RecordsExpectationFields.placedBy, RecordsFields.field,
            movedKeys, rate, latency, duration,
        ],
        elsewhere: [
            "topics": "a produce step has one topic: write \"partitions\", \"keys\" and \"nullKey\" without it",
            "members": "only a consume step with a group has it", "idle": "only a consume step with a group has it",
            "rebalances": "only a consume step with a group has it",
            "committed": "only a consume step with a group has it", "lag": "only a consume step with a group has it",
            "errors": onlyReported, "distinctKeys": onlyReported, "keysAreSampled": onlyReported,
        ])

    fileprivate static let onlyReported = "it stands in the report only"
}

/// What is expected of the records of a topic.
enum RecordsExpectationFields {
    static let partitions = Field(
        "partitions",
        MapForm(
            names: .partitionNumber, to: PartitionExpectationFields.shape,
            summary: "partition number → what is expected of it"),
        "What is expected of partitions.")
    static let keys = Field(
        "keys",
        NodeForm(
            schema: .anyOf(
                .type("object", ("additionalProperties", KeyExpectationFields.shape.schemaReference)),
                .type("array", ("items", ListedKeyExpectationFields.shape.schemaReference)), .definition("template")),
            summary:
                "a key's text (compact JSON for a JSON key) → what is expected of it; or a list of these, each with its `key`"
        ),
        "What is expected of keys.")
    static let nullKey = Field(
        "nullKey", ObjectForm(shape: KeyExpectationFields.shape), "The same for messages without a key.")

    static let placedBy = Field(
        "placedBy", ChoiceForm<Partitioner>(),
        "The partitioner that must have placed every message with a key, whoever wrote it.", since: "0.2")

    static let names = [partitions.name, keys.name, nullKey.name, placedBy.name]
}

/// What a consume step must come to.
enum ConsumeExpectationFields {
    static let messages = Field("messages", MatcherForm(.count), "How many records were read.")
    static let topics = Field(
        "topics", MapForm(to: TopicExpectationFields.shape, summary: "topic → what is expected of it"),
        "What is expected of topics; with one topic `partitions`, `keys` and `nullKey` stand for it.")
    static let members = Field(
        "members",
        MapForm(
            to: MemberExpectationFields.shape, summary: "`\"1\"` … `\"N\"`, or a name → what is expected of it"),
        "What is expected of members. Member 1 comes first for the assignor.", needsGroup: true)
    static let idle = Field(
        "idle", MatcherForm(.count), "How many members had no partition when reading began.", needsGroup: true)
    static let rebalances = Field(
        "rebalances", MatcherForm(.count), "How many there were after reading had begun.", needsGroup: true)
    static let redelivered = Field(
        "redelivered", MatcherForm(.count), "How many records the group had read in an earlier step.", needsGroup: true,
        since: "0.2")
    static let committed = committedOfTopics("The group's committed offsets.", needsGroup: true)

    /// Of one topic partition number → offset, of several topic → that.
    static func committedOfTopics(_ sentence: String, needsGroup: Bool = false) -> Field<NodeForm> {
        Field(
            "committed",
            NodeForm(
                schema: .anyOf(
                    TopicExpectationFields.committed.form.map,
                    .type("object", ("additionalProperties", TopicExpectationFields.committed.form.schema)),
                    .definition("template")),
                summary: "partition number → offset; with several topics topic → that"),
            sentence, needsGroup: needsGroup)
    }

    static let lag = Field(
        "lag", MatcherForm(.offset),
        "The sum over the partitions of end offset − committed offset; where nothing is committed, of end offset − the first offset there is.",
        needsGroup: true)
    static let rate = Field(
        "rate", MatcherForm(.offset), "How many records were read a second, rounded; `null` where none was.",
        since: "0.2")
    static let latency = Field(
        "latency", ObjectForm(shape: LatencyExpectationFields.shape),
        "How old records were when they were read, by their timestamps.", since: "0.2")
    static let duration = ProduceExpectationFields.duration

    static let shape = ObjectShape(
        "expectConsume", called: "the expectation of a consume step",
        "What a consume step must come to; what is not mentioned is not judged.",
        [
            messages, RecordsExpectationFields.partitions, RecordsExpectationFields.keys,
            RecordsExpectationFields.nullKey, RecordsExpectationFields.placedBy, RecordsFields.field, topics, members,
            idle, rebalances, redelivered,
            committed, lag, rate, latency, duration,
        ],
        elsewhere: [
            "failed": "only a produce step has it", "error": "only a produce step has it",
            "joinDuration": ProduceExpectationFields.onlyReported,
            "receiveDuration": ProduceExpectationFields.onlyReported,
            "distinctKeys": ProduceExpectationFields.onlyReported,
            "keysAreSampled": ProduceExpectationFields.onlyReported,
        ])
}

/// What a group step must come to.
enum MembershipExpectationFields {
    static let members = Field(
        "members", MapForm(to: MemberExpectationFields.shape, summary: "a member's name → what is expected of it"),
        "What is expected of members.")
    static let idle = Field("idle", MatcherForm(.count), "How many members have no partition.")
    static let moved = Field(
        "moved", MatcherForm(.count), "How many partitions have another owner than before the step.")
    static let revoked = Field(
        "revoked", MatcherForm(.count),
        "How many partitions were taken from a member on the way, also those that it got back.")
    static let generation = Field("generation", MatcherForm(.count), "The group's generation.")
    static let rebalances = Field("rebalances", MatcherForm(.count), "How many there were.")
    static let state = Field("state", MatcherForm(.payload), "The group's state, in Kafka's words: `Stable`, `Empty`.")
    static let duration = Field("duration", MatcherForm(.duration), "From the change until the group was stable.")
    static let error = Field("error", MatcherForm(.payload), "The name of the error with which the step must fail.")

    static let shape = ObjectShape(
        "expectGroup", called: "the expectation of a group step",
        "What a group step must come to; what is not mentioned is not judged.",
        [members, idle, moved, revoked, generation, rebalances, state, duration, error])
}

/// What a transaction step must come to.
enum TransactionExpectationFields {
    static let error = MembershipExpectationFields.error
    static let duration = Field(
        "duration", MatcherForm(.duration), "Until the transaction was over in every partition.")

    static let shape = ObjectShape(
        "expectTransaction", called: "the expectation of a transaction step",
        "What a transaction step must come to; what is not mentioned is not judged.", [error, duration])
}

/// What a fault must come to.
enum FaultExpectationFields {
    static let applied = Field(
        "applied", MatcherForm(.count),
        "How often it has struck; told and judged when it is over: healed, or at the end of the scenario.")

    static let shape = ObjectShape(
        "expectFault", called: "the expectation of a fault", "What a fault must come to.", [applied])
}

/// How long something took, of many.
enum LatencyExpectationFields {
    static let p50 = Field("p50", MatcherForm(.duration), "Half of them took no longer.")
    static let p95 = Field("p95", MatcherForm(.duration), "95 of 100 took no longer.")
    static let p99 = Field("p99", MatcherForm(.duration), "99 of 100 took no longer.")
    static let max = Field("max", MatcherForm(.duration), "The longest.")

    static let shape = ObjectShape(
        "expectLatency", called: "the expectation of a latency", "How long something took; within 1 %.",
        [p50, p95, p99, max])
}

enum TopicExpectationFields {
    static let committed = Field(
        "committed",
        MapForm(
            names: .partitionNumber, values: MatcherForm(.offset).schema, summary: "partition number → offset"),
        "The group's committed offsets; `null` where nothing is committed.", needsGroup: true)
    static let lag = Field(
        "lag", MatcherForm(.offset), "The sum of its partitions' lags.", needsGroup: true)

    static let shape = ObjectShape(
        "expectTopic", called: "the expectation of a topic", "What is expected of a topic.",
        [
            RecordsExpectationFields.partitions, RecordsExpectationFields.keys, RecordsExpectationFields.nullKey,
            RecordsExpectationFields.placedBy, committed, lag,
        ], elsewhere: ["records": "it belongs to the whole step: each record matcher may have a \"topic\""])
}

enum PartitionExpectationFields {
    static let messages = Field("messages", MatcherForm(.count), "How many messages.")
    static let first = Field("first", MatcherForm(.offset), "The first message's offset; `null`: there is none.")
    static let last = Field("last", MatcherForm(.offset), "The last message's offset; `null`: there is none.")
    static let committed = Field(
        "committed", MatcherForm(.offset), "The group's committed offset; `null`: nothing is committed.",
        needsGroup: true)
    static let lag = Field("lag", MatcherForm(.offset), "End offset − committed offset.", needsGroup: true)

    static let shape = ObjectShape(
        "expectPartition", called: "the expectation of a partition", "What is expected of a partition.",
        [messages, first, last, committed, lag])
}

enum KeyExpectationFields {
    static let partition = Field("partition", MatcherForm(.partition), "The one partition it is on.")
    static let partitions = Field("partitions", MatcherForm(.count), "How many partitions it is on.")
    static let messages = Field("messages", MatcherForm(.count), "How many messages have it.")
    static let values = Field(
        "values",
        NodeForm(
            schema: .anyOf(
                .type("array", ("items", MatcherForm(.payload).schema)), .definition(AnyOrderFields.shape.schemaName),
                .definition("template")),
            summary: "a list of values or matchers; `{ \"anyOrder\": [ … ] }`"),
        "Exactly these values, in this order. Of a key on several partitions values have none: `anyOrder`.")

    static let shape = ObjectShape(
        "expectKey", called: "the expectation of a key", "What is expected of a key.",
        [partition, partitions, messages, values],
        elsewhere: ["partitionNumbers": ProduceExpectationFields.onlyReported])
}

/// Values without an order.
enum AnyOrderFields {
    static let anyOrder = Field(
        "anyOrder", ListForm(element: MatcherForm(.payload).schema, summary: "a list of values or matchers"),
        "Exactly these, in whatever order.", isRequired: true, since: "0.2")

    static let shape = ObjectShape(
        "valuesInAnyOrder", called: "\"values\"", "The values of a key, in whatever order.", [anyOrder])
}

/// An entry of the list form of `keys`.
enum ListedKeyExpectationFields {
    static let key = Field(
        "key", NodeForm(schema: .definition("expectedKey"), summary: "a payload, not `null` and not `{ \"bytes\" }`"),
        "The key, as a message has it: text with templates, JSON, or its bytes as `{ \"hex\" }` or `{ \"base64\" }`.",
        isRequired: true)

    static let shape = ObjectShape(
        "expectListedKey", called: "the expectation of a key",
        "What is expected of a key that is said in any form of a payload.", [key] + KeyExpectationFields.shape.fields,
        elsewhere: [
            "base64": "it belongs in \"key\"", "hex": "it belongs in \"key\"",
            "partitionNumbers": ProduceExpectationFields.onlyReported,
        ])
}

enum MemberExpectationFields {
    static let partitions = Field(
        "partitions",
        NodeForm(
            schema: .anyOf(
                .type(
                    "array",
                    (
                        "items",
                        .anyOf(
                            .type("string", ("pattern", .string("^[^/]*/(0|[1-9][0-9]{0,9})$"))),
                            .definition("textWithTemplate"))
                    )), MatcherForm(.count).schema),
            summary: "a list such as `[\"orders/0\"]`, or how many"),
        "Exactly these, in any order; or how many they are.")
    static let messages = Field("messages", MatcherForm(.count), "How many records it read.")

    static let shape = ObjectShape(
        "expectMember", called: "the expectation of a member", "What is expected of a member.", [partitions, messages])
}

extension JSONValue {
    /// Names of a map that are numbers of partitions.
    static var partitionNumber: JSONValue { .schema(("pattern", .string("^(0|[1-9][0-9]{0,9})$"))) }
}

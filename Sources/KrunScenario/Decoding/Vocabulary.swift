/// The fields of every object of the language.
enum Vocabulary {
    static let scenario = ObjectShape(
        schemaName: "scenario", called: "a scenario",
        fields: [
            "$schema", "name", "description", "tags", "requires", "skip", "embedded", "variables", "seed", "client",
            "timeouts", "partitioner", "allow", "topics", "groups", "steps",
        ])

    static let embedded = ObjectShape(schemaName: "embedded", called: "\"embedded\"", fields: ["brokers"])

    static let timeouts = ObjectShape(
        schemaName: "timeouts", called: "\"timeouts\"", fields: ["connect", "deliver", "join", "receive"],
        elsewhere: ["settle": "a later version's consume step has it"])

    static let topic = ObjectShape(
        schemaName: "topic", called: "a topic",
        fields: ["name", "partitions", "replicationFactor", "config", "existing"])

    static let group = ObjectShape(schemaName: "group", called: "a group", fields: ["name", "existing"])

    /// The verbs there are.
    static let verbs = ["produce", "consume"]
    /// The verbs of the whole language that this version does not have.
    static let laterVerbs = ["offsets", "topic", "fault", "pause", "together", "repeat", "group"]

    /// A message's own fields; a generator has them on the step.
    static let messageFields = ["key", "value", "headers", "partition", "timestamp", "count"]

    static let produce = ObjectShape(
        schemaName: "produce", called: "a produce step",
        fields: ["produce", "messages"] + messageFields + [
            "partitioner", "acks", "idempotent", "compression", "linger", "client", "allow", "expect",
        ],
        later: ["transaction", "rate", "producer"],
        elsewhere: [
            "group": "a consume step has it", "members": "a consume step has it", "from": "a consume step has it",
            "until": "a consume step has it", "commit": "a consume step has it", "assignor": "a consume step has it",
        ])

    static let message = ObjectShape(
        schemaName: "message", called: "a message", fields: messageFields,
        elsewhere: [
            "partitioner": "it belongs on the produce step", "acks": "it belongs on the produce step",
            "compression": "it belongs on the produce step", "expect": "it belongs on the produce step",
        ])

    static let header = ObjectShape(schemaName: "header", called: "a header", fields: ["key", "value"])

    static let consume = ObjectShape(
        schemaName: "consume", called: "a consume step",
        fields: [
            "consume", "group", "members", "from", "until", "commit", "assignor", "client", "allow", "expect",
        ],
        later: ["stay", "instanceIds", "isolation", "settle", "subscribe", "crash"],
        elsewhere: [
            "messages": "a produce step has it; how many are expected goes into \"expect\"",
            "count": "a produce step has it; how many are expected goes into \"expect\"",
            "partitioner": "a produce step has it", "acks": "a produce step has it", "lag": "it belongs in \"expect\"",
            "committed": "it belongs in \"expect\"", "idle": "it belongs in \"expect\" or \"until\"",
            "partitions": "it belongs in \"expect\"", "keys": "it belongs in \"expect\"",
        ])

    static let until = ObjectShape(
        schemaName: "until", called: "\"until\"", fields: ["messages", "idle"])

    static let expectProduce = ObjectShape(
        schemaName: "expectProduce", called: "the expectation of a produce step",
        fields: ["messages", "failed", "partitions", "keys", "nullKey", "duration"],
        later: ["error", "records", "rate", "latency"],
        elsewhere: [
            "topics": "a produce step has one topic: write \"partitions\", \"keys\" and \"nullKey\" without it",
            "members": "only a consume step with a group has it", "idle": "only a consume step with a group has it",
            "rebalances": "only a consume step with a group has it",
            "committed": "only a consume step with a group has it", "lag": "only a consume step with a group has it",
            "errors": onlyReported, "distinctKeys": onlyReported, "keysAreSampled": onlyReported,
        ])

    /// The fields that need a group are among them.
    static let expectConsume = ObjectShape(
        schemaName: "expectConsume", called: "the expectation of a consume step",
        fields: [
            "messages", "partitions", "keys", "nullKey", "topics", "members", "idle", "rebalances", "committed", "lag",
            "duration",
        ],
        later: ["records", "match", "rate", "latency"],
        elsewhere: [
            "failed": "only a produce step has it", "error": "only a produce step has it, in a later version",
            "joinDuration": onlyReported, "receiveDuration": onlyReported, "distinctKeys": onlyReported,
            "keysAreSampled": onlyReported,
        ])

    private static let onlyReported = "it stands in the report only"

    /// Outcomes of a group; a step that reads without one has none of them.
    static let groupOutcomes: Set<String> = ["members", "idle", "rebalances", "committed", "lag"]

    static let expectTopic = ObjectShape(
        schemaName: "expectTopic", called: "the expectation of a topic",
        fields: ["partitions", "keys", "nullKey", "committed", "lag"], later: ["records"])

    static let expectPartition = ObjectShape(
        schemaName: "expectPartition", called: "the expectation of a partition",
        fields: ["messages", "first", "last", "committed", "lag"])

    static let expectKey = ObjectShape(
        schemaName: "expectKey", called: "the expectation of a key",
        fields: ["partition", "partitions", "messages", "values"], elsewhere: ["partitionNumbers": onlyReported])

    /// An entry of the list form of `keys`.
    static let expectListedKey = ObjectShape(
        schemaName: "expectListedKey", called: "the expectation of a key", fields: ["key"] + expectKey.fields,
        elsewhere: [
            "base64": "it belongs in \"key\"", "hex": "it belongs in \"key\"", "partitionNumbers": onlyReported,
        ])

    static let expectMember = ObjectShape(
        schemaName: "expectMember", called: "the expectation of a member", fields: ["partitions", "messages"])

    static let matcher = ObjectShape(
        schemaName: "matcher", called: "a matcher", fields: ["equals", "oneOf", "matches", "min", "max"],
        later: ["contains", "exists", "not", "size", "path", "json"])

    /// The forms of a payload that are no JSON, each an object with this one field.
    static let payloadForms = ["json", "base64", "hex", "bytes"]
    /// Those that this version does not have.
    static let laterPayloadForms = ["file", "cycle", "oneOf"]
    /// Ways to commit that this version does not have.
    static let laterCommits = ["each", "auto"]
    /// Invariants that this version does not have.
    static let laterInvariants = ["aborted-invisible"]

    /// All tables, for the comparison with the JSON Schema.
    static let shapes = [
        scenario, embedded, timeouts, topic, group, produce, message, header, consume, until, expectProduce,
        expectConsume, expectTopic, expectPartition, expectKey, expectListedKey, expectMember, matcher,
    ]
}

import KrunConfigs
import KrunJSON

/// `true`, where leaving the field out is the other thing to say.
struct TrueForm: ReadableForm {
    var schema: JSONValue {
        .anyOf(.schema(("enum", .array([.boolean(true)]))), .definition("template"))
    }
    var summary: String { "`true`" }

    func read(_ node: JSONNode, named name: String, by reader: ValueReader) -> Bool? {
        guard let value = reader.boolean(node, name) else { return nil }
        if !value {
            reader.report(
                "\"\(name)\" is false", because: FaultReason(of: node), at: node.place,
                label: "leave it out where it is not to be done")
        }
        return value ? true : nil
    }
}

/// A step that does something to a topic.
enum TopicStepFields {
    static let topic = Field("topic", TextForm(summary: "a topic"), "The topic.", isRequired: true, since: "0.2")
    static let create = Field(
        "create", ObjectForm(shape: TopicCreationFields.shape, isCalledByName: true),
        "Makes the topic, which is declared by that: from here on steps may use it.")
    static let delete = Field(
        "delete", TrueForm(), "Deletes the topic with all its records; it may be created again.")
    static let partitions = Field(
        "partitions", IntegerForm(1...10_000),
        "Adds partitions: so many in all. Keys may go to others than before; Kafka takes none away.")
    static let deleteRecords = Field(
        "deleteRecords",
        MapForm(
            names: .partitionNumber,
            values: .anyOf(
                .integer(-1...Int64.max), .schema(("enum", .strings(["latest"]))), .definition("textWithTemplate")),
            summary: "partition number → offset, or `\"latest\"`"),
        "Deletes the records before those offsets; `\"latest\"` or `-1` is the end of the log.")
    static let config = Field(
        "config",
        NodeForm(
            schema: .anyOf(.definition("topicConfigChange"), .definition("template")),
            summary: "config → value, or `null`"),
        "Sets configs of the topic and leaves its others as they are; `null` takes one back to its default.")
    static let compact = Field(
        "compact", TrueForm(),
        "Compacts the topic: on the embedded broker at once, elsewhere it waits until the broker has done so.")
    static let expect = Field(
        "expect", ObjectForm(shape: TopicStepExpectationFields.shape, isCalledByName: true),
        "What the step must come to. Alone the step only looks.")

    /// Of which one is done at a time.
    static let changes = [
        create.name, delete.name, partitions.name, deleteRecords.name, config.name, compact.name,
    ]

    static let shape = ObjectShape(
        "topic", called: "a topic step", "Does something to a topic, or looks at it.",
        [topic, create, delete, partitions, deleteRecords, config, compact, expect],
        elsewhere: [
            "replicationFactor": "it belongs in \"create\"", "existing": "it belongs in \"topics\"",
            "offsets": "it belongs in \"expect\"", "replicas": "it belongs in \"expect\"",
        ],
        alternatives: changes.map { change in
            .init(has: [change], without: changes.filter { $0 != change })
        } + [.init(has: [expect.name], without: changes)])
}

/// The same fields as a topic of the file has, but for its name.
enum TopicCreationFields {
    static let shape = ObjectShape(
        "createTopic", called: "\"create\"", "A topic that a step makes.",
        [TopicFields.partitions, TopicFields.replicationFactor, TopicFields.config],
        elsewhere: ["name": "the topic's name is the value of \"topic\"", "existing": "it belongs in \"topics\""])
}

/// What a topic step must come to.
enum TopicStepExpectationFields {
    static let partitions = Field("partitions", MatcherForm(.count), "How many partitions the topic has.")
    static let replicas = Field("replicas", MatcherForm(.count), "On how many brokers each partition is.")
    static let config = Field(
        "config",
        MapForm(values: MatcherForm(.payload).schema, summary: "config → value or matcher"),
        "Configs of the topic, those of the broker included; `null` for one that there is not.")
    static let offsets = Field(
        "offsets",
        MapForm(
            names: .partitionNumber, to: OffsetsOfPartitionFields.shape,
            summary: "partition number → `{ \"first\", \"end\" }`"),
        "What the logs hold.")
    static let error = Field(
        "error", MatcherForm(.payload), "The name of the error with which the step must fail.")

    static let shape = ObjectShape(
        "expectTopicStep", called: "the expectation of a topic step",
        "What a topic step must come to; what is not mentioned is not judged.",
        [partitions, replicas, config, offsets, error],
        elsewhere: ["replicationFactor": "here it is \"replicas\""])
}

/// What is expected of the log of one partition.
enum OffsetsOfPartitionFields {
    static let first = Field("first", MatcherForm(.count), "The first offset that the log still has.")
    static let end = Field("end", MatcherForm(.count), "The offset behind the last record.")

    static let shape = ObjectShape(
        "expectLog", called: "the expectation of a log", "What is expected of the log of a partition.", [first, end])
}

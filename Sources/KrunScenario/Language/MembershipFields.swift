import KrunJSON
import KrunOutcome

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
        "It does not poll, and so loses what it has (`max.poll.interval.ms`).")
    static let duration = Field(
        "for", DurationForm(.milliseconds(1)...(.seconds(3_600))), "How long it does not poll; only with `stall`.",
        otherwise: "half as long again as `max.poll.interval.ms`")
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
            .schema(("required", .strings([duration.name])), ("not", .required([stall.name]))),
        ])
}

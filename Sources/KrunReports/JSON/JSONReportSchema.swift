public import KrunJSON

/// The JSON Schema of the JSON report: `schema/report.schema.json`, which `krun schema --report` writes.
///
/// It says what is there, and lets be what it does not know: fields may come without another format.
public enum JSONReportSchema {
    public static var value: JSONValue { value(isClosed: false) }

    /// - Parameter isClosed: whether fields are refused that it does not know, by which a test finds those that it lacks.
    static func value(isClosed: Bool) -> JSONValue {
        let builder = SchemaBuilder(isClosed: isClosed)
        var schema = JSONMembers()
        schema.add("$schema", "https://json-schema.org/draft/2020-12/schema")
        schema.add("title", "krun report")
        schema.add(
            "description", "What `krun run --report json=FILE` writes; docs/report-json.md says what each field means.")
        var members = schema.members
        if case .object(let rest) = builder.object(report) { members += rest }
        let definitions = definitions.map { JSONValue.Member($0.name, builder.object($0.fields)) }
        members.append(JSONValue.Member("$defs", .object(definitions + [.init("payload", payload)])))
        return .object(members)
    }

    private static let statuses = ["passed", "failed", "error", "skipped", "invalid", "interrupted"]
    private static let time = SchemaForm.pattern(#"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$"#)

    private static let report: [SchemaField] = [
        .init("krun", .text), .init("format", .choice([JSONReport.format])), .optional("startedAt", time),
        .init("duration", .duration),
        .init("totals", .object([.init("scenarios", .count)] + statuses.map { .init($0, .count) })),
        .init("scenarios", .list(.reference("scenario"))),
    ]

    private static let span: [SchemaField] = [.init("from", .count), .optional("to", .count)]
    private static let partition: [SchemaField] = [.init("topic", .text), .init("partition", .count)]
    private static let progress = SchemaForm.object(
        [.optional("group", .text)] + partition + [
            .init("times", .list(.count)), .init("offsets", .list(.count)),
        ])

    private static let definitions: [(name: String, fields: [SchemaField])] = [
        (
            "scenario",
            [
                .init("file", .text), .init("name", .text), .optional("line", .position),
                .optional("case", .map(.anything)), .optional("description", .text), .init("tags", .list(.text)),
                .init("status", .words(statuses)), .optional("ordinal", .position), .optional("repetition", .position),
                .optional("attempts", .list(.reference("attempt"))), .optional("skipReason", .text),
                .optional("seed", .pattern("^[0-9]+$")), .optional("broker", .reference("broker")),
                .optional("startedAt", time), .init("duration", .duration),
                .init("topics", .list(.reference("topic"))), .init("groups", .list(.reference("group"))),
                .init("stepCount", .count), .init("steps", .list(.reference("step"))),
                .init("invariants", .map(.reference("verdict"))),
                .init("diagnostics", .list(.reference("diagnostic"))), .init("cleanup", .reference("cleanup")),
                .optional("program", .reference("program")), .optional("source", .text),
                .optional("timeline", .reference("timeline")),
            ]
        ),
        (
            "attempt",
            [
                .init("status", .words(statuses)), .optional("seed", .pattern("^[0-9]+$")),
                .init("duration", .duration), .optional("reason", .text),
            ]
        ),
        (
            "program",
            [.optional("ending", .text), .init("output", .list(.text)), .init("omitted", .count)]
        ),
        (
            "timeline",
            [
                .init("duration", .count),
                .init("steps", .list(.object([.init("path", .text), .init("title", .text)] + span))),
                .init("keys", .list(.text)),
                .init(
                    "lanes",
                    .list(
                        .object(
                            partition + [
                                .init("from", .count), .init("times", .list(.count)),
                                .init("offsets", .list(.integer)), .init("keys", .list(.integer)),
                                .init("steps", .list(.integer)),
                                .optional(
                                    "unacknowledged", .list(.object([.init("first", .count), .init("last", .count)]))),
                                .init("values", .list(.nullable(.text))),
                                .optional("timestamps", .list(.nullable(.integer))),
                                .optional(
                                    "portions",
                                    .list(
                                        .object([
                                            .init("count", .count), .init("firstOffset", .integer),
                                            .init("lastOffset", .integer), .init("from", .count), .init("to", .count),
                                        ]))),
                            ]))),
                .init(
                    "ownerships",
                    .list(
                        .object(
                            [.optional("group", .text), .init("member", .text)] + partition + span
                                + [.optional("crashed", .boolean)]))),
                .init("reads", .list(progress)), .init("commits", .list(progress)),
                .init("faults", .list(.object([.init("kind", .text), .init("sentence", .text)] + span))),
                .init("marks", .list(.object([.init("at", .count), .init("text", .text)]))),
                .optional("omittedMarks", .count),
            ]
        ),
        (
            "broker",
            [
                .init("kind", .words(["embedded", "kafka"])), .init("address", .text), .optional("brokers", .count),
                .init("chosenBy", .text),
            ]
        ),
        (
            "topic",
            [
                .init("name", .text), .init("actualName", .text), .init("partitions", .count),
                .optional("replicationFactor", .count), .init("existing", .boolean),
            ]
        ),
        ("group", [.init("name", .text), .init("actualName", .text), .init("existing", .boolean)]),
        (
            "cleanup",
            [
                .init("deletedTopics", .list(.text)), .init("deletedGroups", .list(.text)), .init("kept", .list(.text)),
                .init(
                    "left",
                    .list(
                        .object([
                            .init("kind", .words(["topic", "group"])), .init("name", .text), .init("reason", .text),
                        ]))),
            ]
        ),
        (
            "verdict",
            [
                .init("verdict", .words(["held", "broken", "notJudged"])), .optional("allowed", .boolean),
                .optional("count", .count), .optional("cases", .list(.text)), .optional("reason", .text),
            ]
        ),
        (
            "diagnostic",
            [
                .init("kind", .words(["usage", "invalid", "runtime", "failure", "warning"])), .init("title", .text),
                .optional("file", .text), .optional("line", .position), .optional("column", .position),
                .optional("endColumn", .position), .optional("path", .text), .optional("label", .text),
                .init("notes", .list(.text)), .init("text", .text), .optional("subject", .map(.anything)),
                .optional("expected", .anything), .optional("actual", .anything),
            ]
        ),
        (
            "step",
            [
                .init("number", .position), .optional("path", .pattern(#"^[0-9]+(\.[0-9]+)+$"#)), .init("title", .text),
                .init("sentence", .text), .optional("note", .text), .init("status", .words(statuses)),
                .init("duration", .duration), .optional("produce", .text), .optional("partitioner", .text),
                .optional("producer", .text), .optional("transaction", .text),
                .optional("end", .words(["commit", "abort"])), .optional("consume", .list(.text)),
                .optional("group", .text), .optional("offsets", .text), .optional("topic", .text),
                .optional("change", .text), .optional("fault", .text),
                .optional("together", .list(.list(.reference("step")))),
                .optional("repeat", .list(.list(.reference("step")))), .optional("outcome", .reference("outcome")),
                .init("invariants", .map(.reference("verdict"))),
                .init("diagnostics", .list(.reference("diagnostic"))),
            ]
        ),
        (
            "outcome",
            [
                .optional("messages", .count), .optional("failed", .count), .optional("errors", .map(.count)),
                .optional("refusedByClient", .map(.count)), .optional("error", .text), .optional("movedKeys", .count),
                .optional("moves", .list(.map(.anything))), .optional("rate", .count),
                .optional("latency", .reference("latency")), .optional("late", .count),
                .optional("records", .list(.reference("record"))), .optional("captured", .map(.anything)),
                .optional("members", .map(.reference("member"))), .optional("away", .list(.text)),
                .optional("idle", .count), .optional("moved", .count), .optional("revoked", .count),
                .optional("generation", .nullable(.count)), .optional("rebalances", .count),
                .optional("state", .text), .optional("redelivered", .count), .optional("applied", .count),
                .optional(
                    "healed",
                    .list(.object([.init("path", .text), .init("fault", .text), .init("applied", .count)]))),
                .optional("partitionsBefore", .count), .optional("replicas", .nullable(.count)),
                .optional("config", .map(.text)), .optional("offsets", .map(.reference("ends"))),
                .optional("joinDuration", .duration), .optional("receiveDuration", .duration),
                .init("duration", .duration), .optional("topics", .map(.reference("records"))),
                // Of a topic step how many there are, otherwise what became of each.
                .optional("partitions", .nullable(.either(.count, .map(.reference("partition"))))),
            ] + records
        ),
        ("records", [.optional("partitions", .map(.reference("partition")))] + records),
        (
            "partition",
            [
                .optional("messages", .count), .optional("first", .nullable(.count)),
                .optional("last", .nullable(.count)), .optional("removed", .count),
                .optional("before", .nullable(.count)), .optional("committed", .nullable(.count)),
                .optional("end", .count), .optional("lag", .nullable(.count)), .optional("note", .text),
                .optional(
                    "reset",
                    .object(["committed", "logStart", "end", "start"].map { .init($0, .count) })),
            ]
        ),
        ("ends", [.init("first", .count), .init("end", .count)]),
        (
            "key",
            [
                .optional("key", .object([.init("hex", .text)])), .optional("base64", .text),
                .optional("partition", .count), .init("partitions", .count),
                .optional("partitionNumbers", .list(.count)), .init("messages", .count),
                .optional("values", .list(.reference("payload"))),
            ]
        ),
        ("member", [.init("partitions", .list(.text)), .optional("messages", .count)]),
        (
            "record",
            [
                .init("topic", .text), .init("partition", .count), .optional("offset", .count),
                .optional("timestamp", .integer), .init("key", .reference("payload")),
                .init("value", .reference("payload")),
                .optional(
                    "headers", .list(.object([.init("key", .text), .init("value", .reference("payload"))]))),
            ]
        ),
        ("latency", ["p50", "p95", "p99", "max"].map { .init($0, .duration) }),
    ]

    /// What stands in an outcome, or under `topics` where there are several.
    private static let records: [SchemaField] = [
        .optional("keys", .map(.reference("key"))), .optional("nullKey", .reference("key")),
        .optional("placedBy", .nullable(.text)), .optional("binaryKeys", .list(.reference("key"))),
        .optional("distinctKeys", .count), .optional("keysAreSampled", .boolean),
        .optional("committed", .map(.nullable(.count))), .optional("lag", .nullable(.count)),
    ]

    /// The bytes of a record.
    private static let payload = JSONValue.object([
        .init("description", .string("A text, null for none, or bytes that no text is.")),
        .init(
            "anyOf",
            .array([
                .object([.init("type", .array([.string("string"), .string("null")]))]),
                .object([
                    .init("type", .string("object")), .init("required", .array([.string("base64")])),
                    .init("properties", .object([.init("base64", .object([.init("type", .string("string"))]))])),
                ]),
            ])),
    ])
}

/// A member of an object in the schema.
private struct SchemaField: Sendable {
    let name: String
    let form: SchemaForm
    var isRequired = true

    init(_ name: String, _ form: SchemaForm) {
        self.name = name
        self.form = form
    }

    static func optional(_ name: String, _ form: SchemaForm) -> SchemaField {
        var field = SchemaField(name, form)
        field.isRequired = false
        return field
    }
}

/// What a value may be.
private indirect enum SchemaForm: Sendable {
    case text, boolean, integer, anything
    /// From 0 on.
    case count
    /// From 1 on.
    case position
    case duration
    case pattern(String)
    case words([String])
    case choice([Int])
    case list(SchemaForm)
    /// An object whose names are data.
    case map(SchemaForm)
    case object([SchemaField])
    case reference(String)
    case nullable(SchemaForm)
    case either(SchemaForm, SchemaForm)
}

private struct SchemaBuilder {
    let isClosed: Bool

    func object(_ fields: [SchemaField]) -> JSONValue {
        var object = JSONMembers()
        object.add("type", "object")
        let required = fields.filter(\.isRequired).map(\.name)
        if !required.isEmpty { object.add("required", required) }
        object.add("properties", JSONValue.object(fields.map { .init($0.name, value($0.form)) }))
        if isClosed { object.add("additionalProperties", false) }
        return object.value
    }

    private func value(_ form: SchemaForm) -> JSONValue {
        switch form {
        case .text: type("string")
        case .boolean: type("boolean")
        case .integer: type("integer")
        case .anything: .object([])
        case .count: type("integer", .init("minimum", .integer(0)))
        case .position: type("integer", .init("minimum", .integer(1)))
        case .duration: value(.pattern(#"^[0-9]+(\.[0-9]{1,3})?ms$"#))
        case .pattern(let pattern): type("string", .init("pattern", .string(pattern)))
        case .words(let words): .object([.init("enum", .array(words.map { .string($0) }))])
        case .choice(let numbers): .object([.init("enum", .array(numbers.map { .integer(Int64($0)) }))])
        case .list(let element): type("array", .init("items", value(element)))
        case .map(let element): type("object", .init("additionalProperties", value(element)))
        case .object(let fields): object(fields)
        case .reference(let name): .object([.init("$ref", .string("#/$defs/\(name)"))])
        case .nullable(let form): anyOf([value(form), type("null")])
        case .either(let one, let other): anyOf([value(one), value(other)])
        }
    }

    private func type(_ name: String, _ more: JSONValue.Member...) -> JSONValue {
        .object([.init("type", .string(name))] + more)
    }

    private func anyOf(_ values: [JSONValue]) -> JSONValue { .object([.init("anyOf", .array(values))]) }
}

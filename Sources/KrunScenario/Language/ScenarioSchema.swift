import KrunConfigs
public import KrunJSON
import KrunOutcome

extension Scenario {
    /// The JSON Schema of a scenario file, of the draft 2020-12: what `schema/scenario.schema.json` holds.
    ///
    /// Whatever it refuses, `decode` refuses. What needs more than a look at the file's structure it leaves to that: topics that are not declared,
    /// what variables and templates come to, how long a duration is.
    public static var jsonSchema: JSONValue {
        .schema(
            [
                ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
                ("title", .string("krun scenario")),
            ] + ScenarioFields.shape.schemaMembers + [("$defs", .schema(definitions))])
    }

    private static var definitions: [(String, JSONValue?)] {
        values + payloads + ClientPropertyTable.definitions + [
            ("topicConfig", ConfigTable.topic.schema), ("topicConfigChange", ConfigTable.topic.changeSchema),
        ]
            + shapes.map { ($0.schemaName, .schema($0.schemaMembers)) } + expectations
    }

    /// Those beside the scenario itself and the matchers.
    static var shapes: [ObjectShape] {
        [
            CaseFileFields.shape, EmbeddedFields.shape, TimeoutsFields.shape, TopicFields.shape, GroupFields.shape,
            HeaderFields.shape,
            MessageFields.shape, RecordFileFields.shape, ProduceFields.shape, UntilFields.shape, CommitFields.shape,
            ConsumeFields.shape,
            MembershipFields.shape, TransactionFields.shape, UncommittedFields.shape, OffsetsFields.shape,
            TopicStepFields.shape,
            TopicCreationFields.shape, FaultFields.shape, PauseFields.shape,
            TogetherFields.shape, RepeatFields.shape,
            ProduceExpectationFields.shape, ConsumeExpectationFields.shape, MembershipExpectationFields.shape,
            TransactionExpectationFields.shape, OffsetsExpectationFields.shape, TopicStepExpectationFields.shape,
            OffsetsOfPartitionFields.shape,
            FaultExpectationFields.shape,
            TopicExpectationFields.shape,
            PartitionExpectationFields.shape, KeyExpectationFields.shape, ListedKeyExpectationFields.shape,
            MemberExpectationFields.shape, LatencyExpectationFields.shape, AnyOrderFields.shape,
            RecordMatcherFields.shape, RecordHeaderFields.shape, RecordsFields.shape, CaptureFields.shape,
        ]
    }

    private static var values: [(String, JSONValue?)] {
        [
            (
                "template",
                .described(
                    "A variable or an expression, which keeps its type: \"{{count}}\".",
                    .type("string", ("pattern", .string("^\\{\\{.*\\}\\}$"))))
            ),
            (
                "textWithTemplate",
                .described("Text with a template in it.", .type("string", ("pattern", .string("\\{\\{"))))
            ),
            ("note", .described("A remark, shown in narrated output.", .type("string"))),
            (
                "duration",
                .described(
                    "A number and a unit (us, ms, s, m, h): \"500ms\".",
                    .anyOf(
                        .type("string", ("pattern", .string("^[0-9]+(\\.[0-9]{1,9})?(us|ms|s|m|h)$"))),
                        .definition("textWithTemplate")))
            ),
            (
                "sizeText",
                .described(
                    "A number and a unit (B, KB, MB, GB, KiB, MiB, GiB): \"16KiB\".",
                    .type("string", ("pattern", .string("^[0-9]+(\\.[0-9]{1,9})?(B|KB|MB|GB|KiB|MiB|GiB)$"))))
            ),
            (
                "requirement",
                .described(
                    "\"real-broker\", \"embedded-broker\", \"brokers>=3\" or \"librdkafka>=2.3\".",
                    .anyOf(
                        .type(
                            "string", ("maxLength", .integer(64)), ("pattern", .string(Requirement.Condition.pattern))),
                        .definition("textWithTemplate")))
            ),
        ]
    }

    private static var payloads: [(String, JSONValue?)] {
        let binary: [any FieldDescription] = [PayloadFields.base64, PayloadFields.hex]
        let null = JSONValue.type("null")
        let anything = PayloadFields.others(than: PayloadFields.names)
        return [
            (
                "payload",
                .described(
                    "A string, null, any JSON (sent as written, without white space), or { \"json\" }, { \"base64\" }, { \"hex\" }, "
                        + "{ \"bytes\" }, { \"file\" }, { \"cycle\" }, { \"oneOf\" }. Strings may hold {{templates}}.",
                    .schema(
                        (
                            "anyOf",
                            .array([PayloadFields.plain, null] + PayloadFields.schemas(PayloadFields.all) + [anything])
                        )))
            ),
            (
                "singlePayload",
                .described(
                    "A payload that is no choice of several.",
                    .schema(
                        (
                            "anyOf",
                            .array(
                                [PayloadFields.plain, null] + PayloadFields.schemas(PayloadFields.single) + [anything])
                        )))
            ),
            (
                "expectedKey",
                .described(
                    "A key that is expected: a payload that says which bytes it is.",
                    .schema(
                        (
                            "anyOf",
                            .array(
                                [PayloadFields.plain]
                                    + PayloadFields.schemas([PayloadFields.json, PayloadFields.file] + binary) + [
                                        anything
                                    ])
                        )))
            ),
            (
                "recordValue",
                .described(
                    "A record's own JSON, compared as JSON, or its bytes as base64 or hex.",
                    .schema(
                        (
                            "anyOf",
                            .array(
                                [PayloadFields.plain, null] + PayloadFields.schemas(binary)
                                    + [PayloadFields.others(than: binary.map(\.name))])
                        )))
            ),
            (
                "headers",
                .described(
                    "Headers in order, or an object as the short form.",
                    .anyOf(
                        .type("array", ("items", HeaderFields.shape.schemaReference)),
                        .type("object", ("additionalProperties", .definition("payload")))))
            ),
        ]
    }

    private static var expectations: [(String, JSONValue?)] {
        var definitions: [(String, JSONValue?)] = []
        for kind in MatcherKind.allCases where kind != .partition {
            let shape = MatcherFields(kind).shape
            var literal = kind.operand
            if kind == .payload {
                // An object with a field of a matcher is one.
                literal = .schema(
                    ("$ref", .string("#/$defs/recordValue")), ("minProperties", .integer(1)),
                    (
                        "not",
                        .type("object", ("anyOf", .array((shape.names + shape.later.sorted()).map { .required([$0]) })))
                    ))
            }
            definitions.append((kind.definitions.value, .anyOf(literal, .definition(shape.schemaName))))
            definitions.append((shape.schemaName, .schema(shape.schemaMembers)))
        }
        return definitions
    }
}

extension ObjectShape {
    fileprivate var schemaMembers: [(String, JSONValue?)] {
        let required = fields.filter(\.isRequired).map(\.name)
        let properties = fields.map { ($0.name, Optional($0.schema)) } + [("note", .definition("note"))]
        return [
            ("description", .string(sentence.withoutMarkdown)), ("type", .string("object")),
            ("additionalProperties", .boolean(false)), ("required", required.isEmpty ? nil : .strings(required)),
            ("oneOf", alternatives.isEmpty ? nil : .array(alternatives.map(\.schema))),
            ("not", refused.isEmpty ? nil : .schema(("anyOf", .array(refused)))), ("properties", .schema(properties)),
        ]
    }
}

extension ObjectShape.Alternative {
    fileprivate var schema: JSONValue {
        guard case .object(let members) = JSONValue.anyRequired(has) else { return .schema() }
        return .object(members + [.init("not", .anyRequired(without))])
    }
}

extension FieldDescription {
    /// With what it means and what holds where it is left out.
    var schema: JSONValue {
        var description = sentence.withoutMarkdown
        if let unsaid = form.unsaid { description += " (\(unsaid))" }
        if let since { description += " Since \(since)." }
        return .described(description, form.schema, preset: form.preset)
    }
}

extension JSONValue {
    fileprivate static func described(_ description: String, _ schema: JSONValue, preset: JSONValue? = nil) -> JSONValue
    {
        guard case .object(let members) = schema else { return schema }
        return .object(
            [.init("description", .string(description))] + (preset.map { [.init("default", $0)] } ?? []) + members)
    }
}

extension String {
    /// Without the signs of Markdown for code.
    var withoutMarkdown: String { filter { $0 != "`" } }
}

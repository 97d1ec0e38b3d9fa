import KrunJSON

/// The forms of a payload that are no JSON to be sent, each an object with this one field.
enum PayloadFields {
    static let json = Field(
        "json", NodeForm(schema: .schema(), summary: "any JSON"),
        "Any JSON, untouched: no templates, no special meaning.")
    static let base64 = Field(
        "base64",
        TextForm(
            pattern: "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$",
            summary: "base64"), "Those bytes; the standard alphabet, padded.")
    static let hex = Field(
        "hex", TextForm(pattern: "^([0-9A-Fa-f]{2})*$", summary: "pairs of hexadecimal digits"), "Those bytes.")
    static let bytes = Field("bytes", SizeForm(0...100_000_000), "So many letters, drawn once from the seed.")

    static let file = Field(
        "file", TextForm(minimumLength: 1, summary: "a file's path"),
        "The bytes of that file in the scenario's folder, as they are.", since: "0.2")
    static let cycle = Field(
        "cycle", payloads, "These payloads in turn: the first message has the first of them.", since: "0.2")
    static let oneOf = Field(
        "oneOf", payloads, "One of these payloads for each message, drawn with the seed.", since: "0.2")

    /// Neither of them may be in another one.
    static let choices: [any FieldDescription] = [cycle, oneOf]
    static let single: [any FieldDescription] = [json, base64, hex, bytes, file]
    static let all = single + choices
    static let names = all.map(\.name)

    private static let payloads = NodeForm(
        schema: .type("array", ("items", .definition("singlePayload")), ("minItems", .integer(1))),
        summary: "a list of payloads, not empty")

    /// Objects that are one of the forms and nothing else.
    static func schemas(_ fields: [any FieldDescription]) -> [JSONValue] {
        fields.map { field in
            .type(
                "object", ("required", .strings([field.name])), ("maxProperties", .integer(1)),
                ("properties", .schema((field.name, field.schema))))
        }
    }

    /// Objects that are something else.
    static func others(than names: [String]) -> JSONValue {
        .type(
            "object",
            ("not", .schema(("maxProperties", .integer(1)), ("anyOf", .array(names.map { .required([$0]) })))))
    }

    static let plain = JSONValue.schema(("type", .strings(["string", "number", "boolean", "array"])))
}

/// A whole number, or a string that is one template, which may depend on the message's index.
struct NumberTemplateForm: Form {
    let range: ClosedRange<Int64>

    init(_ range: ClosedRange<Int64>) { self.range = range }

    var schema: JSONValue { .anyOf(.integer(range), .definition("template")) }
    var summary: String { "a whole number, or a template of one such as `\"{{index % 3}}\"`" }
}

/// Milliseconds since 1970-01-01 UTC, or RFC 3339.
struct TimestampForm: Form {
    /// librdkafka takes 0 for "now".
    let range = Timestamp.range

    var schema: JSONValue {
        .anyOf(.integer(range), Self.text, .definition("template"))
    }

    /// RFC 3339.
    static let text = JSONValue.type(
        "string",
        (
            "pattern",
            .string(
                "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
                    + "(\\.([0-9]{1,3}|[0-9]{3}0+))?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$")
        ))

    var summary: String { "a timestamp, or a template of milliseconds" }
}

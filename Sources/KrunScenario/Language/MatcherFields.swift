import KrunJSON

/// What kind of value a matcher is for; it decides what may be written.
enum MatcherKind: CaseIterable {
    /// A number of things.
    case count
    /// An offset or a lag, which may be unknown: `null`.
    case offset
    /// A partition's number, which must exist.
    case partition
    case duration
    /// A record's value: any JSON.
    case payload

    /// As in a sentence.
    var expected: String {
        switch self {
        case .count, .partition: "a whole number or a matcher"
        case .offset: "a whole number, null or a matcher"
        case .duration: "a duration such as \"500ms\", or a matcher"
        case .payload: "a value or a matcher"
        }
    }

    /// What a number may be.
    static let numbers: ClosedRange<Int64> = 0...Int64.max
    static let durations = DurationForm(.zero...(.seconds(1_000_000_000)))

    /// The names of its definitions in the JSON Schema: of the value, and of an object that says more of it.
    var definitions: (value: String, matcher: String) {
        switch self {
        case .count, .partition: ("expectedCount", "countMatcher")
        case .offset: ("expectedOffset", "offsetMatcher")
        case .duration: ("expectedDuration", "durationMatcher")
        case .payload: ("expectedValue", "valueMatcher")
        }
    }

    /// The JSON Schema of a literal in a matcher.
    var operand: JSONValue {
        switch self {
        case .count, .partition: .anyOf(.integer(Self.numbers), .definition("template"))
        case .offset: .anyOf(.integer(Self.numbers), .type("null"), .definition("template"))
        case .duration: Self.durations.schema
        case .payload: .definition("recordValue")
        }
    }

    /// The JSON Schema of `min` and `max`.
    var bound: JSONValue {
        switch self {
        case .count, .offset, .partition: Self.count.operand
        case .duration: operand
        case .payload: .anyOf(.type("number"), .definition("template"))
        }
    }
}

/// What a value must be: a literal, or an object such as `{ "min": 1 }`.
struct MatcherForm: Form {
    let kind: MatcherKind

    init(_ kind: MatcherKind) { self.kind = kind }

    var schema: JSONValue { .definition(kind.definitions.value) }

    var summary: String {
        switch kind {
        case .count, .partition: "a number or a matcher"
        case .offset: "a number, `null` or a matcher"
        case .duration: "a duration or a matcher"
        case .payload: "a value or a matcher"
        }
    }
}

/// The fields of a matcher.
struct MatcherFields {
    let equals: Field<NodeForm>
    let oneOf: Field<ListForm>
    let matches = Field(
        "matches", TextForm(summary: "a [regular expression](#regular-expressions)"),
        "Text in which it is found; `^` and `$` anchor it. Only of records and texts.")
    let contains = Field(
        "contains", NodeForm(schema: .definition("recordValue"), summary: "a value"),
        "A part of it: of a text these signs; of a JSON object these members, of a list these elements, in whatever order, and of what is in them again a part. Only of records and texts.",
        since: "0.2")
    let minimum: Field<NodeForm>
    let maximum: Field<NodeForm>
    let exists = Field(
        "exists", BooleanForm(),
        "Whether there is anything: no tombstone, a key, a header of that name, something where a path leads, an offset.",
        since: "0.2")
    let not: Field<MatcherForm>
    let size = Field(
        "size", MatcherForm(.count),
        "How many elements a list has, members an object, scalars a text. Only of records and texts.", since: "0.2")
    let path = Field(
        "path",
        MapForm(
            values: MatcherForm(.payload).schema, summary: "[JSONPath](#jsonpath) → a value or a matcher",
            isNeverEmpty: true),
        "What stands first where each path leads in a JSON value; all must hold. Only of records.", since: "0.2")
    let anyOrder = Field(
        "anyOrder", ListForm(element: .definition("recordValue"), summary: "a list of values"),
        "A JSON list of exactly these elements, in whatever order. Only of records.", since: "0.2")
    let json = Field(
        "json", NodeForm(schema: .schema(), summary: "any JSON"),
        "Compared as JSON, its content untouched, also where it is a text: `\"a\"` with its quotation marks. Only of records.",
        since: "0.2")
    let shape: ObjectShape

    /// Those of every kind, as errors know them.
    static let all = MatcherFields(.payload)
    static let names = all.shape.names
    /// Short names are near to too many others.
    static let longNames = names.filter { $0.count > 4 }

    init(_ kind: MatcherKind) {
        equals = Field(
            "equals", NodeForm(schema: kind == .payload ? .schema() : kind.operand, summary: "a value"),
            "Exactly this. Of records its content is untouched: an object that looks like a matcher, or holds `{{`.")
        oneOf = Field(
            "oneOf", ListForm(element: kind.operand, summary: "a list of values, not empty", minimumCount: 1),
            "One of these.")
        minimum = Field(
            "min", NodeForm(schema: kind.bound, summary: "a number or a duration"),
            "At least this, itself included; alone or with `max`.")
        maximum = Field(
            "max", NodeForm(schema: kind.bound, summary: "a number or a duration"),
            "At most this, itself included; alone or with `min`.")
        not = Field("not", MatcherForm(kind), "Anything but this.", since: "0.2")
        let before: [any FieldDescription] = kind == .payload ? [matches, contains] : []
        let after: [any FieldDescription] =
            switch kind {
            case .payload: [exists, not, size, path, anyOrder, json]
            case .offset: [exists, not]
            case .count, .partition, .duration: [not]
            }
        let names = ["equals", "oneOf"] + before.map(\.name) + after.map(\.name)
        let ends = [minimum.name, maximum.name]
        shape = ObjectShape(
            kind.definitions.matcher, called: "a matcher",
            "What a value must be: one of \(names.joined(separator: ", ")), or min and max.",
            [equals, oneOf] + before + [minimum, maximum] + after,
            alternatives: names.map { name in .init(has: [name], without: names.filter { $0 != name } + ends) }
                + [.init(has: ends, without: names)])
    }
}

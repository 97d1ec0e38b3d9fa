import KrunJSON

/// How a value of the language is written.
protocol Form: Sendable {
    /// The JSON Schema of such a value: of each that the decoder takes, and of no other as far as a schema can tell.
    var schema: JSONValue { get }
    /// What may be written, in Markdown of a few words.
    var summary: String { get }
    /// What its schema cannot say of it, in words; nil where it says all.
    var unsaid: String? { get }
    /// What stands for a value that is left out, in JSON; nil where nothing does.
    var preset: JSONValue? { get }
    /// The objects in such a value that a group may be needed for: itself, or the values of a map.
    var objects: Nested? { get }
}

extension Form {
    var unsaid: String? { nil }
    var preset: JSONValue? { nil }
    var objects: Nested? { nil }
}

/// Where within a value the objects are.
enum Nested: Sendable {
    case object(ObjectShape)
    case map(ObjectShape)
}

/// A form whose values mean the same wherever they stand, so that it can read them itself.
protocol ReadableForm<Value>: Form {
    associatedtype Value: Sendable

    /// The value of the field `name`; nil, reported, when it is wrong.
    func read(_ node: JSONNode, named name: String, by reader: ValueReader) -> Value?
}

/// A form whose values can be written as the language writes them.
protocol WritableForm: ReadableForm {
    func written(_ value: Value) -> JSONValue
}

/// A form with a value for where nothing is written.
struct Preset<Base: WritableForm>: Form {
    let base: Base
    let value: Base.Value

    var schema: JSONValue { base.schema }
    var summary: String { base.summary }
    var unsaid: String? { base.unsaid }
    var preset: JSONValue? { base.written(value) }
}

extension WritableForm {
    func preset(_ value: Value) -> Preset<Self> { Preset(base: self, value: value) }
}

/// Text, with variables put in.
struct TextForm: ReadableForm {
    var minimumLength = 0
    /// A regular expression of JSON Schema that it must match; nil where any will do.
    var pattern: String?
    /// Whether templates in it are replaced.
    var hasTemplates = true
    var summary = "text"

    var schema: JSONValue {
        guard let pattern else {
            return .type("string", ("minLength", minimumLength > 0 ? .integer(Int64(minimumLength)) : nil))
        }
        return .anyOf(.type("string", ("pattern", .string(pattern))), .definition("textWithTemplate"))
    }

    func read(_ node: JSONNode, named name: String, by reader: ValueReader) -> String? {
        reader.string(node, name, templates: hasTemplates)
    }
}

struct BooleanForm: WritableForm {
    var schema: JSONValue { .anyOf(.type("boolean"), .definition("template")) }
    var summary: String { "`true` or `false`" }

    func read(_ node: JSONNode, named name: String, by reader: ValueReader) -> Bool? {
        reader.boolean(node, name)
    }

    func written(_ value: Bool) -> JSONValue { .boolean(value) }
}

/// A whole number.
struct IntegerForm: WritableForm {
    let range: ClosedRange<Int64>

    init(_ range: ClosedRange<Int64>) { self.range = range }

    var schema: JSONValue { .anyOf(.integer(range), .definition("template")) }
    var summary: String {
        range.upperBound == .max ? "a whole number, at least \(range.lowerBound)" : range.summary
    }

    func read(_ node: JSONNode, named name: String, by reader: ValueReader) -> Int64? {
        reader.integer(node, name, range)
    }

    func written(_ value: Int64) -> JSONValue { .integer(value) }
}

/// A duration such as `"500ms"`.
struct DurationForm: WritableForm {
    let range: ClosedRange<Duration>

    init(_ range: ClosedRange<Duration>) { self.range = range }

    var schema: JSONValue { .definition("duration") }
    var summary: String {
        range.lowerBound == .zero
            ? "a duration, at most \(Units.text(range.upperBound))"
            : "a duration, \(Units.text(range.lowerBound)) to \(Units.text(range.upperBound))"
    }
    var unsaid: String? { summary }

    func read(_ node: JSONNode, named name: String, by reader: ValueReader) -> Duration? {
        reader.duration(node, name, range)
    }

    func written(_ value: Duration) -> JSONValue { .string(Units.text(value)) }
}

/// Bytes: a whole number, or a string with a unit.
struct SizeForm: ReadableForm {
    let range: ClosedRange<Int64>

    init(_ range: ClosedRange<Int64>) { self.range = range }

    var schema: JSONValue { .anyOf(.integer(range), .definition("sizeText"), .definition("textWithTemplate")) }
    var summary: String { "a size, at most \(range.upperBound / 1_000_000) MB" }
    var unsaid: String? { summary }

    func read(_ node: JSONNode, named name: String, by reader: ValueReader) -> Int64? {
        reader.size(node, name, range)
    }
}

/// One of the names of an enumeration.
struct ChoiceForm<Value>: WritableForm where Value: RawRepresentable<String> & CaseIterable & Sendable {
    var schema: JSONValue {
        .anyOf(.schema(("enum", .strings(Self.names))), .definition("textWithTemplate"))
    }
    var summary: String { Self.names.map { "`\($0)`" }.joined(separator: ", ") }

    static var names: [String] { Value.allCases.map(\.rawValue) }

    func read(_ node: JSONNode, named name: String, by reader: ValueReader) -> Value? {
        reader.choice(node, name, Value.self)
    }

    func written(_ value: Value) -> JSONValue { .string(value.rawValue) }
}

/// One of so many names that the reference does not list them.
struct NameForm: ReadableForm {
    let names: [String]
    let summary: String

    var schema: JSONValue { .anyOf(.schema(("enum", .strings(names))), .definition("textWithTemplate")) }

    func read(_ node: JSONNode, named name: String, by reader: ValueReader) -> String? {
        guard let text = reader.string(node, name) else { return nil }
        if names.contains(text) { return text }
        let nearest = reader.reporter.nearest(to: text, among: names) ?? names.first { $0.hasPrefix(text) }
        reader.report(
            "\(text.quotedForMessage) is not a value of \"\(name)\"", because: FaultReason(of: node), at: node.place,
            label: nearest.map { "did you mean \"\($0)\"?" } ?? "expected \(summary.withoutMarkdown)")
        return nil
    }
}

/// A text, or a list of texts.
struct OneOrManyForm: ReadableForm {
    var element: JSONValue = .type("string")
    /// Whether the list may neither be empty nor name one twice.
    var isSet = false
    var summary = "text, or a list of texts"

    var schema: JSONValue {
        .anyOf(
            element,
            .type(
                "array", ("items", element), ("minItems", isSet ? .integer(1) : nil),
                ("uniqueItems", isSet ? .boolean(true) : nil)))
    }

    func read(_ node: JSONNode, named name: String, by reader: ValueReader) -> [(text: String, node: JSONNode)]? {
        reader.strings(node, name)
    }
}

/// A list, whose elements a decoder of their own reads.
struct ListForm: ReadableForm {
    let element: JSONValue
    let summary: String
    var minimumCount = 0

    var schema: JSONValue {
        .anyOf(
            .type("array", ("items", element), ("minItems", minimumCount > 0 ? .integer(1) : nil)),
            .definition("template"))
    }

    func read(_ node: JSONNode, named name: String, by reader: ValueReader) -> [JSONNode]? {
        reader.list(node, name)
    }
}

extension ListForm {
    /// A list of objects.
    init(of shape: ObjectShape, _ summary: String, minimumCount: Int = 0) {
        self.init(element: shape.schemaReference, summary: summary, minimumCount: minimumCount)
    }
}

/// An object of the language.
struct ObjectForm: ReadableForm {
    let shape: ObjectShape
    /// Whether an error calls it by the name of its field, rather than by what it is.
    var isCalledByName = false

    var schema: JSONValue { shape.schemaReference }
    var summary: String { "`{ \(shape.names.map { "\"\($0)\"" }.joined(separator: ", ")) }`" }
    var objects: Nested? { .object(shape) }

    func read(_ node: JSONNode, named name: String, by reader: ValueReader) -> Fields? {
        reader.fields(of: node, shape, named: isCalledByName ? name : nil)
    }
}

/// An object whose names are data.
struct MapForm: ReadableForm {
    let names: JSONValue?
    let values: JSONValue
    let objects: Nested?
    let summary: String
    var isNeverEmpty = false

    /// - Parameter names: the JSON Schema of its names; nil where any will do.
    init(names: JSONValue? = nil, values: JSONValue, summary: String, isNeverEmpty: Bool = false) {
        self.isNeverEmpty = isNeverEmpty
        self.names = names
        self.values = values
        self.summary = summary
        objects = nil
    }

    /// A map to objects of the language.
    init(names: JSONValue? = nil, to shape: ObjectShape, without: [String] = [], summary: String) {
        self.names = names
        values = .anyOf(
            without.isEmpty ? .definition(shape.schemaName) : shape.reference(without: without), .definition("template")
        )
        self.summary = summary
        objects = .map(shape)
    }

    var schema: JSONValue { .anyOf(map, .definition("template")) }

    /// The same without a template in its place.
    var map: JSONValue {
        .type(
            "object", ("propertyNames", names), ("additionalProperties", values),
            ("minProperties", isNeverEmpty ? .integer(1) : nil))
    }

    func read(_ node: JSONNode, named name: String, by reader: ValueReader) -> [JSONMember]? {
        reader.map(node, name)
    }
}

/// A value whose meaning depends on where it stands: a decoder of its own reads it.
struct NodeForm: Form {
    let schema: JSONValue
    let summary: String
}

extension ObjectShape {
    /// The object itself, or a template of one.
    var schemaReference: JSONValue { .anyOf(.definition(schemaName), .definition("template")) }
}

extension ClosedRange<Int64> {
    fileprivate var summary: String { "a whole number, \(lowerBound) to \(upperBound)" }
}

/// JSON Schemas, part by part.
extension JSONValue {
    /// An object of the members that are not nil, in this order.
    static func schema(_ members: (String, JSONValue?)...) -> JSONValue { schema(members) }

    static func schema(_ members: [(String, JSONValue?)]) -> JSONValue {
        .object(members.compactMap { name, value in value.map { Member(name, $0) } })
    }

    static func type(_ type: String, _ members: (String, JSONValue?)...) -> JSONValue {
        schema([("type", .string(type))] + members)
    }

    static func integer(_ range: ClosedRange<Int64>) -> JSONValue {
        type("integer", ("minimum", .integer(range.lowerBound)), ("maximum", .integer(range.upperBound)))
    }

    /// Any of these; nil ones are left out.
    static func anyOf(_ schemas: JSONValue?...) -> JSONValue {
        let schemas = schemas.compactMap { $0 }
        return schemas.count == 1 ? schemas[0] : schema(("anyOf", .array(schemas)))
    }

    static func definition(_ name: String) -> JSONValue { schema(("$ref", .string("#/$defs/\(name)"))) }

    static func strings(_ strings: [String]) -> JSONValue { .array(strings.map { .string($0) }) }

    static func required(_ names: [String]) -> JSONValue { schema(("required", strings(names))) }

    /// Has at least one of these members.
    static func anyRequired(_ names: [String]) -> JSONValue {
        names.count == 1 ? required(names) : schema(("anyOf", .array(names.map { required([$0]) })))
    }

    static func not(_ schema: JSONValue) -> JSONValue { self.schema(("not", schema)) }
}

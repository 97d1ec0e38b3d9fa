import KrunJSON

/// A field of an object of the language, declared once: the decoder reads by it, and the JSON Schema and the reference are made of it.
struct Field<FieldForm: Form>: Sendable {
    let name: String
    let form: FieldForm
    let sentence: String
    let otherwise: String?
    let isRequired: Bool
    let needsGroup: Bool
    let since: String?

    /// - Parameters:
    ///   - sentence: what it means, in Markdown of one line.
    ///   - otherwise: what holds where it is left out, in Markdown; nil where its form has a preset, or nothing is to be said.
    ///   - isRequired: whether an object without it is wrong.
    ///   - needsGroup: whether only a step that reads as a group may have it.
    ///   - since: the version that brought it; nil for the first.
    init(
        _ name: String, _ form: FieldForm, _ sentence: String, otherwise: String? = nil, isRequired: Bool = false,
        needsGroup: Bool = false, since: String? = nil
    ) {
        self.name = name
        self.form = form
        self.sentence = sentence
        self.otherwise = otherwise
        self.isRequired = isRequired
        self.needsGroup = needsGroup
        self.since = since
    }
}

/// What may be known of a field without its type.
protocol FieldDescription: Sendable {
    associatedtype FieldForm: Form

    var name: String { get }
    var form: FieldForm { get }
    var sentence: String { get }
    var otherwise: String? { get }
    var isRequired: Bool { get }
    var needsGroup: Bool { get }
    var since: String? { get }
}

extension Field: FieldDescription {}

/// What an object of the language may hold: its fields, and what holds of several of them together.
struct ObjectShape: Sendable {
    /// The name of its definition in the JSON Schema.
    let schemaName: String
    /// As in a sentence: `a topic`.
    let called: String
    let sentence: String
    /// All but `note`, which every object may have, in the order in which they are suggested.
    let fields: [any FieldDescription]
    let names: [String]
    /// Fields and verbs of the whole language that this version does not have.
    let later: Set<String>
    /// Names that mean something in another place, and what to say about them here.
    let elsewhere: [String: String]
    /// Of which exactly one must be there.
    let alternatives: [Alternative]
    /// JSON Schemas of what may not be, although each of its fields may.
    let refused: [JSONValue]

    /// One of several ways to say a thing.
    struct Alternative: Sendable {
        /// One of them is enough.
        let has: [String]
        /// None of them may be there beside it.
        let without: [String]
    }

    init(
        _ schemaName: String, called: String, _ sentence: String, _ fields: [any FieldDescription],
        later: Set<String> = [], elsewhere: [String: String] = [:], alternatives: [Alternative] = [],
        refused: [JSONValue] = []
    ) {
        self.schemaName = schemaName
        self.called = called
        self.sentence = sentence
        self.fields = fields
        names = fields.map(\.name)
        self.later = later
        self.elsewhere = elsewhere
        self.alternatives = alternatives
        self.refused = refused
    }

    /// Whether it is one of the fields, byte by byte: names of a file may be long, and equivalent to others, which then have more bytes.
    func has(_ name: String) -> Bool {
        let count = name.utf8.count
        return names.contains { $0.utf8.count == count && $0 == name }
    }

    /// What may be written, in the order in which it is suggested.
    var allNames: [String] { names + ["note"] }

    /// The same object with some of the fields kept from it in the JSON Schema: for a place in which they mean nothing.
    func reference(without names: [String]) -> JSONValue {
        .schema(("$ref", .string("#/$defs/\(schemaName)")), ("not", .anyRequired(names)))
    }
}

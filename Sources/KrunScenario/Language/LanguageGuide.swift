import KrunJSON

/// What the table of the language says of an object or of one of its fields, for people: the reference, a piece at a time.
///
/// Objects have the names that they have in the JSON Schema (`consume`, `expectKey`); a field stands behind its object (`consume.until`).
public enum LanguageGuide {
    /// An object or a field.
    public struct Entry: Sendable {
        /// `consume` or `consume.until`.
        public let name: String
        /// What it is, in a sentence.
        public let sentence: String
        /// The fields of an object in the order of the reference; of a field itself alone.
        public let fields: [Field]
    }

    /// A field as the reference has it.
    public struct Field: Sendable {
        public let name: String
        /// What may be written.
        public let value: String
        /// What it means.
        public let meaning: String
        /// What holds where it is left out; nil where nothing is to be said.
        public let preset: String?
        /// The object that it holds, to be looked up in turn; nil for none.
        public let object: String?
    }

    private static let shapes = [ScenarioFields.shape] + Scenario.shapes

    /// The names of all objects, each followed by those of its fields.
    public static let names: [String] = shapes.flatMap { shape in
        [shape.schemaName] + shape.names.map { "\(shape.schemaName).\($0)" }
    }

    /// The entry of that name; nil where there is none.
    public static func entry(_ name: String) -> Entry? {
        let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let shape = shapes.first(where: { $0.schemaName == parts[0] }) else { return nil }
        guard parts.count == 2 else {
            return Entry(name: name, sentence: shape.sentence, fields: shape.fields.map(described))
        }
        guard let field = shape.fields.first(where: { $0.name == parts[1] }) else { return nil }
        return Entry(name: name, sentence: "A field of \(shape.called).", fields: [described(field)])
    }

    private static func described(_ field: any FieldDescription) -> Field {
        var meaning = field.sentence
        if field.isRequired { meaning += " Required." }
        if field.needsGroup { meaning += " Needs a group." }
        if let since = field.since { meaning += " Since \(since)." }
        let object =
            switch field.form.objects {
            case .object(let shape), .map(let shape): shape.schemaName
            case nil: String?.none
            }
        return Field(
            name: field.name, value: field.form.summary, meaning: meaning,
            preset: field.otherwise ?? field.form.preset.map { $0.text(pretty: false) }, object: object)
    }
}

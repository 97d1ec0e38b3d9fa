/// What an object of the language may hold: the decoder's table, which the JSON Schema is compared with.
struct ObjectShape: Sendable {
    /// The name of its definition in the JSON Schema.
    let schemaName: String
    /// As in a sentence: `a topic`.
    let called: String
    /// All but `note`, which every object may have.
    let fields: [String]
    /// Fields and verbs of the whole language that this version does not have.
    var later: Set<String> = []
    /// Names that mean something in another place, and what to say about them here.
    var elsewhere: [String: String] = [:]

    /// Whether it is one of the fields. Compared as bytes: names of a file may be long, and equivalent to others.
    func has(_ name: String) -> Bool {
        fields.contains { $0.utf8.count == name.utf8.count && $0.utf8.elementsEqual(name.utf8) }
    }

    /// What may be written, in the order in which it is suggested.
    var allNames: [String] { fields + ["note"] }
}

import KrunJSON

/// A variable of the file, or what overrides it.
struct Variable: Sendable {
    let name: String
    /// Its JSON value, in the file or in what the caller gave.
    let value: JSONNode
    /// What set it, such as `--variable`; nil for the file itself.
    let source: String?
    /// How it reads inside a text: a string's content, anything else as compact JSON.
    let text: [UInt8]

    init(_ name: String, _ value: JSONNode, source: String?) {
        self.name = name
        self.value = value
        self.source = source
        text = value.string.map { Array($0.utf8) } ?? value.compactText
    }
}

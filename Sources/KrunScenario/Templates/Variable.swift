import KrunJSON

/// A variable of the file, or what overrides it.
struct Variable: Sendable {
    let name: String
    /// Its JSON value, in the file or in what the caller gave.
    let value: JSONNode
    /// What set it, such as `--variable`; nil for the file itself.
    let source: String?

    /// How it reads inside a text: a string's content, anything else as compact JSON.
    var text: [UInt8] {
        value.string.map { Array($0.utf8) } ?? value.compactText
    }
}

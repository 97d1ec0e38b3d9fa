import KrunJSON

/// The value of a record, for comparing and showing.
enum RecordValue {
    /// The bytes as JSON; nil when they are not.
    static func json(_ bytes: [UInt8]) -> JSONNode? {
        (try? JSONDocument.parse(bytes, file: "value", allowsNUL: true))?.root
    }

    /// Text in quotes, `tombstone` for no value, and `{"hex":"00ff"}` where no text of a scenario can be it; where it was compared as JSON, a number, a list
    /// and the like as they stand.
    static func text(_ value: [UInt8]?, asJSON: Bool) -> String {
        guard let value else { return "tombstone" }
        // What is quoted can be told from a tombstone, and a text from the number that it looks like.
        if asJSON, let node = json(value), node.kind != .string, !node.isNull {
            return KeyText.shortened(String(decoding: node.compactText, as: UTF8.self))
        }
        return KeyText.quoted(value)
    }
}

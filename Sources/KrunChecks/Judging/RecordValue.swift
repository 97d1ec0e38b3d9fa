import KrunJSON

/// The value of a record, for comparing and showing.
enum RecordValue {
    /// The bytes as JSON; nil when they are not.
    static func json(_ bytes: [UInt8]) -> JSONNode? {
        (try? JSONDocument.parse(bytes, file: "value"))?.root
    }

    /// JSON that is no string as it stands, other text in quotes, `tombstone` for none, and `{"hex":"00ff"}` for the rest.
    static func text(_ value: [UInt8]?) -> String {
        guard let value else { return "tombstone" }
        if let node = json(value), node.kind != .string {
            return KeyText.shortened(String(decoding: node.compactText, as: UTF8.self))
        }
        return KeyText.quoted(value)
    }
}

import KrunDiagnostics

/// Shows bytes of a record to people.
enum KeyText {
    /// How many characters are shown.
    static let limit = 80

    /// The bytes as text in quotes, or as `{"hex":"00ff"}` where no text of a scenario can be them.
    static func quoted(_ bytes: some Collection<UInt8>) -> String {
        guard let text = ByteText.writable(bytes) else { return ByteText.hex(bytes, limit: limit / 2) }
        var quoted = "\""
        for scalar in text.unicodeScalars.prefix(limit) {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                quoted += "\\u" + padded(scalar.value, digits: 4)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + (text.unicodeScalars.count > limit ? "…\"" : "\"")
    }

    /// `key "alice"`, or `no key`.
    static func named(_ key: UnsafeRawBufferPointer?) -> String {
        key.map { "key \(quoted($0))" } ?? "no key"
    }

    static func padded(_ number: UInt32, digits: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }

    /// At most `limit` characters of a text.
    static func shortened(_ text: String) -> String {
        text.count > limit ? text.prefix(limit) + "…" : text
    }

    /// `1`, `1 and 2`, `1, 2 and 3`.
    static func list(_ items: [String], _ conjunction: String = "and") -> String {
        guard items.count > 1, let last = items.last else { return items.first ?? "" }
        return items.dropLast().joined(separator: ", ") + " \(conjunction) " + last
    }
}

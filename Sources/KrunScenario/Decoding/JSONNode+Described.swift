import KrunDiagnostics
package import KrunJSON

extension JSONNode {
    /// The value as a part of a sentence: `a string "3"`, `the number 3.5`, `null`, `a list`, `an object`.
    package var described: String {
        switch kind {
        case .null: "null"
        case .boolean: boolean == true ? "true" : "false"
        case .integer, .real:
            "the number \(String(decoding: sourceText.prefix(40), as: UTF8.self))\(sourceText.count > 40 ? "…" : "")"
        case .string: "a string \((string ?? "").quotedForMessage)"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

extension String {
    /// The text between quotation marks, on one line and cut where it is long.
    package var quotedForMessage: String {
        var shown = ""
        for (count, scalar) in unicodeScalars.enumerated() {
            if count == 40 {
                shown += "…"
                break
            }
            switch scalar {
            case "\n": shown += "\\n"
            case "\r": shown += "\\r"
            case "\t": shown += "\\t"
            // How the others are shown is the printer's affair.
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return "\"\(shown)\""
    }
}

extension ByteText {
    /// A key in a message: its text in quotation marks, or how a file says the bytes.
    static func shown(_ bytes: [UInt8]) -> String {
        writable(bytes)?.quotedForMessage ?? hex(bytes, limit: 20)
    }
}

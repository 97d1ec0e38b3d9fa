package import KrunJSON

/// Values as a scenario writes them so that they mean themselves.
package enum LiteralText {
    /// The text with each `{{` as `{{{{`: it begins no template.
    package static func escaped(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "{")) else { return text }
        var escaped: [UInt8] = []
        var isOpen = false
        for byte in text.utf8 {
            escaped.append(byte)
            if byte == UInt8(ascii: "{") {
                if isOpen { escaped += [byte, byte] }
                isOpen.toggle()
            } else {
                isOpen = false
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }

    /// Whether some text in the value is a template, or has one in it.
    package static func hasTemplate(_ node: JSONNode) -> Bool {
        node.strings.contains { $0.text.replacing("{{{{", with: "").contains("{{") }
    }

    /// Whether an object is a matcher where a value is expected: it has one of its fields.
    package static func isMatcher(_ node: JSONNode) -> Bool {
        node.members.contains { MatcherFields.names.contains($0.name) }
    }

    /// Whether an object is bytes, said in a form of a payload.
    package static func isBytes(_ node: JSONNode) -> Bool {
        node.count == 1 && (node[PayloadFields.hex.name] ?? node[PayloadFields.base64.name]) != nil
    }
}

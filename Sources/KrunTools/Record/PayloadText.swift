import KrunJSON
import KrunReports

/// Bytes as the scenario language writes them, so that they are sent as they were.
enum PayloadText {
    /// - Parameter bytes: nil for no key or a tombstone.
    static func json(_ bytes: [UInt8]?) -> JSONValue {
        guard let bytes else { return .null }
        guard let text = plain(bytes) else {
            return .object([JSONValue.Member("base64", .string(Base64.text(bytes)))])
        }
        return .string(escaped(text))
    }

    /// The text that the bytes are, where a string of the language can be it.
    static func plain(_ bytes: [UInt8]) -> String? {
        bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }

    /// With each `{{` as `{{{{`: it begins no template.
    static func escaped(_ text: String) -> String {
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
}

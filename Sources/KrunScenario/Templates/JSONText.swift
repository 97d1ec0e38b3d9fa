/// JSON strings, written.
enum JSONText {
    /// The text between quotation marks.
    static func quoted(_ text: [UInt8]) -> [UInt8] {
        var json: [UInt8] = [UInt8(ascii: "\"")]
        appendEscaped(text, to: &json)
        json.append(UInt8(ascii: "\""))
        return json
    }

    /// Appends the text as it stands within a JSON string.
    static func appendEscaped(_ text: [UInt8], to json: inout [UInt8]) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                json.append(UInt8(ascii: "\\"))
                json.append(byte)
            case 0x0a: append("n", to: &json)
            case 0x0d: append("r", to: &json)
            case 0x09: append("t", to: &json)
            case 0..<0x20:
                append("u", to: &json)
                json.append(UInt8(ascii: "0"))
                json.append(UInt8(ascii: "0"))
                json.append(digit(byte >> 4))
                json.append(digit(byte & 15))
            default: json.append(byte)
            }
        }
    }

    private static func append(_ letter: Unicode.Scalar, to json: inout [UInt8]) {
        json.append(UInt8(ascii: "\\"))
        json.append(UInt8(ascii: letter))
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x61 - 10 + value }
}

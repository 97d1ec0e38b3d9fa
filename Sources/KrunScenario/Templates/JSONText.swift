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
    static func appendEscaped(_ text: some Sequence<UInt8>, to json: inout [UInt8]) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): json += [UInt8(ascii: "\\"), byte]
            case 0x0a: json += Array("\\n".utf8)
            case 0x0d: json += Array("\\r".utf8)
            case 0x09: json += Array("\\t".utf8)
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                json += Array("\\u00\(digits.count == 1 ? "0" : "")\(digits)".utf8)
            default: json.append(byte)
            }
        }
    }
}

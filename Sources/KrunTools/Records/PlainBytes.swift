import KrunDiagnostics

/// Bytes of a record as they are, but on a terminal.
enum PlainBytes {
    /// Appends them; for a terminal without what could steer it: of control characters only line breaks and tabs stay, others and what
    /// is not UTF-8 become escapes such as `\u001B` and `\xFF`.
    static func append(_ bytes: UnsafeRawBufferPointer, onTerminal: Bool, to line: inout [UInt8]) {
        if !onTerminal || bytes.allSatisfy(isPlain) {
            line += bytes
            return
        }
        var rest = bytes[...]
        while let first = rest.first {
            if isPlain(first) {
                line.append(first)
                rest = rest.dropFirst()
            } else if let (scalar, length) = scalar(at: rest) {
                line += TerminalText.safe(String(scalar)).utf8
                rest = rest.dropFirst(length)
            } else {
                line += "\\x".utf8
                line += ByteText.digits([first]).uppercased().utf8
                rest = rest.dropFirst()
            }
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\t")
    }

    /// The scalar with whose UTF-8 the bytes begin, and how many they are; nil where it is none.
    private static func scalar(at bytes: Slice<UnsafeRawBufferPointer>) -> (Unicode.Scalar, Int)? {
        for length in 1...4 where length <= bytes.count {
            if let text = String(validating: bytes.prefix(length), as: UTF8.self) {
                return text.unicodeScalars.first.map { ($0, length) }
            }
        }
        return nil
    }
}

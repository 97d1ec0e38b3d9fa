import KrunDiagnostics
package import KrunKafka

/// A record as a line for people: `partition 0  offset 5  key alice  value espresso`.
package enum RecordText {
    /// Appends the line, without a line end.
    ///
    /// What is not UTF-8 is shown in hexadecimal, a null key or tombstone as `(null)`; text that would be mistaken for
    /// one of these, or has spaces at its ends, in quotes. Nothing is cut short.
    ///
    /// - Parameters:
    ///   - topic: shown before the partition; nil where there is only one.
    ///   - offset: nil where it is not known.
    package static func append(
        topic: String? = nil, partition: Int32, offset: Int64?, key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?, headers: [RecordHeader] = [], to line: inout [UInt8]
    ) {
        if let topic {
            line += topic.utf8
            line += "  ".utf8
        }
        line += "partition ".utf8
        appendNumber(Int64(partition), to: &line)
        line += "  offset ".utf8
        if let offset { appendNumber(offset, to: &line) } else { line += "unknown".utf8 }
        line += "  key ".utf8
        append(key, to: &line)
        line += "  value ".utf8
        append(value, to: &line)
        for header in headers {
            line += "  header ".utf8
            header.key.utf8CString.withUnsafeBytes {
                append(UnsafeRawBufferPointer(rebasing: $0.dropLast()), to: &line)
            }
            line.append(UInt8(ascii: "="))
            if let bytes = header.value {
                bytes.withUnsafeBytes { append($0, to: &line) }
            } else {
                append(nil, to: &line)
            }
        }
    }

    /// Appends a key or a value.
    package static func append(_ bytes: UnsafeRawBufferPointer?, to line: inout [UInt8]) {
        guard let bytes else {
            line += "(null)".utf8
            return
        }
        // Nearly every text is of printable ASCII, and needs none of what others need.
        if bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
            guard isMistakable(bytes) else {
                line += bytes
                return
            }
            line.append(UInt8(ascii: "\""))
            for byte in bytes {
                if byte == UInt8(ascii: "\"") { line.append(UInt8(ascii: "\\")) }
                line.append(byte)
            }
            line.append(UInt8(ascii: "\""))
            return
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            line += "0x".utf8
            for byte in bytes {
                line.append(hexadecimal(byte >> 4))
                line.append(hexadecimal(byte & 15))
            }
            return
        }
        // Escaped first, because a tab that is shown as a space would make two keys look the same.
        let visible = TerminalText.safe(text.replacing("\t", with: "\\t"))
        let isQuoted = visible != text || isMistakable(bytes)
        line += (isQuoted ? "\"\(visible.replacing("\"", with: "\\\""))\"" : visible).utf8
    }

    /// Whether text would be taken for something else, or its ends not be seen.
    private static func isMistakable(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let first = text.first else { return true }
        switch first {
        case UInt8(ascii: " "), UInt8(ascii: "\""): return true
        case UInt8(ascii: "("): if text.elementsEqual("(null)".utf8) { return true }
        case UInt8(ascii: "0"): if text.count > 1, text[1] == UInt8(ascii: "x") { return true }
        default: break
        }
        return text[text.count - 1] == UInt8(ascii: " ")
    }

    static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }

    /// Appends the decimal digits.
    package static func appendNumber(_ number: Int64, to line: inout [UInt8]) {
        if number >= 0, number < 10 {
            line.append(UInt8(ascii: "0") + UInt8(number))
            return
        }
        line += String(number).utf8
    }
}

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

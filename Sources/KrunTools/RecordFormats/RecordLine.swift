import KrunDiagnostics
import KrunJSON
package import KrunKafka

/// A record as one line of JSON, which `krun produce --input json` reads again:
/// `{"topic":"orders","partition":0,"offset":5,"timestamp":1700000000000,"key":"alice","value":"espresso"}`.
///
/// A key or value that is UTF-8 is a string, otherwise `{"base64": …}`; so is one with a NUL, which strings of the language
/// must not have. A null key and a tombstone are `null`. `timestamp` is in milliseconds since 1970, and missing where there is
/// none; `headers`, a list of `{"key", "value"}`, is missing where there are none. Characters that could steer a terminal are escapes.
package enum RecordLine {
    /// Appends the line with its line end.
    package static func append(_ record: ConsumedRecord, topic: String, to line: inout [UInt8]) {
        append(
            topic: topic, partition: record.partition, offset: record.offset, timestamp: record.timestamp,
            key: record.key, value: record.value, headers: record.headers, to: &line)
    }

    /// Appends a line with its line end.
    ///
    /// - Parameters:
    ///   - partition: nil where none was chosen, and then missing; so is `offset` where it is not known.
    ///   - error: why a message was not delivered: the error's name and its text, `error` and `reason` in the line.
    static func append(
        topic: String, partition: Int32?, offset: Int64?, timestamp: Int64?, key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?, headers: [RecordHeader], error: (name: String, reason: String)? = nil,
        to line: inout [UInt8]
    ) {
        line += "{\"topic\":\"".utf8
        // A topic's name has no character that JSON would escape.
        line += topic.utf8
        line.append(UInt8(ascii: "\""))
        append(",\"partition\":", partition.map { Int64($0) }, to: &line)
        append(",\"offset\":", offset, to: &line)
        append(",\"timestamp\":", timestamp, to: &line)
        line += ",\"key\":".utf8
        append(key, to: &line)
        line += ",\"value\":".utf8
        append(value, to: &line)
        if !headers.isEmpty { append(headers, to: &line) }
        if let error {
            line += ",\"error\":".utf8
            append(error.name, to: &line)
            line += ",\"reason\":".utf8
            append(error.reason, to: &line)
        }
        line += "}\n".utf8
    }

    private static func append(_ name: StaticString, _ number: Int64?, to line: inout [UInt8]) {
        guard let number else { return }
        name.withUTF8Buffer { line += $0 }
        RecordText.appendNumber(number, to: &line)
    }

    private static func append(_ headers: [RecordHeader], to line: inout [UInt8]) {
        line += ",\"headers\":[".utf8
        for (index, header) in headers.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            line += "{\"key\":".utf8
            append(header.key, to: &line)
            line += ",\"value\":".utf8
            if let value = header.value {
                value.withUnsafeBytes { append($0, to: &line) }
            } else {
                append(nil, to: &line)
            }
            line.append(UInt8(ascii: "}"))
        }
        line.append(UInt8(ascii: "]"))
    }

    private static func append(_ text: String, to line: inout [UInt8]) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0), to: &line) }
    }

    /// Appends a key or a value.
    package static func append(_ bytes: UnsafeRawBufferPointer?, to line: inout [UInt8]) {
        guard let bytes else {
            line += "null".utf8
            return
        }
        if bytes.allSatisfy(isPlain) {
            line.append(UInt8(ascii: "\""))
            line += bytes
            line.append(UInt8(ascii: "\""))
        } else if bytes.allSatisfy({ $0 > 0 && $0 < 0x80 }) {
            line.append(UInt8(ascii: "\""))
            for byte in bytes { appendASCII(byte, to: &line) }
            line.append(UInt8(ascii: "\""))
        } else if !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) {
            appendEscaped(text, to: &line)
        } else {
            line += "{\"base64\":\"".utf8
            line += Base64.text(Array(bytes)).utf8
            line += "\"}".utf8
        }
    }

    /// Printable ASCII that JSON takes as it is.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private static func appendEscaped(_ text: String, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                appendASCII(UInt8(scalar.value), to: &line)
            } else if TerminalText.isSafe(scalar) {
                line += scalar.utf8
            } else {
                for unit in scalar.utf16 { appendEscape(unit, to: &line) }
            }
        }
        line.append(UInt8(ascii: "\""))
    }

    private static func appendASCII(_ byte: UInt8, to line: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            line.append(UInt8(ascii: "\\"))
            line.append(byte)
        case 0x0A: line += "\\n".utf8
        case 0x0D: line += "\\r".utf8
        case 0x09: line += "\\t".utf8
        case 0..<0x20, 0x7F: appendEscape(UInt16(byte), to: &line)
        default: line.append(byte)
        }
    }

    /// Appends `\u001b`.
    private static func appendEscape(_ unit: UInt16, to line: inout [UInt8]) {
        line += "\\u".utf8
        for shift in [12, 8, 4, 0] { line.append(RecordText.hexadecimal(UInt8(unit >> shift & 15))) }
    }
}

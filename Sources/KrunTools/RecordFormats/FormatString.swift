import KrunKafka

/// How `krun consume` writes records.
package enum RecordFormat: Hashable, Sendable {
    /// A line for people, `RecordText`.
    case pretty
    /// A line of JSON, `RecordLine`.
    case json
    /// The value and a line end.
    case raw
    case format(FormatString)

    /// Key, separator, value and a line end, as `krun produce` reads them.
    package static func keysAndValues(separatedBy separator: [UInt8]) -> RecordFormat {
        .format(FormatString(parts: [.key, .text(separator), .value, .text([0x0A])]))
    }

    /// Appends a record.
    ///
    /// - Parameters:
    ///   - showsTopic: whether a line for people names the topic.
    ///   - onTerminal: whether a terminal shows it, which nothing of the record must steer.
    func append(_ record: ConsumedRecord, topic: String, showsTopic: Bool, onTerminal: Bool, to line: inout [UInt8]) {
        switch self {
        case .pretty:
            RecordText.append(
                topic: showsTopic ? topic : nil, partition: record.partition, offset: record.offset, key: record.key,
                value: record.value, headers: record.headers, to: &line)
            line.append(UInt8(ascii: "\n"))
        case .json: RecordLine.append(record, topic: topic, to: &line)
        case .raw:
            if let value = record.value { PlainBytes.append(value, onTerminal: onTerminal, to: &line) }
            line.append(UInt8(ascii: "\n"))
        case .format(let format): format.append(record, topic: topic, onTerminal: onTerminal, to: &line)
        }
    }
}

/// How `krun consume --output '%p %o %k %s\n'` writes a record; the letters are kcat's.
package struct FormatString: Hashable, Sendable {
    enum Part: Hashable {
        case text([UInt8])
        case topic, partition, offset, timestamp, key, keyLength, value, valueLength, headers
    }

    /// Why a text is no format, in words.
    package struct Problem: Error, Hashable {
        package var reason: String
    }

    /// The letters and what they stand for.
    package static let letters =
        "%t topic, %p partition, %o offset, %T timestamp, %k key, %K its length, %s value, %S its length, "
        + "%h headers, %% a percent sign; \(escapes)"

    private static let escapes = "\\n, \\r, \\t, \\0, \\\\ and \\xFF as in C"

    private(set) var parts: [Part] = []

    fileprivate init(parts: [Part]) { self.parts = parts }

    /// - Throws: which letter or escape is none.
    package init(_ text: String) throws(Problem) {
        var rest = text.unicodeScalars[...]
        var literal: [UInt8] = []
        func take(_ letter: Unicode.Scalar?) throws(Problem) -> Part? {
            switch letter {
            case "t": return .topic
            case "p": return .partition
            case "o": return .offset
            case "T": return .timestamp
            case "k": return .key
            case "K": return .keyLength
            case "s": return .value
            case "S": return .valueLength
            case "h": return .headers
            case "%": return nil
            case let other?: throw Problem(reason: "%\(other) means nothing; \(Self.letters)")
            case nil: throw Problem(reason: "% at the end means nothing; \(Self.letters)")
            }
        }
        while let scalar = rest.popFirst() {
            if scalar == "%" {
                guard let part = try take(rest.popFirst()) else {
                    literal.append(UInt8(ascii: "%"))
                    continue
                }
                if !literal.isEmpty { parts.append(.text(literal)) }
                literal = []
                parts.append(part)
            } else if scalar == "\\" {
                literal.append(try Self.escaped(&rest, Self.letters))
            } else {
                literal += String(scalar).utf8
            }
        }
        if !literal.isEmpty { parts.append(.text(literal)) }
    }

    /// - Parameter known: what there is, for the error.
    private static func escaped(_ rest: inout Substring.UnicodeScalarView, _ known: String) throws(Problem) -> UInt8 {
        switch rest.popFirst() {
        case "n": return 0x0A
        case "r": return 0x0D
        case "t": return 0x09
        case "0": return 0
        case "\\": return UInt8(ascii: "\\")
        case "x":
            let digits = String(String.UnicodeScalarView(rest.prefix(2)))
            guard digits.count == 2, let byte = UInt8(digits, radix: 16) else {
                throw Problem(reason: "\\x takes two hexadecimal digits")
            }
            rest = rest.dropFirst(2)
            return byte
        case let other?: throw Problem(reason: "\\\(other) means nothing; \(known)")
        case nil: throw Problem(reason: "\\ at the end means nothing; \(known)")
        }
    }

    /// The bytes of a text in which a backslash begins an escape as in C.
    ///
    /// - Throws: which escape is none.
    package static func bytes(ofEscaped text: String) throws(Problem) -> [UInt8] {
        var rest = text.unicodeScalars[...]
        var bytes: [UInt8] = []
        while let scalar = rest.popFirst() {
            if scalar == "\\" { bytes.append(try escaped(&rest, escapes)) } else { bytes += String(scalar).utf8 }
        }
        return bytes
    }

    /// Appends what the format makes of a record; a null key, a tombstone and a missing timestamp are nothing, and lengths of them −1.
    func append(_ record: ConsumedRecord, topic: String, onTerminal: Bool, to line: inout [UInt8]) {
        func append(_ bytes: UnsafeRawBufferPointer?) {
            if let bytes { PlainBytes.append(bytes, onTerminal: onTerminal, to: &line) }
        }
        for part in parts {
            switch part {
            case .text(let bytes): line += bytes
            case .topic: line += topic.utf8
            case .partition: RecordText.appendNumber(Int64(record.partition), to: &line)
            case .offset: RecordText.appendNumber(record.offset, to: &line)
            case .timestamp: RecordText.appendNumber(record.timestamp ?? -1, to: &line)
            case .key: append(record.key)
            case .keyLength: RecordText.appendNumber(Int64(record.key?.count ?? -1), to: &line)
            case .value: append(record.value)
            case .valueLength: RecordText.appendNumber(Int64(record.value?.count ?? -1), to: &line)
            case .headers: appendHeaders(record.headers, onTerminal: onTerminal, to: &line)
            }
        }
    }

    /// `name=value,other=value`.
    private func appendHeaders(_ headers: [RecordHeader], onTerminal: Bool, to line: inout [UInt8]) {
        for (index, header) in headers.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            Array(header.key.utf8).withUnsafeBytes { PlainBytes.append($0, onTerminal: onTerminal, to: &line) }
            line.append(UInt8(ascii: "="))
            guard let value = header.value else {
                line += "NULL".utf8
                continue
            }
            value.withUnsafeBytes { PlainBytes.append($0, onTerminal: onTerminal, to: &line) }
        }
    }
}

import KrunDiagnostics

/// Reads a text once and notes where its values stand, or finds the first thing that is wrong with it.
///
/// Whether a text is JSON is for Jansson to say; this says where and, of what Jansson refuses, why.
struct JSONScanner {
    let source: SourceText
    let bytes: [UInt8]
    let allowsNUL: Bool
    var position = 0
    var index = JSONIndex()
    /// The entries of the arrays and objects that are not closed yet.
    var open: [Int32] = []
    /// The source range of the name of the member whose value comes next; empty when there is none.
    var name = 0..<0
    var isNameEscaped = false

    init(_ source: SourceText, allowsNUL: Bool) {
        self.source = source
        self.allowsNUL = allowsNUL
        bytes = source.bytes
        index.entries.reserveCapacity(bytes.count / 16)
    }

    /// - Throws: the first thing that is wrong, as text for people.
    mutating func scan() throws(Diagnostic) -> JSONIndex {
        skipWhiteSpace()
        while true {
            let opened = try scanValue()
            if opened, try beginFirst() { continue }
            if try !endValues() { return index }
        }
    }

    /// The next byte, or nil at the end of the text.
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    func byte(at offset: Int) -> UInt8? { offset >= 0 && offset < bytes.count ? bytes[offset] : nil }

    var isInObject: Bool { open.last.map { index.entries[Int($0)].kind == .object } ?? false }

    mutating func skipWhiteSpace() {
        while position < bytes.count, bytes[position].isWhiteSpace { position += 1 }
    }

    /// Reads a value, or only the opening bracket of an array or object; then the result is true.
    private mutating func scanValue() throws(Diagnostic) -> Bool {
        guard let byte = next else { throw endOfText() }
        guard open.count < Jansson.depthLimit else { throw tooDeep() }
        let start = position
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            position += 1
            open.append(add(byte == UInt8(ascii: "{") ? .object : .array, from: start))
            return true
        case UInt8(ascii: "\""):
            let isEscaped = try scanString()
            let entry = add(.string, from: start)
            index.entries[Int(entry)].isEscaped = isEscaped
        case UInt8(ascii: "-"), 0x30...0x39:
            let kind = try scanNumber()
            add(kind, from: start)
        default:
            add(try scanWord(), from: start)
        }
        return false
    }

    /// After an opening bracket: closes it if that is what follows, otherwise reads what comes before the first value.
    /// Whether a value comes next.
    private mutating func beginFirst() throws(Diagnostic) -> Bool {
        skipWhiteSpace()
        if next == closing { return false }
        if isInObject { try scanName() }
        return true
    }

    /// After a value: closes what ends here. Whether another value comes next.
    private mutating func endValues() throws(Diagnostic) -> Bool {
        while true {
            skipWhiteSpace()
            guard let container = open.last else {
                if position < bytes.count { throw textAfterEnd() }
                return false
            }
            guard let byte = next else { throw endOfText() }
            if byte == closing {
                position += 1
                index.entries[Int(container)].end = Int32(position)
                index.entries[Int(container)].after = Int32(index.entries.count)
                open.removeLast()
            } else if byte == UInt8(ascii: ",") {
                let comma = position
                position += 1
                skipWhiteSpace()
                if next == closing { throw trailingComma(at: comma) }
                if isInObject { try scanName() }
                return true
            } else {
                throw unexpectedAfterValue()
            }
        }
    }

    /// The bracket that closes the innermost open array or object.
    var closing: UInt8 { isInObject ? UInt8(ascii: "}") : UInt8(ascii: "]") }

    /// Reads a name, its colon, and the white space around.
    private mutating func scanName() throws(Diagnostic) {
        guard let byte = next else { throw endOfText() }
        guard byte == UInt8(ascii: "\"") else { throw noName() }
        let start = position
        isNameEscaped = try scanString(isName: true)
        name = start..<position
        skipWhiteSpace()
        guard let colon = next else { throw endOfText() }
        guard colon == UInt8(ascii: ":") else { throw noColon() }
        position += 1
        skipWhiteSpace()
    }

    /// Reads a string from its opening quote on; whether it has escapes.
    private mutating func scanString(isName: Bool = false) throws(Diagnostic) -> Bool {
        let start = position
        var isEscaped = false
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return isEscaped
            }
            if byte < 0x20 { throw controlCharacter(inStringFrom: start) }
            if byte == UInt8(ascii: "\\") {
                isEscaped = true
                try scanEscape(inStringFrom: start, isName: isName)
            } else {
                position += 1
            }
        }
        throw unclosedString(from: start)
    }

    private mutating func scanEscape(inStringFrom start: Int, isName: Bool) throws(Diagnostic) {
        guard let letter = byte(at: position + 1) else { throw unclosedString(from: start) }
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
        case UInt8(ascii: "u"):
            guard let unit = hexadecimal(at: position + 2) else { throw badUnicodeEscape() }
            if unit == 0, isName || !allowsNUL { throw escapedNUL(isName: isName) }
            if unit & 0xF800 == 0xD800 {
                guard unit < 0xDC00, byte(at: position + 6) == UInt8(ascii: "\\"),
                    byte(at: position + 7) == UInt8(ascii: "u"), let low = hexadecimal(at: position + 8),
                    low & 0xFC00 == 0xDC00
                else { throw halfSurrogate() }
                position += 6
            }
            position += 6
        default:
            throw badEscape()
        }
    }

    /// The number of the four hexadecimal digits at `offset`, or nil when there are not four.
    private func hexadecimal(at offset: Int) -> UInt32? {
        var number: UInt32 = 0
        for offset in offset..<offset + 4 {
            guard let byte = byte(at: offset) else { return nil }
            switch byte {
            case 0x30...0x39: number = number << 4 | UInt32(byte - 0x30)
            case 0x41...0x46, 0x61...0x66: number = number << 4 | UInt32((byte | 0x20) - 0x61 + 10)
            default: return nil
            }
        }
        return number
    }

    private mutating func scanNumber() throws(Diagnostic) -> JSONKind {
        let token = wordRange(from: position)
        var offset = token.lowerBound
        if byte(at: offset) == UInt8(ascii: "-") { offset += 1 }
        let whole = skipDigits(&offset)
        var isValid = whole > 0 && !(whole > 1 && bytes[offset - whole] == UInt8(ascii: "0"))
        var kind = JSONKind.integer
        if byte(at: offset) == UInt8(ascii: ".") {
            kind = .real
            offset += 1
            if skipDigits(&offset) == 0 { isValid = false }
        }
        if let exponent = byte(at: offset), exponent | 0x20 == UInt8(ascii: "e") {
            kind = .real
            offset += 1
            if let sign = byte(at: offset), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { offset += 1 }
            if skipDigits(&offset) == 0 { isValid = false }
        }
        guard isValid, offset >= token.upperBound else { throw badWord(token) }
        position = offset
        return kind
    }

    private func skipDigits(_ offset: inout Int) -> Int {
        let start = offset
        while let byte = byte(at: offset), byte.isDigit { offset += 1 }
        return offset - start
    }

    private mutating func scanWord() throws(Diagnostic) -> JSONKind {
        let token = wordRange(from: position)
        let kind: JSONKind
        switch bytes[token] {
        case let word where word.elementsEqual("true".utf8): kind = .boolean
        case let word where word.elementsEqual("false".utf8): kind = .boolean
        case let word where word.elementsEqual("null".utf8): kind = .null
        default: throw noValue(token)
        }
        position = token.upperBound
        return kind
    }

    /// Adds an entry for what was read from `start` to the position.
    @discardableResult
    private mutating func add(_ kind: JSONKind, from start: Int) -> Int32 {
        let number = Int32(index.entries.count)
        var entry = JSONIndex.Entry(
            kind: kind, start: Int32(start), end: Int32(position), parent: open.last ?? -1, ordinal: 0)
        if let parent = open.last {
            entry.ordinal = index.entries[Int(parent)].count
            index.entries[Int(parent)].count += 1
        }
        entry.nameStart = Int32(name.lowerBound)
        entry.nameEnd = Int32(name.upperBound)
        entry.isNameEscaped = isNameEscaped
        entry.after = number + 1
        name = 0..<0
        isNameEscaped = false
        index.entries.append(entry)
        return number
    }
}

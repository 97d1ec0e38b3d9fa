import KrunDiagnostics

/// Finds out whether a file that is no JSON is a text at all: its size, its encoding, whether it has anything in it.
struct TextCheck {
    let source: SourceText

    /// - Parameter line: the number of the line that is too large; nil for a whole file.
    static func tooLarge(
        _ size: Int, file: String, line: Int? = nil, limit: Int = JSONDocument.sizeLimit
    ) -> Diagnostic {
        let place = Place(file: file, line: line ?? 1, column: 1, length: 1, path: "", excerpt: "")
        let noun = line == nil ? "file" : "line"
        return Diagnostic(
            .invalid, "the \(noun) has \(size) bytes, more than the \(limit) (\(limit >> 20) MiB) that are read",
            at: place, notes: line == nil ? ["split it into several files"] : [])
    }

    static func endless(file: String, limit: Int) -> Diagnostic {
        let place = Place(file: file, line: 1, column: 1, length: 1, path: "", excerpt: "")
        let noun = limit == JSONDocument.sizeLimit ? "scenario" : "report"
        return Diagnostic(
            .invalid, "there is more than the \(limit) bytes (\(limit >> 20) MiB) that are read of a \(noun)",
            at: place, notes: ["what comes after them was not read"])
    }

    /// What is wrong, or nil when it is a UTF-8 text.
    func problem() -> Diagnostic? {
        let bytes = source.bytes
        if bytes.allSatisfy(\.isWhiteSpace) {
            return at(
                0..<0,
                bytes.isEmpty ? "the \(source.noun) is empty" : "the \(source.noun) has nothing but white space in it",
                notes: ["an object without members is written {}"])
        }
        return problemOfEncoding(from: 0)
    }

    /// The same of its encoding alone, where the bytes before `start` are known.
    func problemOfEncoding(from start: Int) -> Diagnostic? {
        let bytes = source.bytes
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return at(0..<0, "the \(source.noun) is encoded in UTF-16", notes: ["save it as UTF-8"])
        }
        if let offset = firstBrokenByte() {
            let byte = String(bytes[offset], radix: 16, uppercase: true)
            return at(
                offset..<offset + 1,
                "the \(source.noun) is not UTF-8: the byte 0x\(byte) at offset \(offset) fits no character",
                notes: ["save it as UTF-8; in messages { \"base64\": … } and { \"hex\": … } carry any byte"])
        }
        if start == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            return at(
                0..<3, "the \(source.noun) begins with a byte order mark", label: "remove it",
                notes: ["most editors can save a file as \"UTF-8\" rather than \"UTF-8 with BOM\""])
        }
        if let offset = bytes.firstIndex(of: 0) {
            return at(
                offset..<offset + 1, "there is a NUL byte at offset \(offset)",
                notes: ["a text has none: is the file binary, or encoded in UTF-16?"])
        }
        return nil
    }

    /// What to say where there are more values than that, as far as can be told before the text is read as JSON.
    func tooManyValues(_ limit: Int) -> Diagnostic? {
        // The shortest has two bytes with its comma.
        guard source.bytes.count / 2 >= limit else { return nil }
        var values = 1
        var isInString = false
        var isAfterBackslash = false
        for (offset, byte) in source.bytes.enumerated() {
            if isInString {
                if byte == UInt8(ascii: "\""), !isAfterBackslash { isInString = false }
                isAfterBackslash = byte == UInt8(ascii: "\\") && !isAfterBackslash
            } else if byte == UInt8(ascii: "\"") {
                isInString = true
            } else if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") {
                values += 1
                if values > limit {
                    return at(
                        offset..<offset + 1, "the \(source.noun) has more than \(limit) values",
                        label: "no more are read", notes: ["split it into several files"])
                }
            }
        }
        return nil
    }

    private func at(_ range: Range<Int>, _ title: String, label: String = "", notes: [String]) -> Diagnostic {
        Diagnostic(.invalid, title, at: source.place(range, path: ""), label: label, notes: notes)
    }

    /// The first byte that belongs to no character of UTF-8, the first of several that make one only together.
    private func firstBrokenByte() -> Int? {
        if String(validating: source.bytes, as: UTF8.self) != nil { return nil }
        var parser = Unicode.UTF8.ForwardParser()
        var bytes = source.bytes.makeIterator()
        var offset = 0
        while true {
            switch parser.parseScalar(from: &bytes) {
            case .valid(let encoded): offset += encoded.count
            case .error: return offset
            case .emptyInput: return nil
            }
        }
    }
}

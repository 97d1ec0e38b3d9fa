import KrunDiagnostics
import KrunJSON

/// A key as somebody writes it: text, `hex:0001ff` or `base64:AAH/`.
enum WrittenKey {
    private static let hex = Array("hex:".utf8)
    private static let base64 = Array("base64:".utf8)

    /// The key's bytes.
    ///
    /// - Parameters:
    ///   - line: the 1-based number of the argument or the line.
    ///   - file: what stands for a file's name.
    /// - Throws: a usage diagnostic with the place of what is no digit or letter there.
    static func bytes(
        of text: UnsafeRawBufferPointer, line: Int, of file: String
    ) throws(Diagnostic) -> [UInt8] {
        if text.starts(with: hex) { return try hexadecimal(text, line, file) }
        guard text.starts(with: base64) else { return Array(text) }
        var bytes: [UInt8] = []
        let letters = UnsafeRawBufferPointer(rebasing: text[base64.count...])
        if Base64.append(decoding: letters, to: &bytes) { return bytes }
        let wrong = letters.firstIndex { !isLetterOfBase64($0) }
        let title = "the key does not hold base64"
        if let wrong, letters[wrong] != UInt8(ascii: "=") || letters.count - wrong > 2 {
            throw problem(title, "not a letter of base64 here", base64.count + wrong, text, line, file)
        }
        let label =
            letters.count % 4 == 0
            ? "its last letter has bits that belong to no byte" : "= is missing: the letters come in fours"
        throw problem(title, label, max(0, text.count - 1), text, line, file)
    }

    private static func hexadecimal(
        _ text: UnsafeRawBufferPointer, _ line: Int, _ file: String
    ) throws(Diagnostic) -> [UInt8] {
        let title = "the key does not hold hexadecimal digits"
        var bytes: [UInt8] = []
        var high: UInt8?
        for offset in hex.count..<text.count {
            guard let digit = Character(Unicode.Scalar(text[offset])).hexDigitValue, text[offset] < 0x80 else {
                throw problem(title, "not a hexadecimal digit", offset, text, line, file)
            }
            if let first = high {
                bytes.append(first << 4 | UInt8(digit))
                high = nil
            } else {
                high = UInt8(digit)
            }
        }
        guard high == nil else {
            throw problem(title, "a digit is missing after this one", text.count - 1, text, line, file)
        }
        return bytes
    }

    private static func isLetterOfBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }

    /// - Parameter offset: before it is nothing but ASCII, so that it is a column as well.
    private static func problem(
        _ title: String, _ label: String, _ offset: Int, _ text: UnsafeRawBufferPointer, _ line: Int, _ file: String
    ) -> Diagnostic {
        let start = max(0, offset - 60)
        let end = min(text.count, offset + 20)
        let place = Place(
            file: file, line: line, column: offset + 1, length: 1, path: "",
            excerpt: String(decoding: text[start..<end], as: UTF8.self), excerptColumn: start + 1,
            isExcerptCut: end < text.count)
        let example = ByteText.digits(text.starts(with: hex) ? hex : base64)
        return Diagnostic(
            .usage, title, at: place, label: label,
            notes: [
                "a key is text, or bytes such as hex:0001ff or base64:AAH/",
                "text that begins like that is given by its bytes: hex:\(example)…",
            ])
    }
}

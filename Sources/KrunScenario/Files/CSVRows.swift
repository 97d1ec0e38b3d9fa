import KrunDiagnostics
import KrunJSON

/// The rows of a text of comma-separated values as RFC 4180 has them, one after the other.
///
/// A byte order mark at its beginning is passed over, and so are empty lines; a line ends with a line feed, before which there may be a carriage
/// return.
struct CSVRows {
    struct Field {
        let text: String
        /// Where it stands, with its quotation marks.
        let range: Range<Int>
    }

    /// How many fields all rows may have together.
    private static let maximumFields = Scenario.maximumValues

    private let source: SourceText
    private let bytes: [UInt8]
    private var position = 0
    private var fields = 0

    init(_ bytes: [UInt8], file: String) {
        self.bytes = bytes
        source = SourceText(bytes, file: file)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    func place(_ range: Range<Int>) -> Place { source.place(range, path: "") }

    /// The next row, which has at least one field; nil at the end.
    ///
    /// - Throws: what is wrong with it; then there is no next one.
    mutating func next() throws(Diagnostic) -> [Field]? {
        if position <= 3, let problem = source.problemOfText(from: position) { throw problem }
        while let end = endOfLine(at: position) { position = end }
        guard position < bytes.count else { return nil }
        var row: [Field] = []
        while true {
            fields += 1
            guard fields <= Self.maximumFields else {
                throw Diagnostic(
                    .invalid, "the file has more than \(Self.maximumFields) values", at: place(position..<position + 1),
                    label: "no more are read")
            }
            row.append(try field())
            if position < bytes.count, bytes[position] == UInt8(ascii: ",") {
                position += 1
                continue
            }
            position = endOfLine(at: position) ?? position
            return row
        }
    }

    /// The first byte behind the line end that begins there; nil where none does.
    private func endOfLine(at position: Int) -> Int? {
        guard position < bytes.count else { return nil }
        if bytes[position] == UInt8(ascii: "\n") { return position + 1 }
        let isBoth =
            bytes[position] == UInt8(ascii: "\r") && position + 1 < bytes.count
            && bytes[position + 1] == UInt8(ascii: "\n")
        return isBoth ? position + 2 : nil
    }

    private mutating func field() throws(Diagnostic) -> Field {
        let start = position
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") { return try quoted() }
        while position < bytes.count, bytes[position] != UInt8(ascii: ","), endOfLine(at: position) == nil {
            if bytes[position] == UInt8(ascii: "\"") {
                throw Diagnostic(
                    .invalid, "there is a quotation mark in a field that has none around it",
                    at: place(position..<position + 1),
                    label: "put the field in quotation marks, and write this one twice")
            }
            position += 1
        }
        return Field(text: String(decoding: bytes[start..<position], as: UTF8.self), range: start..<position)
    }

    private mutating func quoted() throws(Diagnostic) -> Field {
        let start = position
        var text: [UInt8] = []
        position += 1
        while true {
            guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\"")) else {
                throw Diagnostic(
                    .invalid, "a quotation mark is not closed", at: place(start..<start + 1),
                    label: "the field that begins here has no end")
            }
            text += bytes[position..<end]
            position = end + 1
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { break }
            text.append(UInt8(ascii: "\""))
            position += 1
        }
        let isOver =
            position == bytes.count || bytes[position] == UInt8(ascii: ",") || endOfLine(at: position) != nil
        guard isOver else {
            throw Diagnostic(
                .invalid, "there is text after a quotation mark", at: place(position..<position + 1),
                label: "expected a comma or the end of the line",
                notes: ["a quotation mark within a field is written twice"])
        }
        return Field(text: String(decoding: text, as: UTF8.self), range: start..<position)
    }
}

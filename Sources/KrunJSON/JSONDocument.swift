public import KrunDiagnostics

/// A JSON text that was read whole: the values, and for each where it stands and its own source text.
public final class JSONDocument: Sendable {
    /// The largest text that is read, in bytes: 8 MiB.
    public static let sizeLimit = 8 * 1024 * 1024

    /// How many duplicate names are reported at most.
    static let duplicateLimit = 1000

    let source: SourceText
    let index: JSONIndex

    private init(source: SourceText, index: JSONIndex) {
        self.source = source
        self.index = index
    }

    /// What to say of a file that is too large to be read at all.
    public static func tooLarge(size: Int, file: String) -> Diagnostics {
        Diagnostics(TextCheck.tooLarge(size, file: file))
    }

    /// Reads `bytes` as one JSON value of any kind.
    ///
    /// - Parameters:
    ///   - valueLimit: more values than that are refused before memory is taken for them.
    ///   - line: the 1-based number of the line of the file that `bytes` are, where they are one line and not the file.
    /// - Throws: everything that is wrong with the text as JSON: a syntax error (the first), or all duplicate names
    ///   (the first thousand). Each is of kind `.invalid` and has a place.
    public static func parse(
        _ bytes: [UInt8], file: String, line: Int? = nil, valueLimit: Int = .max
    ) throws(Diagnostics) -> JSONDocument {
        guard bytes.count <= sizeLimit else {
            throw Diagnostics(TextCheck.tooLarge(bytes.count, file: file, line: line))
        }
        let source = SourceText(bytes, file: file, line: line)
        if let problem = TextCheck(source: source).tooManyValues(valueLimit) { throw Diagnostics(problem) }
        var complaint: Jansson.Complaint?
        do throws(Jansson.Complaint) {
            try Jansson.validate(bytes)
        } catch {
            complaint = error
            if let problem = TextCheck(source: source).problem() { throw Diagnostics(problem) }
        }
        var scanner = JSONScanner(source)
        var index: JSONIndex
        do throws(Diagnostic) {
            index = try scanner.scan()
        } catch {
            throw Diagnostics(error)
        }
        // The scanner knows every reason for which Jansson refuses a text; should a newer one have more, its words do.
        if let complaint {
            let place = source.place(complaint.offset..<complaint.offset, path: "")
            throw Diagnostics(Diagnostic(.invalid, "the text is not JSON: \(complaint.text)", at: place))
        }
        let duplicates = index.findNames(in: source, limit: duplicateLimit)
        guard duplicates.isEmpty else { throw Diagnostics(duplicates) }
        return JSONDocument(source: source, index: index)
    }

    /// The file's name as the user gave it.
    public var file: String { source.file }

    public var root: JSONNode { JSONNode(document: self, index: 0) }
}

/// Where in a file something stands: enough to print it, without the file.
public struct Place: Hashable, Sendable {
    /// The file's name as the user gave it.
    public var file: String
    /// 1-based.
    public var line: Int
    /// 1-based, in Unicode scalars, so that an editor's "go to column" finds it.
    public var column: Int
    /// How many scalars of the line belong to it; never beyond the line's end, but at least 1.
    public var length: Int
    /// The JSON path, such as `$.steps[1].expect.keys.alice`; empty where the text is not JSON.
    public var path: String
    /// The line's own text, or the part of a very long one around the place.
    public var excerpt: String
    /// The 1-based column at which `excerpt` begins; 1 unless the line was shortened.
    public var excerptColumn: Int
    /// Whether the line goes on after `excerpt`.
    public var isExcerptCut: Bool

    public init(
        file: String, line: Int, column: Int, length: Int, path: String, excerpt: String, excerptColumn: Int = 1,
        isExcerptCut: Bool = false
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.length = length
        self.path = path
        self.excerpt = excerpt
        self.excerptColumn = excerptColumn
        self.isExcerptCut = isExcerptCut
    }
}

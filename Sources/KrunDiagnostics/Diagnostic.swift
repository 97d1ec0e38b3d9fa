/// Something that is wrong, as data: what, where, and the way out. One printer shows them all (`DiagnosticText`).
public struct Diagnostic: Error, Hashable, Sendable {
    /// What kind of trouble this is; it decides the exit code.
    public enum Kind: String, Hashable, Sendable {
        /// The command line (exit code 1).
        case usage
        /// A scenario that does not parse or validate (exit code 2).
        case invalid
        /// A broker or run-time trouble (exit code 3).
        case runtime
        /// An expectation or an invariant that did not hold (exit code 4).
        case failure
        /// Worth knowing; changes no exit code.
        case warning
    }

    /// What was being done when it happened, shown above the source line.
    public struct Context: Hashable, Sendable {
        /// Such as `consume orders as baristas`.
        public var activity: String
        /// Such as `step 2 of 3`.
        public var position: String

        public init(activity: String, position: String) {
            self.activity = activity
            self.position = position
        }
    }

    public var kind: Kind
    /// One sentence without a full stop, naming the thing: `key "alice" is on another partition than expected`.
    public var title: String
    /// Where the file says it; nil where no file is involved.
    public var place: Place?
    public var context: Context?
    /// The words after the caret, such as `actual: 0`; may be empty.
    public var label: String
    /// Explanations and ways out, each a line after `=`.
    public var notes: [String]
    /// What was expected and what was there, where that is what it is about.
    public var mismatch: Mismatch?

    public init(
        _ kind: Kind, _ title: String, at place: Place? = nil, context: Context? = nil, label: String = "",
        notes: [String] = [], mismatch: Mismatch? = nil
    ) {
        self.kind = kind
        self.title = title
        self.place = place
        self.context = context
        self.label = label
        self.notes = notes
        self.mismatch = mismatch
    }
}

/// Several diagnostics thrown as one: all that is wrong with a file, in the order of the file.
public struct Diagnostics: Error, Hashable, Sendable {
    /// Never empty.
    public var all: [Diagnostic]
    /// How many more there were; the last of `all` says so where it is not 0.
    public var omitted = 0

    public init(_ all: [Diagnostic], omitted: Int = 0) {
        precondition(!all.isEmpty, "an error needs something to say")
        self.all = all
        self.omitted = omitted
    }

    /// With those that are not shown.
    public var count: Int { omitted == 0 ? all.count : all.count - 1 + omitted }

    public init(_ one: Diagnostic) {
        all = [one]
    }
}

/// Where in a file something stands: enough to print it, without the file.
public struct Place: Hashable, Sendable {
    /// What stands for the file's name where the text came in on stdin.
    public static let standardInput = "(standard input)"
    /// The same for text that was given as arguments: there is one on each line.
    public static let arguments = "(arguments)"

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
    /// Which scalars of `excerpt` the place is, where a secret that is hidden has moved them; nil for those that the columns say.
    public internal(set) var carets: Range<Int>?

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

import KrunDiagnostics
import KrunJSON

/// Takes down what is wrong with one file, and how much work the file may still ask for.
///
/// A decoder that finds something wrong reports it and answers nil, so that the rest of the file is looked at too.
final class Reporter {
    /// How many faults of one file are told.
    private static let maximumFindings = 500
    /// How many names are compared with a misspelt one.
    static let maximumCandidates = 1_000

    let file: String
    /// What was found wrong so far, in the order in which it was found.
    private(set) var findings: [(reason: FaultReason, diagnostic: Diagnostic)] = []
    /// How many more there are.
    private(set) var omitted = 0
    var work = WorkBudget()
    /// The numbers of the rounds that are read, from 0, the outermost first.
    var rounds: [Int] = []

    init(file: String) {
        self.file = file
    }

    func report(_ diagnostic: @autoclosure () -> Diagnostic, because reason: @autoclosure () -> FaultReason) {
        if isFull {
            omitted += 1
            return
        }
        let reason = reason()
        var diagnostic = diagnostic()
        // What is wrong in the first round is wrong whatever {{round}} is; how much is asked for is no matter of one.
        if let round = rounds.last, round > 0, reason != .budget {
            diagnostic.notes.append("with {{round}} = \(round)")
        }
        findings.append((reason, diagnostic))
    }

    /// Counts a fault that need not be told.
    func omit() { omitted += 1 }

    /// How many faults were found so far; those of a part of the file are its difference.
    var faults: Int { findings.count + omitted }

    /// Whether so much is wrong that more would help nobody.
    var isFull: Bool { findings.count >= Self.maximumFindings }

    /// What was probably meant by a name; nil when nothing is near.
    func nearest(to name: String, among names: some Sequence<String>) -> String? {
        isFull ? nil : Spelling.nearest(to: name, among: names.prefix(Self.maximumCandidates), effort: &work.spelling)
    }

    /// What was probably meant by a dotted name: a misspelt one, or one of which only some words are written.
    func nearestProperty(to name: String, among names: [String]) -> String? {
        if let nearest = nearest(to: name, among: names) { return nearest }
        // As much as comparing it letter by letter with about as many.
        work.spelling -= 100 * names.count
        guard !isFull, work.spelling > 0 else { return nil }
        let words = Self.words(of: name)
        // One word as short as "ms" would fit nearly everything.
        guard name.utf8.count >= 4, words.count <= 8 else { return nil }
        return names.filter { Self.isPart(words, of: Self.words(of: $0)) }
            .min { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
    }

    private static func words(of name: String) -> [Substring] {
        name.lowercased().split { ".-_ ".contains($0) }.map { Substring($0) }
    }

    /// Whether the words stand in another name in the same order, the first of them at its beginning.
    private static func isPart(_ words: [Substring], of whole: [Substring]) -> Bool {
        guard let first = words.first, first == whole.first else { return false }
        var rest = whole[...]
        for word in words {
            guard let index = rest.firstIndex(of: word) else { return false }
            rest = rest[(index + 1)...]
        }
        return true
    }

    /// Everything that was found, in the order of the file; what stands in no file or another one comes last.
    func sortedDiagnostics() -> [Diagnostic] {
        func position(_ diagnostic: Diagnostic) -> (Int, Int, Int) {
            guard let place = diagnostic.place else { return (2, 0, 0) }
            return (place.file == file ? 0 : 1, place.line, place.column)
        }
        var sorted = findings.map(\.diagnostic).enumerated().sorted { a, b in
            let (first, second) = (position(a.element), position(b.element))
            return first == second ? a.offset < b.offset : first < second
        }.map(\.element)
        if omitted > 0 {
            sorted.append(Diagnostic(.invalid, "\(omitted) more errors of \(file) are not shown"))
        }
        return sorted
    }
}

/// Why something is wrong with a file: what its structure tells, which the JSON Schema refuses as well, or what only the decoder knows.
enum FaultReason {
    /// A field that is unknown, missing or too much beside others; a value of the wrong type, out of range, or none of those there are.
    case structure
    /// What a template comes to, or that it is none.
    case template
    /// A number that is whole, and not written so: to a schema `3.0` is 3.
    case notation
    /// How long a duration is, what a number within a text is, how many bytes a text has.
    case amount
    /// A regular expression.
    case pattern
    /// A date that no calendar has.
    case calendar
    /// A name that Kafka refuses.
    case name
    /// A topic, group, partition or member that there is not, or that there is already.
    case declaration
    /// Fields far from each other, or their values, that do not go together.
    case combination
    /// What a broker or a client that the file does not name would refuse.
    case environment
    /// What is sent, and what becomes of it.
    case traffic
    /// A name that is nearly another's.
    case spelling
    /// A file that it names: that it is not there, or what stands in it.
    case file
    /// Several scenarios, where one was asked for.
    case several
    /// How much work the file asks for.
    case budget
    /// What does not stand in the file.
    case override
}

extension FaultReason {
    /// Of a value that is of the wrong type, out of range or none of those there are.
    init(of node: JSONNode?) {
        if let text = node?.string, TemplateScanner.mayHoldTemplates(text) {
            self = .template
        } else if node?.kind == .real, let number = node?.number, number == number.rounded() {
            self = .notation
        } else {
            self = .structure
        }
    }
}

/// How much work one file may still ask of its reader: no file keeps it busy for long, or fills the memory.
///
/// What is used is taken off. Where it is used up, the file is refused with the reason, or what the work was to tell is not
/// told.
struct WorkBudget {
    /// The most bytes that variables may come to, where they are used, all together.
    static let maximumExpansion = 10 << 20
    /// The most instructions of all patterns together.
    static let maximumPatterns = 1_000_000

    /// The most templates of a file.
    static let maximumTemplates = 100_000
    /// The most bytes of what stands between the braces of all templates together.
    static let maximumTemplateBytes = 2 << 20

    /// The most records of files, which are kept in memory.
    static let maximumRecords = 350_000

    /// What is tried one by one: a byte of a key, half an instruction of an expression, an eighth of a message that is looked at.
    var trials = 16_000_000
    /// Letters that are compared with letters to find what a misspelt name was meant to be.
    var spelling = 10_000_000
    /// In bytes.
    var expansion = Self.maximumExpansion
    var patterns = Self.maximumPatterns
    var templates = Self.maximumTemplates
    var records = Self.maximumRecords
    var steps = RepeatFields.stepLimit
    var templateBytes = Self.maximumTemplateBytes

    /// Takes trials off; false, with none taken, where there are not enough.
    mutating func takesTrials(_ count: Int) -> Bool {
        if trials < count { return false }
        trials -= count
        return true
    }
}

/// Names in a sentence, without more of them than anybody reads.
func listed(_ names: [String]) -> String {
    var text = ""
    for (number, name) in names.enumerated() {
        if number == 50 || text.utf8.count > 4_000 { return "\(text) and \(names.count - number) more" }
        if number > 0 { text += ", " }
        text += name.utf8.count > 300 ? String(name.unicodeScalars.prefix(60)) + "…" : name
    }
    return text
}

import KrunDiagnostics
import KrunJSON

/// What is known while one file is decoded, and what was found wrong with it so far.
///
/// A reader that finds something wrong reports it and answers nil, so that the rest of the file is looked at too.
final class DecodingContext {
    let file: String
    private(set) var diagnostics: [Diagnostic] = []
    /// By name; filled before anything that may use them is read.
    var variables: [String: Variable] = [:]
    /// The topics of the file by name; filled before the steps are read.
    var topics: [String: TopicDeclaration] = [:]
    /// Whether each declared group exists already; filled before the steps are read.
    var groups: [String: Bool] = [:]
    /// Where the values of misspelt fields stand: what they are was only guessed.
    var guessed: Set<Place> = []
    /// Whether the names of all topics could be read, so that others are known not to be declared.
    var knowsTopics = true
    /// Names of topics whose declaration is wrong in some other way, so that their uses are not reported too.
    var brokenTopics: Set<String> = []
    /// The produce steps so far.
    var produced: [ProduceStep] = []
    /// Whether every step so far could be read, so that `produced` is all that is sent.
    var knowsWhatIsProduced = true
    /// What strings with templates stand for, by their places; nil for what is wrong and was reported.
    var resolved: [Place: JSONNode?] = [:]

    init(file: String) {
        self.file = file
    }

    func report(_ title: String, at place: Place?, label: String = "", notes: [String] = []) {
        diagnostics.append(Diagnostic(.invalid, title, at: place, label: label, notes: notes))
    }

    func report(_ diagnostic: Diagnostic) {
        diagnostics.append(diagnostic)
    }

    /// Everything that was found, in the order of the file; what stands in no file or another one comes last.
    func sortedDiagnostics() -> [Diagnostic] {
        func position(_ diagnostic: Diagnostic) -> (Int, Int, Int) {
            guard let place = diagnostic.place else { return (2, 0, 0) }
            return (place.file == file ? 0 : 1, place.line, place.column)
        }
        return diagnostics.enumerated().sorted { a, b in
            let (first, second) = (position(a.element), position(b.element))
            return first == second ? a.offset < b.offset : first < second
        }.map(\.element)
    }
}

import KrunDiagnostics
import KrunJSON
import KrunNames

/// What is known while one file is decoded, and what was found wrong with it so far.
///
/// A reader that finds something wrong reports it and answers nil, so that the rest of the file is looked at too.
final class DecodingContext {
    /// How many faults of one file are told.
    static let mostDiagnostics = 500
    /// How many names are compared with a misspelt one.
    static let mostCandidates = 1_000

    let file: String
    /// What was found wrong so far, in the order in which it was found.
    private(set) var findings: [(reason: FaultReason, diagnostic: Diagnostic)] = []
    /// How many more there are.
    private(set) var omitted = 0
    /// By name; filled before anything that may use them is read.
    var variables: [String: Variable] = [:]
    /// The topics of the file by name; filled before the steps are read.
    var topics: [String: TopicDeclaration] = [:]
    /// The topics of the file by their names in Kafka's metrics.
    var metricNames: [String: String] = [:]
    /// Whether each declared group exists already; filled before the steps are read.
    var groups = NameMap<Bool>()
    /// Whether the scenario runs on no embedded broker; filled before the topics are read.
    var requiresRealBroker = false
    /// How many brokers the embedded cluster is to have at least; filled before the topics are read.
    var embeddedBrokers = Int(EmbeddedFields.brokers.form.value)
    /// How many partitions the topics have that the scenario creates.
    var partitionCount = 0
    /// Where properties were told not to go together, or not with what the step asks for.
    var reportedProperties: Set<JSONNode.ID> = []
    /// `timeouts.deliver`; filled before the steps are read.
    var declaredTimeouts = Timeouts()
    /// The values of misspelt fields: what they are was only guessed.
    var guessed: Set<JSONNode.ID> = []
    /// Whether the names of all topics could be read, so that others are known not to be declared.
    var knowsTopics = true
    /// Names of topics whose declaration is wrong in some other way, so that their uses are not reported too.
    var brokenTopics: Set<String> = []
    /// What the produce steps so far send.
    var produced: [SentMessages] = []
    /// The keys of the first `producedWithKnownKeys` of them, by topic.
    var sentKeys: [String: SentKeys] = [:]
    var producedWithKnownKeys = 0
    /// The partitioners that leave messages without a key to chance, by topic, of the first `producedWithKnownChance`.
    var chances: [String: Partitioner] = [:]
    var producedWithKnownChance = 0
    /// Whether every step so far could be read, so that `produced` is all that is sent.
    var knowsWhatIsProduced = true
    var work = WorkBudget()
    /// What strings with templates stand for, which are kept, too; nil for what is wrong and was reported.
    var resolved: [JSONNode.ID: (use: JSONNode, value: JSONNode?)] = [:]
    /// The declared topics, sorted: for after they were read.
    lazy var topicNames = topics.keys.sorted()
    /// What a misspelt topic may have been meant to be.
    lazy var topicCandidates = topicNames + brokenTopics.sorted()
    /// The file's variables, sorted: for after they were read.
    lazy var variableNames = variables.keys.sorted()

    init(file: String) {
        self.file = file
    }

    /// Texts and places are made only if they are to be shown.
    func report(
        _ title: @autoclosure () -> String, because reason: @autoclosure () -> FaultReason = .structure,
        at place: @autoclosure () -> Place?, label: @autoclosure () -> String = "",
        notes: @autoclosure () -> [String] = []
    ) {
        report(Diagnostic(.invalid, title(), at: place(), label: label(), notes: notes()), because: reason())
    }

    /// Counts a fault that need not be told.
    func omit() { omitted += 1 }

    func report(_ diagnostic: @autoclosure () -> Diagnostic, because reason: @autoclosure () -> FaultReason) {
        if isFull {
            omitted += 1
        } else {
            findings.append((reason(), diagnostic()))
        }
    }

    /// How many faults were found so far; those of a part of the file are its difference.
    var faults: Int { findings.count + omitted }

    /// Whether so much is wrong that more would help nobody.
    var isFull: Bool { findings.count >= Self.mostDiagnostics }

    /// What was probably meant by a name; nil when nothing is near.
    func nearest(to name: String, among names: some Sequence<String>) -> String? {
        isFull ? nil : Spelling.nearest(to: name, among: names.prefix(Self.mostCandidates), effort: &work.spelling)
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

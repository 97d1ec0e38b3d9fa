public import KrunDiagnostics
import KrunJSON
public import KrunOutcome

/// What files of reports need of a scenario: how it ended, why, what its steps came to in a line each, and when it happened, where that was kept.
///
/// It is made from an outcome, or read back from a JSON report.
public struct ScenarioSummary: Hashable, Sendable {
    /// A step in one line.
    public struct Step: Hashable, Sendable {
        /// Such as `2.1.3`.
        public var path: String
        /// What the file says: `consume orders as baristas`.
        public var title: String
        /// What came of it; may be empty.
        public var sentence: String
        public var status: Status
        public var duration: Duration
        /// The file's remark.
        public var note: String?
        /// How many messages were acknowledged; 0 of a step that sends none.
        public var sent = 0
        /// How many records were read.
        public var read = 0
        public var latency: LatencyOutcome?
    }

    /// Something that was wrong, with its text as a terminal shows it, without colours.
    public struct Problem: Hashable, Sendable {
        /// Without the line of the file, which stands in the text.
        public var diagnostic: Diagnostic
        public var text: String
    }

    /// One of several times that it was run, for it had not passed before.
    public struct Attempt: Hashable, Sendable {
        public var status: Status
        /// Digits; nil where nothing was run.
        public var seed: String?
        public var duration: Duration
        /// What was wrong first; nil where nothing was.
        public var reason: String?

        /// What readers show first: never empty.
        var headline: String { reason.flatMap { $0.isEmpty ? nil : $0 } ?? status.rawValue }
    }

    /// As it was given.
    public var file: String
    /// Empty where the file could not be read.
    public var name: String
    /// Where the name stands, or else where the file is wrong; 1-based.
    public var line: Int?
    public var description: String?
    public var tags: [String]
    public var status: Status
    /// Which of several runs of the scenario this was, from 1 on; nil where it was asked for once.
    public var repetition: Int?
    /// Every time that it was run, the last of which all else is about; empty where it was run once.
    public var attempts: [Attempt] = []
    /// Nil where it was not skipped.
    public var skipReason: String?
    /// Digits, whatever their number.
    public var seed: String?
    public var broker: BrokerOutcome?
    /// Milliseconds since 1970-01-01 UTC; 0 where nothing was run.
    public var startedAt: Int64
    public var duration: Duration
    /// How many steps the file has.
    public var stepCount: Int
    /// Those that were run, also those within others, in the order of their paths.
    public var steps: [Step]
    /// Those of the steps, in their order, then the scenario's own.
    public var problems: [Problem]
    public var invariants: [InvariantOutcome] = []
    /// What happened when, as compact JSON; nil where it was not kept.
    public var timeline: String?
    /// What ran beside the steps; nil where nothing was started.
    public var program: ProgramOutcome?
    /// The file's text; nil where it is not at hand.
    public var source: String?

    init(file: String, name: String, status: Status) {
        self.file = file
        self.name = name
        self.status = status
        tags = []
        startedAt = 0
        duration = .zero
        stepCount = 0
        steps = []
        problems = []
    }

    public init(_ outcome: ScenarioOutcome) {
        self.init(file: outcome.file, name: outcome.name, status: outcome.status)
        line = Self.line(of: outcome)
        description = outcome.description
        tags = outcome.tags
        repetition = outcome.repetition
        attempts = outcome.attempts.map { attempt in
            Attempt(
                status: attempt.status, seed: attempt.seed.map { String($0) }, duration: attempt.duration,
                reason: attempt.reason)
        }
        skipReason = outcome.skipReason
        seed = outcome.seed.map { String($0) }
        broker = outcome.broker
        startedAt = outcome.startedAt
        duration = outcome.duration
        stepCount = outcome.stepCount
        let all = outcome.allSteps
        steps = all.map {
            Step(
                path: $0.path.description, title: $0.title, sentence: StepSentence.text($0), status: $0.status,
                duration: $0.duration, note: $0.note, result: $0.result)
        }
        invariants = outcome.invariants
        program = outcome.program
        source = outcome.source
        timeline = outcome.timeline.map { TimelineJSON.value($0).text(pretty: false) }
        let printer = DiagnosticText(style: .plain)
        problems = (all.flatMap(\.diagnostics) + outcome.diagnostics).map { diagnostic in
            Problem(diagnostic: diagnostic, text: printer.text(diagnostic))
        }
    }

    /// The line that an outcome is about: that of its name, or of what is wrong with its file; nil for neither.
    static func line(of outcome: ScenarioOutcome) -> Int? {
        outcome.line ?? outcome.diagnostics.lazy.compactMap(\.place).first { $0.file == outcome.file }?.line
    }

    // MARK: Attempts

    /// Every time that it was run, also where that was once.
    var allAttempts: [Attempt] {
        if !attempts.isEmpty { return attempts }
        let reason = status == .passed ? nil : problems.lazy.map(\.diagnostic).first { $0.kind != .warning }?.title
        return [Attempt(status: status, seed: seed, duration: duration, reason: reason)]
    }

    /// Those that went before the one that counts, with their numbers from 1 on.
    var earlierAttempts: [(number: Int, attempt: Attempt)] {
        attempts.dropLast().enumerated().map { ($0 + 1, $1) }
    }

    /// Whether it passed, but not at once.
    var isFlaky: Bool { status == .passed && attempts.count > 1 }

    /// That it took several attempts, such as `passed at the 2nd attempt`; nil where it did not.
    package var attemptsRemark: String? {
        guard attempts.count > 1 else { return nil }
        return isFlaky
            ? "passed at the \(Amounts.ordinal(attempts.count)) attempt"
            : "the last of \(Amounts.count(attempts.count, "attempt"))"
    }

    /// What the attempts before the last one came to, a safe line each: `attempt 1: failed (seed 7): …`.
    package var attemptLines: [String] {
        earlierAttempts.map { number, attempt in
            let seed = attempt.seed.map { " (seed \(ReportedText.oneLine($0)))" } ?? ""
            let reason = attempt.reason.map { ": \(ReportedText.oneLine($0))" } ?? ""
            return "attempt \(number): \(attempt.status.rawValue)\(seed)\(reason)"
        }
    }

    // MARK: In words

    /// What it is called: its name, or else its file's, and which of several runs it was. Readers take two of one name for one.
    package var title: String { (name.isEmpty ? file : name) + runText }

    /// ` (run 3)` where there were several.
    var runText: String { repetition.map { " (run \($0))" } ?? "" }

    /// One line that says what was wrong; that it was skipped, and why; or nothing for what passed.
    var headline: String {
        switch status {
        case .passed: return ""
        case .skipped: return skipReason ?? "no reason given"
        case .interrupted: return "interrupted after \(Amounts.duration(duration))"
        case .failed, .error, .invalid: break
        }
        let titles = problems.map(\.diagnostic).filter { $0.kind != .warning }.map(\.title)
        guard let first = titles.first else { return status.rawValue }
        return titles.count == 1 ? first : "\(first) (and \(Amounts.number(titles.count - 1)) more)"
    }

    /// What its attempts and steps came to, a safe line each: what readers show as its output.
    var outputLines: [String] { [attemptsRemark].compactMap(\.self) + attemptLines + stepLines + programLines }

    private var programLines: [String] {
        guard let program, ![.passed, .skipped].contains(status) else { return [] }
        return [""] + ProgramText.lines(program).map { ReportedText.safe($0) }
    }

    /// All that was wrong, as on a terminal: several lines, safe, without a line end.
    var problemText: String { problems.map(\.text).joined(separator: "\n\n") }

    /// How many steps `stepLines` tells of.
    private static let stepLimit = 100

    /// What its steps came to, a safe line each.
    var stepLines: [String] {
        var lines = steps.prefix(Self.stepLimit).map { step in
            let mark = ScenarioText.mark(step.status)
            let sentence = step.sentence.isEmpty ? "" : ": \(ReportedText.oneLine(step.sentence))"
            let duration = Amounts.duration(step.duration)
            return "\(mark) \(step.path) \(ReportedText.oneLine(step.title))\(sentence) (\(duration))"
        }
        if steps.count > Self.stepLimit {
            lines.append("… \(Amounts.count(steps.count - Self.stepLimit, "step")) more")
        }
        return lines
    }

    /// The broker in words that are the same for each run: an embedded one has another address each time.
    var brokerText: String? {
        guard let broker else { return nil }
        let count = broker.brokers.map { ", " + Amounts.count($0, "broker") } ?? ""
        return (broker.kind == .embedded ? "embedded" : broker.address) + count
    }
}

extension ScenarioSummary.Step {
    fileprivate init(
        path: String, title: String, sentence: String, status: Status, duration: Duration, note: String?,
        result: StepOutcome.Result?
    ) {
        self.init(path: path, title: title, sentence: sentence, status: status, duration: duration, note: note)
        switch result {
        case .produce(let outcome): (sent, latency) = (outcome.messages, outcome.latency)
        case .consume(let outcome): (read, latency) = (outcome.messages, outcome.latency)
        case .group, .transaction, .offsets, .topic, .fault, .pause, .together, .repeat, nil: break
        }
    }

    /// - Parameter path: such as `2.1`.
    init(path: String, title: String, status: Status) {
        self.init(path: path, title: title, sentence: "", status: status, duration: .zero)
    }
}

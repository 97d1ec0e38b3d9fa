public import KrunOutcome
public import KrunPatterns
public import KrunScenario

/// Looks at the records of a step as they pass, for what is expected of them, what ends the step, and what is captured.
///
/// It keeps what a failure would show and what may still decide, not every record: how much depends on the number of matchers.
public struct RecordWatch: Sendable {
    /// A record that nearly matched.
    struct Near: Sendable {
        let record: RecordOutcome
        let passed: Int
        let failed: RecordTest.Field
    }

    /// What is known of one record matcher.
    struct Want: Sendable {
        let matcher: RecordMatcher
        /// The kept records that match it, in the order in which they came.
        let fits: [Int]
        /// Of those that do not match it the one that has most of its fields right, the first one.
        let nearest: Near?
    }

    /// A value to be taken.
    struct CaptureWant: Sendable {
        let capture: Capture
        var test: RecordTest
        var value: CapturedValue?
        /// The first record that matches, where its path leads nowhere.
        var empty: RecordOutcome?
    }

    /// The same record, however often it is read.
    private struct Identity: Hashable, Sendable {
        let topic: String
        let partition: Int32
        let offset: Int64
    }

    /// How many records are shown at most that a list has not.
    static let surplus = 20
    /// How many may match the matchers of `inOrder`.
    static let limitInOrder = 100_000

    let expectation: RecordsExpectation?
    private let rule: RecordsExpectation.Rule?
    // One list for each thing that is known of a matcher: a million records ask for one of them at a time.
    private var tests: [RecordTest]
    private var fits: [[Int]]
    private var nearest: [Near?]
    /// How many fields of those are right; -1 where there is none.
    private var nearestPassed: [Int]
    /// The matchers for which a record that matches would be news.
    private var hungry: [Int]
    private(set) var captures: [CaptureWant]
    /// Those for which no record has matched.
    private var openCaptures: [Int]
    /// What ends the step, and how often it must come.
    private var endTest: RecordTest?
    /// Whether there is one.
    public private(set) var endsTheStep = false
    private var endCount = 0
    private(set) var kept: [RecordOutcome] = []
    private var identities: [Identity: Int] = [:]
    /// How many there were, each once as far as that is known.
    private(set) var count = 0
    /// How many match what ends the step.
    public private(set) var matching = 0
    /// Whether more records match than can be kept.
    private(set) var isOverfull = false
    /// Why looking was given up; nil while it was not.
    public private(set) var stop: PatternBudget.Stop?
    private var timeLeft = PatternBudget.usual

    /// nil where a step asks nothing of single records.
    public init?(for step: ConsumeStep) {
        self.init(step.expect.records, step.captures)
        if case .matching(let matcher, let count) = step.until {
            (endTest, endCount, endsTheStep) = (RecordTest(matcher), count, true)
        }
        if expectation == nil, captures.isEmpty, endTest == nil { return nil }
    }

    public init?(for step: ProduceStep) {
        self.init(step.expect.records, [])
        if expectation == nil { return nil }
    }

    private init(_ expectation: RecordsExpectation?, _ captures: [Capture]) {
        self.expectation = expectation
        rule = expectation?.rule
        let matchers = expectation?.matchers ?? []
        tests = matchers.map { RecordTest($0) }
        fits = matchers.map { _ in [] }
        nearest = matchers.map { _ in nil }
        nearestPassed = matchers.map { _ in -1 }
        hungry = Array(matchers.indices)
        self.captures = captures.map { CaptureWant(capture: $0, test: RecordTest($0.from)) }
        openCaptures = Array(captures.indices)
    }

    var wants: [Want] {
        tests.indices.map { Want(matcher: tests[$0].matcher, fits: fits[$0], nearest: nearest[$0]) }
    }

    /// Whether what ends the step has come often enough.
    public var isSatisfied: Bool { endsTheStep && matching >= endCount }

    /// The time in which the patterns and paths of the records to come may be looked for; to be given back with `spent`.
    public func budget(isInterrupted: @escaping () -> Bool) -> PatternBudget {
        PatternBudget(timeLeft, isInterrupted: isInterrupted)
    }

    public mutating func spent(_ budget: PatternBudget) { timeLeft = max(.zero, timeLeft - budget.used) }

    /// Looks at a record. The reader of a group may have the same one before it again.
    public mutating func see(_ record: borrowing RecordView, within budget: PatternBudget) {
        guard stop == nil else { return }
        count += 1
        do throws(PatternBudget.Stop) {
            if endsTheStep, try endTest!.answer(record, within: budget).matches { matching += 1 }
            if !openCaptures.isEmpty { try capture(from: record, within: budget) }
            switch rule {
            case .exactly: keepOne(record)
            case .contains: try compare(record, upTo: tests.count, within: budget)
            case .inOrder: try compare(record, upTo: .max, within: budget)
            case nil: break
            }
        } catch {
            stop = error
        }
    }

    private mutating func capture(
        from record: borrowing RecordView, within budget: PatternBudget
    ) throws(PatternBudget.Stop) {
        for index in openCaptures {
            guard try captures[index].test.answer(record, within: budget).matches else { continue }
            openCaptures.removeAll { $0 == index }
            captures[index].value = try RecordText.value(captures[index].capture, in: record, within: budget)
            if captures[index].value == nil { captures[index].empty = record.kept }
        }
    }

    /// Keeps a record that may be one of a list.
    private mutating func keepOne(_ record: borrowing RecordView) {
        let identity = Identity(topic: record.topic, partition: record.partition, offset: record.offset)
        // One without an offset is never the same as another.
        if record.offset >= 0, identities[identity] != nil {
            count -= 1
        } else if kept.count < tests.count + Self.surplus {
            keep(record, identity)
        }
    }

    private mutating func keep(_ record: borrowing RecordView, _ identity: Identity) {
        identities[identity] = kept.count
        kept.append(record.kept)
    }

    /// - Parameter enough: how many records for a matcher are as good as any number of them.
    private mutating func compare(
        _ record: borrowing RecordView, upTo enough: Int, within budget: PatternBudget
    ) throws(PatternBudget.Stop) {
        var number: Int?
        var isFed = false
        for index in hungry {
            let answer = try tests[index].answer(record, within: budget)
            if let failed = answer.failed {
                note(answer.passed, failed, of: index, record.kept)
                continue
            }
            let identity = Identity(topic: record.topic, partition: record.partition, offset: record.offset)
            if number == nil {
                if record.offset >= 0, let known = identities[identity] {
                    number = known
                } else if kept.count < Self.limitInOrder {
                    number = kept.count
                    keep(record, identity)
                } else {
                    isOverfull = true
                    return
                }
            }
            if let number, fits[index].last != number, !fits[index].contains(number) {
                fits[index].append(number)
                if fits[index].count >= enough { isFed = true }
            }
        }
        if isFed { hungry.removeAll { fits[$0].count >= enough } }
    }

    /// Of those that do not match the one that has most fields right is kept.
    private mutating func note(
        _ passed: Int, _ failed: RecordTest.Field, of index: Int, _ record: @autoclosure () -> RecordOutcome
    ) {
        guard passed > nearestPassed[index], fits[index].isEmpty else { return }
        nearestPassed[index] = passed
        nearest[index] = Near(record: record(), passed: passed, failed: failed)
    }

    /// Compares the records that were kept with the matchers of a list.
    mutating func compareKept(within budget: PatternBudget) throws(PatternBudget.Stop) {
        for index in tests.indices {
            for (number, record) in kept.enumerated() {
                let answer = try record.withView { (view) throws(PatternBudget.Stop) in
                    try tests[index].answer(view, within: budget)
                }
                if let failed = answer.failed {
                    note(answer.passed, failed, of: index, record)
                } else {
                    fits[index].append(number)
                }
            }
        }
    }

    /// The records that may be those expected, as far as a report lists them; nil where none is expected.
    public var records: [RecordOutcome]? { expectation == nil ? nil : Array(kept.prefix(100)) }

    /// What was taken so far.
    public var captured: [CapturedValue] { captures.compactMap(\.value) }
}

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
        var test: RecordTest
        /// The kept records that match it, in the order in which they came.
        var fits: [Int] = []
        /// Of those that do not match it the one that has most of its fields right, the first one.
        var nearest: Near?
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
    private(set) var wants: [Want]
    private(set) var captures: [CaptureWant]
    private var end: (test: RecordTest, wanted: Int)?
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
        if case .matching(let matcher, let count) = step.until { end = (RecordTest(matcher), count) }
        if expectation == nil, captures.isEmpty, end == nil { return nil }
    }

    public init?(for step: ProduceStep) {
        self.init(step.expect.records, [])
        if expectation == nil { return nil }
    }

    private init(_ expectation: RecordsExpectation?, _ captures: [Capture]) {
        self.expectation = expectation
        wants = (expectation?.matchers ?? []).map { Want(test: RecordTest($0)) }
        self.captures = captures.map { CaptureWant(capture: $0, test: RecordTest($0.from)) }
    }

    /// Whether what ends the step has come often enough.
    public var isSatisfied: Bool { end.map { matching >= $0.wanted } ?? false }

    /// The time in which the patterns and paths of the records to come may be looked for; to be given back with `spent`.
    public func budget(isInterrupted: @escaping () -> Bool) -> PatternBudget {
        PatternBudget(timeLeft, isInterrupted: isInterrupted)
    }

    public mutating func spent(_ budget: PatternBudget) { timeLeft = max(.zero, timeLeft - budget.used) }

    /// Looks at a record. The reader of a group may have the same one before it again.
    public mutating func see(_ record: RecordView, within budget: PatternBudget) {
        guard stop == nil else { return }
        count += 1
        do throws(PatternBudget.Stop) {
            if end != nil, try end!.test.answer(record, within: budget).matches { matching += 1 }
            for index in captures.indices where captures[index].value == nil && captures[index].empty == nil {
                guard try captures[index].test.answer(record, within: budget).matches else { continue }
                captures[index].value = try RecordText.value(
                    captures[index].capture, in: record, within: budget)
                if captures[index].value == nil { captures[index].empty = record.kept }
            }
            switch expectation?.rule {
            case .exactly: keepOne(record)
            case .contains: try compare(record, upTo: wants.count, within: budget)
            case .inOrder: try compare(record, upTo: .max, within: budget)
            case nil: break
            }
        } catch {
            stop = error
        }
    }

    /// Keeps a record that may be one of a list.
    private mutating func keepOne(_ record: RecordView) {
        let identity = Identity(topic: record.topic, partition: record.partition, offset: record.offset)
        // One without an offset is never the same as another.
        if record.offset >= 0, identities[identity] != nil {
            count -= 1
        } else if kept.count < wants.count + Self.surplus {
            keep(record, identity)
        }
    }

    private mutating func keep(_ record: RecordView, _ identity: Identity) {
        identities[identity] = kept.count
        kept.append(record.kept)
    }

    /// - Parameter enough: how many records for a matcher are as good as any number of them.
    private mutating func compare(
        _ record: RecordView, upTo enough: Int, within budget: PatternBudget
    ) throws(PatternBudget.Stop) {
        var number: Int?
        for index in wants.indices where wants[index].fits.count < enough {
            let answer = try wants[index].test.answer(record, within: budget)
            if let failed = answer.failed {
                if wants[index].fits.isEmpty, answer.passed > wants[index].nearest?.passed ?? -1 {
                    wants[index].nearest = Near(record: record.kept, passed: answer.passed, failed: failed)
                }
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
            if let number, wants[index].fits.last != number, !wants[index].fits.contains(number) {
                wants[index].fits.append(number)
            }
        }
    }

    /// Compares the records that were kept with the matchers of a list.
    mutating func compareKept(within budget: PatternBudget) throws(PatternBudget.Stop) {
        for index in wants.indices {
            for (number, record) in kept.enumerated() {
                let answer = try record.withView { (view) throws(PatternBudget.Stop) in
                    try wants[index].test.answer(view, within: budget)
                }
                if let failed = answer.failed {
                    if wants[index].fits.isEmpty, answer.passed > wants[index].nearest?.passed ?? -1 {
                        wants[index].nearest = Near(record: record, passed: answer.passed, failed: failed)
                    }
                } else {
                    wants[index].fits.append(number)
                }
            }
        }
    }

    /// The records that may be those expected, as far as a report lists them; nil where none is expected.
    public var records: [RecordOutcome]? { expectation == nil ? nil : Array(kept.prefix(100)) }

    /// What was taken so far.
    public var captured: [CapturedValue] { captures.compactMap(\.value) }
}

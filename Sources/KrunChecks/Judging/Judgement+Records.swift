public import KrunDiagnostics
import KrunJSON
import KrunOutcome
public import KrunPatterns
public import KrunScenario

extension Judge {
    /// What is not as expected of single records, and what could not be captured; in the order of the file.
    ///
    /// - Parameter patterns: how long regular expressions and paths may be looked for.
    public static func judge(
        records watch: RecordWatch, of step: Step, stepCount: Int, patterns: PatternBudget = PatternBudget()
    ) -> [Diagnostic] {
        var judgement = Judgement(
            context: Diagnostic.Context(activity: step.title, position: step.path.position(of: stepCount)),
            partitionCounts: [:], partitioners: [:], patterns: patterns)
        judgement.judge(watch, in: step)
        judgement.sortByPlace()
        return judgement.diagnostics
    }
}

extension Judgement {
    mutating func judge(_ watch: RecordWatch, in step: Step) {
        var watch = watch
        if let expectation = watch.expectation {
            var stop = watch.stop
            if stop == nil, expectation.rule == .exactly {
                do throws(PatternBudget.Stop) { try watch.compareKept(within: patterns) } catch { stop = error }
            }
            if stop == .outOfTime {
                fail(
                    "the records could not be compared in time", at: expectation.node.place,
                    "no answer within \(PatternBudget.usual.shown)",
                    notes: ["all regular expressions and paths of a step have that together"])
            } else if stop == nil {
                judge(watch, expectation)
            }
        }
        for capture in watch.captures where capture.value == nil { judge(capture, watch.count) }
    }

    private mutating func judge(_ watch: RecordWatch, _ expectation: RecordsExpectation) {
        let wants = watch.wants
        var matching = Matching(count: wants.count)
        let unmatched = wants.indices.filter { !matching.pair($0, with: wants[$0].fits) }
        for index in unmatched { missing(wants[index], of: watch) }
        if watch.isOverfull {
            fail(
                "more records match than can be put in order", at: expectation.node.place,
                "more than \(RecordWatch.limitInOrder)", notes: ["let the matchers say more of them"])
            return
        }
        switch expectation.rule {
        case .contains: break
        case .exactly:
            surplus(watch, matching, expectation)
            if unmatched.isEmpty, watch.count == wants.count { order(watch, matching, expectation) }
        case .inOrder: if unmatched.isEmpty { order(watch, matching, expectation) }
        }
    }

    /// Says that no record is left for a matcher, and which one comes nearest.
    private mutating func missing(_ want: RecordWatch.Want, of watch: RecordWatch) {
        let matcher = want.matcher
        let all = "\(watch.count) \(watch.count == 1 ? "record" : "records")"
        let fitting = want.fits.count
        let label =
            fitting > 0
            ? "\(fitting == 1 ? "the one that matches stands" : "the \(fitting) that match stand") for others of the list already"
            : watch.count == 0 ? "there is none" : "none of \(all)"
        var notes: [String] = []
        if fitting == 0, let near = want.nearest {
            notes = ["the nearest: \(RecordText.place(near.record))"] + difference(matcher, near)
        }
        fail(
            "no record is as expected",
            Mismatch(
                .init("records"), expected: matcher.expected,
                actual: fitting == 0 ? want.nearest.map { RecordText.actual($0.record) } ?? .null : .null),
            at: matcher.node.place.firstScalar, isLiteral: true, label: label, notes: notes)
    }

    /// What of the nearest record is otherwise.
    private func difference(_ matcher: RecordMatcher, _ near: RecordWatch.Near) -> [String] {
        let record = near.record
        func line(_ matcher: Matcher?, _ actual: String) -> [String] {
            ["its \(near.failed) is \(actual), expected \(matcher.map { MismatchText.text($0.expected) } ?? "another")"]
        }
        switch near.failed {
        case .topic: return line(matcher.topic, KeyText.quoted(record.topic.utf8))
        case .partition: return line(matcher.partition, "\(record.partition)")
        case .offset: return line(matcher.offset, "\(record.offset)")
        case .timestamp: return line(matcher.timestamp, record.timestamp.map { "\($0)" } ?? "not there")
        case .key:
            return line(matcher.key, record.key.map { KeyText.quoted($0) } ?? "null")
        case .headers:
            let headers = record.headers.map { "\($0.key): \(RecordValue.text($0.value, asJSON: false))" }
            return [
                "its headers are \(headers.isEmpty ? "none" : headers.prefix(Self.noteLimit).joined(separator: ", ")), "
                    + "expected \(matcher.expectedHeaders.map { MismatchText.text($0) } ?? "others")"
            ]
        case .value:
            guard let value = matcher.value else { return [] }
            if let hunk = JSONHunk.lines(value, record.value) {
                return ["its value, - expected and + actual:"] + hunk
                    + (isOnlyLonger(record.value, than: value)
                        ? ["all that is expected is in it: { \"contains\": … } asks for no more"] : [])
            }
            return line(value, RecordValue.text(record.value, asJSON: value.comparesJSON))
        }
    }

    /// Whether a value has all members that are expected, and others as well.
    private func isOnlyLonger(_ actual: [UInt8]?, than matcher: Matcher) -> Bool {
        guard case .equals(.json(let part)) = matcher.rule, part.kind == .object,
            let whole = actual.flatMap({ RecordValue.json($0) })
        else { return false }
        return (try? JSONPart.isPart(part, of: whole, within: PatternBudget(.seconds(1)))) == true
    }

    /// Says which records are more than a list has.
    private mutating func surplus(
        _ watch: RecordWatch, _ matching: Matching, _ expectation: RecordsExpectation
    ) {
        let extra = watch.kept.indices.filter { matching.wants[$0] == nil }
        let more = watch.count - watch.kept.count
        guard !extra.isEmpty || more > 0, watch.count > expectation.matchers.count else { return }
        let count = watch.count - expectation.matchers.count
        let shown = extra.prefix(Self.noteLimit).map { RecordText.whole(watch.kept[$0]) }
        let hidden = extra.count - shown.count + more
        fail(
            "there are more records than expected",
            Mismatch(
                .init("records"), expected: .list(expectation.matchers.map(\.expected)),
                actual: .list(watch.kept.map { RecordText.actual($0) })),
            at: expectation.node.place.firstScalar, isLiteral: true,
            label: "\(watch.count) instead of \(expectation.matchers.count)",
            notes: ["\(count) more:"] + shown + (hidden > 0 ? ["and \(hidden) more"] : []))
    }

    /// Says that records stand in another order than the list.
    private mutating func order(_ watch: RecordWatch, _ matching: Matching, _ expectation: RecordsExpectation) {
        let wants = watch.wants
        let assignment = RecordAssignment(
            watch.kept, fits: wants.map(\.fits), isWhole: expectation.rule == .exactly)
        switch assignment.solve() {
        case .found: return
        case .unknown:
            fail(
                "whether the records are in order could not be found out", at: expectation.node.place.firstScalar,
                "too many of them match several", notes: ["let the matchers say more of them"])
        case .stuck(let count):
            let want = wants[count]
            let taken = matching.candidates.enumerated().compactMap { number, candidate in
                candidate.map { (number: number + 1, record: watch.kept[$0]) }
            }.sorted {
                ($0.record.topic, $0.record.partition, $0.record.offset)
                    < ($1.record.topic, $1.record.partition, $1.record.offset)
            }
            let shown = taken.prefix(Self.noteLimit).map { "\($0.number) of the list: \(RecordText.place($0.record))" }
            fail(
                "the records are in another order than expected",
                Mismatch(
                    .init("records"), expected: .list(expectation.matchers.map(\.expected)),
                    actual: .list(
                        watch.kept.prefix(RecordWatch.surplus + wants.count).map { RecordText.actual($0) })),
                at: want.matcher.node.place.firstScalar, isLiteral: true,
                label: expectation.rule == .exactly
                    ? "in its partition another one stands in its place"
                    : "in its partition it does not stand behind those before it",
                notes: ["in the order of their offsets:"] + shown
                    + (taken.count > shown.count ? ["and \(taken.count - shown.count) more"] : []))
        }
    }

    private mutating func judge(_ want: RecordWatch.CaptureWant, _ count: Int) {
        let capture = want.capture
        if let record = want.empty {
            var untimed = record
            untimed.timestamp = nil
            let shown = KeyText.shortened(RecordText.json(untimed))
            fail(
                "nothing to capture where the path leads", at: (capture.node["path"] ?? capture.node).place,
                "\(RecordText.place(record)) has nothing there", notes: ["the record: \(shown)"])
        } else {
            fail(
                "no record to capture \(capture.name.quotedForMessage) from",
                at: (capture.node["from"] ?? capture.node).place.firstScalar,
                count == 0 ? "there is none" : "none of \(count) \(count == 1 ? "record" : "records")")
        }
    }
}

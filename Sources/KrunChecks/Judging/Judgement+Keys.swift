import KrunDiagnostics
import KrunJSON
import KrunOutcome
import KrunPatterns
import KrunScenario

extension Judgement {
    /// - Parameter key: nil for the messages without a key.
    mutating func judge(
        _ records: TopicRecords, _ expect: KeyExpectation, key: [UInt8]?, topic: String, _ wording: Wording
    ) {
        let subject = KeySubject(key: key)
        let found = key.map { key in records.keys.first { $0.key == key } } ?? records.nullKey
        guard let found, found.messages > 0 else {
            judgeAbsence(records, expect, subject, topic, wording)
            return
        }
        if let matcher = expect.partition { judge(matcher, found, subject, topic) }
        compare(
            subject.mismatch("partitions", topic), expect.partitions, Int64(found.partitions.count),
            "\(subject.name) \(subject.isOrAre) on another number of partitions than expected",
            notes: [Self.onPartitions(found)])
        compare(
            subject.mismatch("messages", topic), expect.messages, Int64(found.messages),
            key == nil
                ? "another number of messages without a key was \(wording.participle) than expected"
                : "\(subject.name) has another number of messages than expected")
        if let values = expect.values { judge(found, values, subject, topic, wording) }
    }

    /// A key that was not there is one failure, however much was expected of it.
    private mutating func judgeAbsence(
        _ records: TopicRecords, _ expect: KeyExpectation, _ subject: KeySubject, _ topic: String, _ wording: Wording
    ) {
        let isExpected =
            expect.partition == nil && expect.partitions?.accepts(0) ?? true && expect.messages?.accepts(0) ?? true
            && expect.values?.values.isEmpty ?? true
        if isExpected { return }
        var notes: [String] = []
        if records.keysAreSampled {
            notes.append("there are more than 1000000 different keys")
        }
        if subject.key != nil {
            let texts = records.keys.lazy.compactMap(\.text)
            if let near = ByteText.writable(expect.key).flatMap({ Spelling.nearest(to: $0, among: texts) }) {
                notes.append("the nearest key that was \(wording.participle): \(KeyText.quoted(near.utf8))")
            } else if records.keys.isEmpty {
                notes.append("no message with a key was \(wording.participle)")
            } else {
                let shown = records.keys.prefix(5).map { KeyText.quoted($0.key) }.joined(separator: ", ")
                let more = records.distinctKeys > 5 ? " and \(records.distinctKeys - 5) more" : ""
                notes.append("keys that were \(wording.participle): \(shown)\(more)")
            }
        }
        let title =
            subject.key == nil
            ? "no message without a key was \(wording.participle)" : "\(subject.name) was not \(wording.participle)"
        fail(
            title,
            Mismatch(
                subject.mismatch(nil, topic), expected: expect.expected,
                actual: .object([.init("messages", .number(0))])),
            at: expect.keyPlace, isLiteral: true, label: "actual: 0 messages", notes: notes)
    }

    private mutating func judge(_ matcher: Matcher, _ found: KeyOutcome, _ subject: KeySubject, _ topic: String) {
        let key = subject.key
        guard found.partitions.count == 1, let actual = found.partitions.first else {
            fail(
                "\(subject.name) \(subject.isOrAre) on several partitions", subject.mismatch("partition", topic),
                matcher,
                actual: .list(found.partitions.map { .number(Int64($0)) }),
                notes: ["\"partition\" is the one partition of a key, \"partitions\" how many it is on"]
                    + placement(key, topic, expected: matcher, actual: nil))
            return
        }
        if matcher.accepts(Int64(actual)) { return }
        fail(
            "\(subject.name) \(subject.isOrAre) on another partition than expected",
            subject.mismatch("partition", topic), matcher, actual: .number(Int64(actual)),
            notes: placement(key, topic, expected: matcher, actual: actual))
    }

    /// Explains with the partitioner that gives the actual partition, if several were used; where none of the scenario's own
    /// did it, with what all the keys that were read have in common.
    private mutating func placement(
        _ key: [UInt8]?, _ topic: String, expected: Matcher, actual: Int32?
    ) -> [String] {
        guard let partitions = partitionCounts[topic], partitions > 0 else { return [] }
        let used = (partitioners[topic] ?? []).sorted { $0.rawValue < $1.rawValue }
        let gives = { (partitioner: Partitioner) in partitioner.partition(forKey: key, partitions: partitions) }
        let responsible = actual.flatMap { actual in used.first { gives($0) == actual } }
        // Chance is an explanation too.
        let own = responsible ?? used.first { gives($0) == nil } ?? (actual == nil ? used.first : nil)
        if let own {
            return PlacementExplanation.notes(key: key, partitions: partitions, partitioner: own)
                + study.hints(key, topic, expected, partitioner: own)
        }
        guard let actual else { return [] }
        let calculation = used.first.map {
            PlacementExplanation.notes(key: key, partitions: partitions, partitioner: $0)
        }
        return study.observation(key, topic, actual: actual, calculation: calculation ?? [])
            + study.hints(key, topic, expected, partitioner: study.observed(topic).first ?? used.first)
    }

    private static func onPartitions(_ found: KeyOutcome) -> String {
        let numbers = found.partitions.prefix(Self.noteLimit).map { "\($0)" }
        let more = found.partitions.count > Self.noteLimit ? " and more" : ""
        let noun = found.partitions.count == 1 ? "partition" : "partitions"
        return "\(noun) \(more.isEmpty ? KeyText.list(numbers) : numbers.joined(separator: ", ") + more)"
    }

    private mutating func judge(
        _ found: KeyOutcome, _ expect: ValuesExpectation, _ subject: KeySubject, _ topic: String, _ wording: Wording
    ) {
        let actual = found.values ?? []
        // What is sent has the order of sending; what is read has one within a partition.
        let disorder =
            wording.isProduce || found.partitions.count < 2
            ? [] : ["they were read from \(Self.onPartitions(found)): there is no order between partitions"]
        if expect.anyOrder { return judgeInAnyOrder(found, expect, subject, topic) }
        let common = min(actual.count, expect.values.count)
        guard let differing = differing(actual, expect, subject) else { return }
        if differing.isEmpty, actual.count == expect.values.count { return }
        let title = "the values of \(subject.name) are not as expected"
        if let index = differing.first, differing.count == 1, actual.count == expect.values.count {
            let matcher = expect.values[index]
            fail(
                title, subject.mismatch("values", topic), matcher,
                actual: .record(actual[index], isJSON: matcher.comparesJSON),
                notes: expect.values.count == 1 ? [] : ["value \(index + 1) of \(actual.count)"] + disorder)
            return
        }
        let label =
            actual.count == expect.values.count
            ? "\(differing.count) of \(actual.count) differ"
            : "actual: \(actual.count) \(actual.count == 1 ? "value" : "values")"
        let rows = differing + Array(common..<max(actual.count, expect.values.count))
        fail(
            title,
            Mismatch(
                subject.mismatch("values", topic), expected: .list(expect.values.map(\.expected)),
                actual: .list(actual.map { .record($0, isJSON: false) })),
            at: expect.node.place, isLiteral: true, label: label, notes: table(rows, actual, expect) + disorder)
    }

    /// Each value for one matcher, whichever is which.
    private mutating func judgeInAnyOrder(
        _ found: KeyOutcome, _ expect: ValuesExpectation, _ subject: KeySubject, _ topic: String
    ) {
        let actual = found.values ?? []
        var matching = Matching(count: expect.values.count)
        var missing: [Int] = []
        do throws(PatternBudget.Stop) {
            for (index, matcher) in expect.values.enumerated() {
                var fits: [Int] = []
                for (number, value) in actual.enumerated() where try matcher.accepts(value: value, within: patterns) {
                    fits.append(number)
                }
                if !matching.pair(index, with: fits) { missing.append(index) }
            }
        } catch {
            if error == .outOfTime {
                fail(
                    "the values of \(subject.name) could not be compared in time", at: expect.node.place,
                    "no answer within \(patterns.duration.shown)")
            }
            return
        }
        let extra = actual.indices.filter { matching.wants[$0] == nil }
        guard !missing.isEmpty || !extra.isEmpty else { return }
        let wanted = missing.prefix(Self.noteLimit).map { "- \(MismatchText.text(expect.values[$0].expected))" }
        let there = extra.prefix(Self.noteLimit).map { "+ \(RecordValue.text(actual[$0], asJSON: false))" }
        let more = missing.count + extra.count - wanted.count - there.count
        fail(
            "the values of \(subject.name) are not as expected",
            Mismatch(
                subject.mismatch("values", topic),
                expected: .matcher("anyOrder", .list(expect.values.map(\.expected))),
                actual: .list(actual.map { .record($0, isJSON: false) })),
            at: expect.node.place.firstScalar, isLiteral: true,
            label: "\(missing.count) missing, \(extra.count) too much",
            notes: wanted + there + (more > 0 ? ["and \(more) more"] : []))
    }

    /// The positions at which there is another value than expected, as far as both lists go; nil, with the failure told once,
    /// when that could not be found out.
    private mutating func differing(
        _ actual: [[UInt8]?], _ expect: ValuesExpectation, _ subject: KeySubject
    ) -> [Int]? {
        let known = patterns.stop
        var differing: [Int] = []
        for index in 0..<min(actual.count, expect.values.count) {
            let matcher = expect.values[index]
            do throws(PatternBudget.Stop) {
                if try !matcher.accepts(value: actual[index], within: patterns) { differing.append(index) }
            } catch {
                guard error == .outOfTime, known == nil else { return nil }
                let time = patterns.duration.shown
                fail(
                    "the values of \(subject.name) could not be compared with a regular expression in time",
                    at: matcher.node.place, "no answer within \(time)",
                    notes: [
                        "value \(index + 1) of \(actual.count) has \(actual[index]?.count ?? 0) bytes",
                        "all regular expressions of a step have \(time) together: expect shorter values, or \"equals\"",
                    ])
                return nil
            }
        }
        return differing
    }

    /// The rows that differ: number, expected, actual.
    private func table(_ rows: [Int], _ actual: [[UInt8]?], _ expect: ValuesExpectation) -> [String] {
        let shown = rows.prefix(Self.noteLimit).map { row in
            [
                "\(row + 1)", row < expect.values.count ? MismatchText.text(expect.values[row].expected) : "nothing",
                row < actual.count
                    ? RecordValue.text(
                        actual[row], asJSON: row >= expect.values.count || expect.values[row].comparesJSON) : "nothing",
            ]
        }
        let cells = ([["value", "expected", "actual"]] + shown).map { $0.map(TerminalText.safe) }
        let widths = (0..<2).map { column in cells.map { TerminalText.cells($0[column]) }.max() ?? 0 }
        var lines = cells.map { row in
            (0..<2).map { column in
                row[column] + String(repeating: " ", count: widths[column] - TerminalText.cells(row[column])) + "  "
            }.joined() + row[2]
        }
        if rows.count > shown.count { lines.append("and \(rows.count - shown.count) more") }
        return lines
    }
}

extension KeyExpectation {
    /// All that is expected of it.
    fileprivate var expected: Mismatch.Value {
        guard
            case .object(var members) = Mismatch.Value.fields([
                ("partition", partition), ("partitions", partitions), ("messages", messages),
            ])
        else { return .null }
        if let values { members.append(.init("values", .list(values.values.map(\.expected)))) }
        return .object(members)
    }
}

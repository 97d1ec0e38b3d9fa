import KrunDiagnostics
import KrunJSON
import KrunOutcome
import KrunPatterns
import KrunScenario

/// A record matcher, made for being asked of many records.
struct RecordTest {
    /// What of a record did not match.
    enum Field: String, CaseIterable {
        case topic, partition, offset, timestamp, key, headers, value
    }

    /// How far a record matches: by the fields in their order, that which costs least first.
    struct Answer {
        /// Those that matched before the first that did not.
        let passed: Int
        /// nil where all do.
        let failed: Field?

        var matches: Bool { failed == nil }
    }

    let matcher: RecordMatcher
    private var key: ValueTest?
    private var value: ValueTest?
    /// How many fields it asks for.
    let fields: Int

    init(_ matcher: RecordMatcher) {
        self.matcher = matcher
        key = matcher.key.map { ValueTest($0) }
        value = matcher.value.map { ValueTest($0) }
        let numbers = [matcher.topic, matcher.partition, matcher.offset, matcher.timestamp, matcher.key, matcher.value]
        fields = numbers.count { $0 != nil } + (matcher.headers == nil ? 0 : 1)
    }

    /// - Throws: when a pattern or a path could not be looked for to the end.
    mutating func answer(
        _ record: borrowing RecordView, within budget: PatternBudget
    ) throws(PatternBudget.Stop) -> Answer {
        var passed = 0
        if let topic = matcher.topic {
            let name = Array(record.topic.utf8)
            if try !topic.accepts(value: name, within: budget) { return Answer(passed: passed, failed: .topic) }
            passed += 1
        }
        if let partition = matcher.partition {
            guard partition.accepts(Int64(record.partition)) else { return Answer(passed: passed, failed: .partition) }
            passed += 1
        }
        if let offset = matcher.offset {
            guard offset.accepts(record.offset) else { return Answer(passed: passed, failed: .offset) }
            passed += 1
        }
        if let timestamp = matcher.timestamp {
            guard timestamp.accepts(record.timestamp) else { return Answer(passed: passed, failed: .timestamp) }
            passed += 1
        }
        if key != nil {
            if try !key!.accepts(record.key, within: budget) { return Answer(passed: passed, failed: .key) }
            passed += 1
        }
        if let headers = matcher.headers {
            if try !Self.accepts(headers, record.headers, within: budget) {
                return Answer(passed: passed, failed: .headers)
            }
            passed += 1
        }
        if value != nil {
            if try !value!.accepts(record.value, within: budget) { return Answer(passed: passed, failed: .value) }
            passed += 1
        }
        return Answer(passed: passed, failed: nil)
    }

    private static func accepts(
        _ matcher: RecordMatcher.HeadersMatcher, _ headers: [RecordOutcome.Header], within budget: PatternBudget
    ) throws(PatternBudget.Stop) -> Bool {
        switch matcher {
        case .exactly(let expected, _):
            guard expected.count == headers.count else { return false }
            for (header, actual) in zip(expected, headers) {
                guard header.key.utf8.elementsEqual(actual.key.utf8) else { return false }
                if let value = header.value, try !value.accepts(value: actual.value, within: budget) { return false }
            }
            return true
        case .contains(let expected, _):
            for header in expected {
                let named = headers.filter { $0.key.utf8.elementsEqual(header.key.utf8) }
                if case .exists(let exists)? = header.value?.rule {
                    if exists == named.isEmpty { return false }
                    continue
                }
                guard let value = header.value else { continue }
                var isThere = false
                for header in named where try value.accepts(value: header.value, within: budget) {
                    isThere = true
                    break
                }
                if !isThere { return false }
            }
            return true
        }
    }
}

extension RecordMatcher {
    /// What it asks for, with the values of variables in their places.
    var expected: Mismatch.Value {
        let fields: [(name: String, matcher: Matcher?)] = [
            ("topic", topic), ("partition", partition), ("offset", offset), ("key", key), ("value", value),
            ("timestamp", timestamp),
        ]
        guard case .object(var members) = Mismatch.Value.fields(fields) else { return .null }
        if let expectedHeaders { members.append(.init("headers", expectedHeaders)) }
        return .object(members)
    }

    /// What it asks of headers; nil for nothing.
    var expectedHeaders: Mismatch.Value? {
        switch headers {
        case .exactly(let headers, _):
            .list(
                headers.map { header in
                    .object(
                        [.init("key", .text(header.key))]
                            + (header.value.map { [.init("value", $0.expected)] } ?? []))
                })
        case .contains(let headers, _):
            .object(headers.compactMap { header in header.value.map { .init(header.key, $0.expected) } })
        case nil: nil
        }
    }
}

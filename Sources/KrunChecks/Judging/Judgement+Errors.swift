import KrunDiagnostics
import KrunJSON
import KrunOutcome
import KrunScenario

extension Judgement {
    mutating func judge(_ outcome: TransactionOutcome, _ expect: TransactionExpectation) {
        compare(.init("error"), expect.error, error: outcome.error)
        compare(expect.duration, outcome.duration)
    }

    /// The error with which a produce step must fail, by its name or by how many messages failed with which.
    mutating func judge(_ outcome: ProduceOutcome, _ expect: ErrorExpectation?, notes: [String]) {
        switch expect {
        case nil: break
        case .name(let matcher): compare(.init("error"), matcher, error: outcome.error, notes: notes)
        case .counts(let counts):
            for expected in counts {
                let name = ErrorName.canonical(expected.name)
                compare(
                    .init("error"), expected.messages, Int64(outcome.errors[name] ?? 0),
                    "another number of messages failed with \(name) than expected", notes: notes)
            }
        }
    }

    /// Compares an error, by any of the names that mean it; nil is none.
    private mutating func compare(
        _ subject: Mismatch.Subject, _ matcher: Matcher?, error: String?, notes: [String] = []
    ) {
        let spellings = error.map { ErrorName.spellings(of: $0) } ?? []
        if let matcher, spellings.contains(where: { accepts(matcher, $0) }) { return }
        compare(subject, matcher, error, "the step ended otherwise than expected", notes: notes)
    }

    /// Compares a name; nil is one that is not there.
    mutating func compare(
        _ subject: Mismatch.Subject, _ matcher: Matcher?, _ actual: String?, _ title: @autoclosure () -> String,
        notes: @autoclosure () -> [String] = []
    ) {
        guard let matcher, !accepts(matcher, actual) else { return }
        fail(title(), subject, matcher, actual: actual.map { .text($0) } ?? .null, notes: notes())
    }

    private func accepts(_ matcher: Matcher, _ name: String?) -> Bool {
        // A stop of the patterns' budget is told where values of records are judged; a name is short.
        (try? matcher.accepts(value: name.map { Array($0.utf8) }, within: patterns)) == true
    }
}

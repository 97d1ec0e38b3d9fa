import KrunDiagnostics

/// The figures of a table that somebody was asked about.
struct ShownFigures {
    /// `topic`, `group`.
    let kind: String
    let titles: [String]
    /// The name first.
    let rows: [[String]]

    /// Whether all is as it was shown.
    ///
    /// - Parameters:
    ///   - now: the same rows as they are by now.
    ///   - participle: `deleted`.
    /// - Throws: `Diagnostics` with what has changed of each row.
    func check(against now: [[String]], participle: String) throws(Diagnostics) {
        var problems: [Diagnostic] = []
        for (before, now) in zip(rows, now) {
            let changes = zip(titles, zip(before, now)).filter { $1.0 != $1.1 }
            guard !changes.isEmpty else { continue }
            problems.append(
                Diagnostic(
                    .runtime, "\(kind) \(before[0]) has changed meanwhile",
                    notes: changes.map { "\($0): \($1.1), where \($1.0) was shown" }))
        }
        guard !problems.isEmpty else { return }
        problems[problems.count - 1].notes.append("nothing was \(participle): ask again, or say --yes")
        throw Diagnostics(problems)
    }
}

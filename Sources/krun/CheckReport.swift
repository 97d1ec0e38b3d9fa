import KrunDiagnostics

/// What `krun check` says.
struct CheckReport {
    let errors: String
    let totals: String
    let invalidCount: Int

    init(_ entries: [ScenarioLoader.Entry], color: Console.ColorChoice) {
        let text = DiagnosticText(style: Console.style(of: .error, color))
        var errors = ""
        var problems = 0
        var invalid = 0
        for entry in entries {
            guard case .failure(let diagnostics) = entry.scenario else { continue }
            invalid += 1
            problems += CheckReport.count(diagnostics.all, of: entry.file)
            errors += diagnostics.all.map { text.text($0) + "\n\n" }.joined()
        }
        self.errors = errors
        invalidCount = invalid
        let files = entries.count == 1 ? "1 file" : "\(entries.count) files"
        totals =
            invalid == 0
            ? "\(files) checked: nothing is wrong\n"
            : "\(files) checked: \(problems) \(problems == 1 ? "error" : "errors") in \(invalid)\n"
    }

    /// How many errors a file has, with those that its last line only counts.
    private static func count(_ diagnostics: [Diagnostic], of file: String) -> Int {
        guard let last = diagnostics.last, last.place == nil else { return diagnostics.count }
        let ending = " more errors of \(file) are not shown"
        guard last.title.hasSuffix(ending), let omitted = Int(last.title.dropLast(ending.count)) else {
            return diagnostics.count
        }
        return diagnostics.count - 1 + omitted
    }
}

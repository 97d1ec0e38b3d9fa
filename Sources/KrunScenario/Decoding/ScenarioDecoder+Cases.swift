public import KrunDiagnostics
import KrunJSON

/// A file with `cases` is a scenario for each of them.
extension Scenario {
    /// How many bytes all scenarios of one file may have together: 64 MiB.
    private static let maximumBytesOfCases = 64 << 20

    /// Reads and checks a scenario file, which is several scenarios where it has `cases`.
    ///
    /// - Parameters: as of `decode`.
    /// - Returns: one, or one for each case, in the order of the file.
    /// - Throws: everything that is wrong with it, in the order of the file. What is wrong in every case is told once.
    public static func decodeAll(
        _ bytes: [UInt8], file: String, overrides: ScenarioOverrides = .none, files: FolderFiles? = nil
    ) throws(Diagnostics) -> [Scenario] {
        let document = try JSONDocument.parse(bytes, file: file, valueLimit: maximumValues)
        guard let node = document.root[ScenarioFields.cases.name] else {
            return [try decode(document.root, file: file, overrides: overrides, files: files, late: LateValues())]
        }
        let reporter = Reporter(file: file)
        let cases = ScenarioDecoder(reporter: reporter, files: files).cases(node)
        if document.root.sourceText.count * cases.count > maximumBytesOfCases {
            reporter.report(
                Diagnostic(
                    .invalid, "the scenarios of this file are too large all together",
                    at: node.place.firstScalar,
                    label:
                        "\(cases.count) cases of \(document.root.sourceText.count) bytes are more than \(maximumBytesOfCases >> 20) MiB"
                ),
                because: .budget)
            throw Diagnostics(reporter.sortedDiagnostics())
        }
        var scenarios: [Scenario] = []
        var found = CaseFindings(count: cases.count)
        var work = WorkBudget.ofCases
        for one in cases {
            let own = Reporter(file: file)
            own.work.limit(by: work)
            let before = own.work
            let scenario = ScenarioDecoder(reporter: own, files: files)
                .scenario(document.root, overrides: overrides, case: one)
            work.take(before, without: own.work)
            found.add(own, of: one)
            if let scenario { scenarios.append(scenario) }
        }
        found.tell(reporter)
        let diagnostics = reporter.sortedDiagnostics()
        if !diagnostics.isEmpty { throw Diagnostics(diagnostics, omitted: reporter.omitted) }
        return scenarios
    }

    /// What to say of a file that is several scenarios to somebody who wants one.
    static func several(_ cases: [ScenarioCase], _ node: JSONNode) -> Diagnostic {
        Diagnostic(
            .invalid, "the file is \(cases.count) scenarios, one for each of its cases", at: node.keyPlace,
            label: "one is expected here", notes: ["Scenario.all(contentsOf:) reads all of them"])
    }
}

/// What is wrong with the cases of a file: what several have is told once.
private struct CaseFindings {
    /// How many cases there are.
    let count: Int
    private var findings: [(reason: FaultReason, diagnostic: Diagnostic, first: ScenarioCase, cases: Int)] = []
    private var numbers: [Diagnostic: Int] = [:]
    private var omitted = 0

    init(count: Int) { self.count = count }

    mutating func add(_ reporter: Reporter, of one: ScenarioCase) {
        omitted = max(omitted, reporter.omitted)
        var own: Set<Diagnostic> = []
        for finding in reporter.findings where own.insert(finding.diagnostic).inserted {
            if let number = numbers[finding.diagnostic] {
                findings[number].cases += 1
            } else {
                numbers[finding.diagnostic] = findings.count
                findings.append((finding.reason, finding.diagnostic, one, 1))
            }
        }
    }

    func tell(_ reporter: Reporter) {
        for finding in findings {
            var diagnostic = finding.diagnostic
            if finding.cases < count {
                let more = finding.cases - 1
                let others = more == 0 ? "" : more == 1 ? ", and in 1 other" : ", and in \(more) others"
                diagnostic.notes.append(finding.first.note + others)
            }
            reporter.report(diagnostic, because: finding.reason)
        }
        for _ in 0..<omitted { reporter.omit() }
    }
}

extension WorkBudget {
    private static var amounts: [WritableKeyPath<WorkBudget, Int>] {
        [\.trials, \.spelling, \.expansion, \.patterns, \.templates, \.steps, \.templateBytes]
    }

    /// What all cases of a file may ask for together: as much as ten files. Records are kept in memory: of them there may be no more.
    static var ofCases: WorkBudget {
        var budget = WorkBudget()
        for amount in amounts { budget[keyPath: amount] *= 10 }
        return budget
    }

    mutating func limit(by all: WorkBudget) {
        for amount in Self.amounts + [\.records] {
            self[keyPath: amount] = min(self[keyPath: amount], max(0, all[keyPath: amount]))
        }
    }

    /// Takes off what one of the cases has used.
    mutating func take(_ before: WorkBudget, without after: WorkBudget) {
        for amount in Self.amounts + [\.records] {
            self[keyPath: amount] -= before[keyPath: amount] - max(0, after[keyPath: amount])
        }
    }
}

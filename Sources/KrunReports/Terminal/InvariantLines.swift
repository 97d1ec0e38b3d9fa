import KrunDiagnostics
import KrunOutcome

/// What became of the invariants: a line when all that were judged held, otherwise also one for each that did not.
struct InvariantLines {
    private let invariants: [InvariantOutcome]
    /// Whether each is listed whatever its verdict.
    private let isVerbose: Bool

    init(invariants: [InvariantOutcome], isVerbose: Bool) {
        // Those of transactions help nobody whose scenario has none.
        self.invariants = invariants.filter { outcome in
            if isVerbose || !outcome.invariant.isOfTransactions { return true }
            if case .nothingToJudge = outcome.verdict { return false }
            return true
        }
        self.isVerbose = isVerbose
    }

    /// Empty when nothing was to be judged.
    func lines(_ style: TextStyle, indent: String, width: Int? = nil) -> [String] {
        if invariants.isEmpty { return [] }
        var lines = ["\(indent)invariants: \(counts)\(isVerbose ? "" : reasons)"]
        let nameWidth = invariants.reduce(0) { max($0, $1.invariant.rawValue.count) }
        for outcome in invariants {
            let name = Padding.right(outcome.invariant.rawValue, to: nameWidth)
            switch outcome.verdict {
            case .held:
                if isVerbose { lines.append("\(indent)  \(style.green("✓")) \(name)  held") }
            case .notJudged(let reason), .nothingToJudge(let reason):
                if isVerbose { lines.append("\(indent)  - \(name)  not judged: \(TerminalText.safe(reason))") }
            case .broken(let count, let cases, let isAllowed):
                let mark = isAllowed ? style.yellow("~") : style.red("✗")
                let verdict = isAllowed ? "broken, which the file allows" : "broken"
                lines.append("\(indent)  \(mark) \(name)  \(verdict): \(Amounts.count(count, "case"))")
                // A broken invariant that is not allowed has a diagnostic, which names its cases.
                if isAllowed || isVerbose {
                    lines += caseLines(cases, of: count, indent: indent + "      ")
                }
            }
        }
        return lines.flatMap { line in
            TextFold.lines(line, width: width, indent: String(line.prefix { $0 == " " }) + "  ")
        }
    }

    private func caseLines(_ cases: [String], of count: Int, indent: String) -> [String] {
        let more =
            count > cases.count && !cases.isEmpty ? ["\(indent)… and \(Amounts.number(count - cases.count)) more"] : []
        return cases.map { indent + TerminalText.safe($0) } + more
    }

    /// Such as `6 held, 2 not judged`.
    private var counts: String {
        var held = 0
        var broken = 0
        var allowed = 0
        var notJudged = 0
        for outcome in invariants {
            switch outcome.verdict {
            case .held: held += 1
            case .broken(_, _, allowed: true): allowed += 1
            case .broken: broken += 1
            case .notJudged, .nothingToJudge: notJudged += 1
            }
        }
        let parts = [(held, "held"), (broken, "broken"), (allowed, "broken as allowed"), (notJudged, "not judged")]
        return parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }

    /// Such as ` (key-affinity, per-key-order: no message had a key)`; empty when all were judged.
    private var reasons: String {
        var names: [(reason: String, names: [String])] = []
        for outcome in invariants {
            guard let reason = outcome.verdict.reason else { continue }
            if let index = names.firstIndex(where: { $0.reason == reason }) {
                names[index].names.append(outcome.invariant.rawValue)
            } else {
                names.append((reason, [outcome.invariant.rawValue]))
            }
        }
        if names.isEmpty { return "" }
        let parts = names.map { "\($0.names.joined(separator: ", ")): \(TerminalText.safe($0.reason))" }
        return " (\(parts.joined(separator: "; ")))"
    }
}

public import KrunDiagnostics
import KrunJSON
public import KrunOutcome

/// What differs from one run of the same scenarios to the next: how they ended, and the numbers of their steps.
public struct RunChanges: Sendable {
    /// Of a step so many numbers are told.
    private static let shownNumbers = 4
    /// So many lines at most.
    private static let shownLines = 12
    /// What differs in any two runs.
    private static let volatile = ["duration", "rate", "latency", "id", "ids", "generation", "seed"]

    private struct Key: Hashable {
        let file: String
        let name: String
    }

    /// The last one of each that could be read.
    private var last: [Key: ScenarioOutcome] = [:]

    public init() {}

    /// What is different now, in lines; the outcomes are those to compare with from then on.
    ///
    /// A file that cannot be read changes nothing: what it did before is what the next run is compared with.
    public mutating func text(after outcomes: [ScenarioOutcome], style: TextStyle) -> String {
        var lines: [String] = []
        let isFirst = last.isEmpty
        for outcome in outcomes where outcome.status != .invalid {
            let before = last.updateValue(outcome, forKey: Key(file: outcome.file, name: outcome.name))
            guard let before else {
                if !isFirst { lines.append(Self.title(outcome) + ": new") }
                continue
            }
            var own: [String] = []
            if before.status != outcome.status {
                let (old, new) = (before.status, outcome.status)
                own.append(
                    "\(style.marked(old.rawValue, as: old)) → \(style.marked(new.rawValue, as: new))")
            }
            let steps = Dictionary(before.allSteps.map { ($0.path, $0) }) { first, _ in first }
            for step in outcome.allSteps {
                guard let old = steps[step.path], old.title == step.title else { continue }
                let numbers = Self.differences(old, step)
                if !numbers.isEmpty { own.append("step \(step.path): \(numbers)") }
            }
            if !own.isEmpty { lines += ["\(Self.title(outcome)): \(own[0])"] + own.dropFirst().map { "  \($0)" } }
        }
        let isAllRead = outcomes.allSatisfy { $0.status != .invalid }
        if isFirst { return "" }
        if lines.isEmpty { return isAllRead ? style.dim("changed: nothing") + "\n" : "" }
        if lines.count > Self.shownLines {
            lines =
                lines.prefix(Self.shownLines) + ["… and \(Amounts.number(lines.count - Self.shownLines)) lines more"]
        }
        return style.bold("changed:") + "\n" + lines.map { "  \($0)\n" }.joined()
    }

    private static func title(_ outcome: ScenarioOutcome) -> String {
        "\(TerminalText.safe(outcome.file))  \(TerminalText.safe(outcome.name))"
    }

    /// Such as `messages 5 → 6, lag 0 → 1`.
    private static func differences(_ old: StepOutcome, _ new: StepOutcome) -> String {
        let before = Dictionary(numbers(of: old)) { first, _ in first }
        let differences = numbers(of: new).compactMap { name, value -> String? in
            guard let old = before[name], old != value else { return nil }
            return "\(TerminalText.safe(name)) \(Amounts.number(old)) → \(Amounts.number(value))"
        }
        let more = differences.count - shownNumbers
        return (differences.prefix(shownNumbers) + (more > 0 ? ["\(Amounts.number(more)) more"] : []))
            .joined(separator: ", ")
    }

    /// The numbers of a step's outcome by their paths in the JSON report, those first that are about the whole.
    private static func numbers(of step: StepOutcome) -> [(String, Int64)] {
        guard step.lists.isEmpty, let outcome = JSONStep.object(step).members.first(where: { $0.name == "outcome" })
        else { return [] }
        var numbers: [(name: String, value: Int64, depth: Int)] = []
        func collect(_ value: JSONValue, _ path: [String]) {
            switch value {
            case .integer(let number): numbers.append((path.joined(separator: "."), number, path.count))
            case .object(let members):
                for member in members where !isVolatile(member.name) { collect(member.value, path + [member.name]) }
            default: break
            }
        }
        collect(outcome.value, [])
        return numbers.enumerated().sorted { ($0.element.depth, $0.offset) < ($1.element.depth, $1.offset) }
            .map { ($0.element.name, $0.element.value) }
    }

    private static func isVolatile(_ name: String) -> Bool {
        let name = name.lowercased()
        return volatile.contains { name == $0 || name.hasSuffix($0) && $0.count > 3 }
    }
}

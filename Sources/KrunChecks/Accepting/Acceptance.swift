package import KrunDiagnostics
import KrunJSON
package import KrunOutcome

/// What a run saw, written in the place of what its file expected.
///
/// Only literals that failed are replaced, byte for byte where they stand; what a variable or a matcher says is left, and so is what no literal
/// of its field can say.
package struct Acceptance {
    /// An expectation that failed and is left as it was.
    package struct Left: Hashable, Sendable {
        package let place: Place
        package let title: String
        package let reason: String
    }

    /// The file's new text; nil where nothing is replaced.
    package private(set) var text: [UInt8]?
    /// How many literals are replaced.
    package private(set) var accepted = 0
    /// In the order of the file.
    package private(set) var left: [Left] = []
    /// Why nothing at all is accepted; nil where that is not so.
    package private(set) var refusal: String?

    /// - Parameters:
    ///   - source: the file's text, as it was when it was run.
    ///   - check: what is wrong with a text as a scenario, run with the same variables; nil for nothing.
    package init(of outcome: ScenarioOutcome, _ source: [UInt8], check: ([UInt8]) -> Diagnostics?) {
        do throws(Refusal) {
            let failures = try Self.failures(of: outcome)
            if failures.isEmpty { return }
            guard let document = try? JSONDocument.parse(source, file: outcome.file) else {
                throw Refusal(reason: "it is no JSON any more")
            }
            accept(failures, in: document, source, check)
        } catch {
            refusal = error.reason
        }
    }

    // MARK: What failed

    private struct Refusal: Error {
        let reason: String
    }

    /// An expectation that failed, once or in several rounds.
    private struct Failure {
        let diagnostic: Diagnostic
        let place: Place
        var mismatches: [Mismatch]
        /// Which step of the file it is: the path of its outcome without the numbers of rounds.
        let step: [Int]
    }

    /// In the order of the file.
    private static func failures(of outcome: ScenarioOutcome) throws(Refusal) -> [(Failure, times: Int)] {
        switch outcome.status {
        case .passed, .skipped: return []
        case .failed: break
        case .interrupted: throw Refusal(reason: "the run was ended before it was over")
        case .error, .invalid:
            let all = outcome.diagnostics + outcome.allSteps.flatMap(\.diagnostics)
            throw Refusal(reason: all.first { $0.kind != .failure && $0.kind != .warning }?.title ?? "it was not run")
        }
        if let trouble = outcome.diagnostics.first(where: { $0.kind != .warning }) {
            throw Refusal(reason: trouble.title)
        }
        var failures: [Failure] = []
        var times: [[Int]: Int] = [:]
        for (step, path) in flattened(outcome.steps, within: []) {
            times[path, default: 0] += 1
            for diagnostic in step.diagnostics where diagnostic.kind != .warning {
                guard let mismatch = diagnostic.mismatch, let place = diagnostic.place else {
                    throw Refusal(reason: diagnostic.title)
                }
                if let known = failures.firstIndex(where: { $0.place == place }) {
                    failures[known].mismatches.append(mismatch)
                } else {
                    failures.append(
                        Failure(diagnostic: diagnostic, place: place, mismatches: [mismatch], step: path))
                }
            }
        }
        return failures.map { ($0, times[$0.step] ?? 1) }
            .sorted { ($0.0.place.line, $0.0.place.column) < ($1.0.place.line, $1.0.place.column) }
    }

    /// Every step with its path, in which all rounds of a repeat have one number.
    private static func flattened(_ steps: [StepOutcome], within path: [Int]) -> [(StepOutcome, [Int])] {
        steps.enumerated().flatMap { index, step -> [(StepOutcome, [Int])] in
            let own = path + [index]
            switch step.result {
            case .repeat(let rounds): return [(step, own)] + rounds.flatMap { flattened($0, within: own + [0]) }
            case .together(let branches):
                return [(step, own)]
                    + branches.enumerated().flatMap { flattened($1, within: own + [$0]) }
            default: return [(step, own)]
            }
        }
    }

    // MARK: What is written

    private typealias Edit = (range: Range<Int>, text: [UInt8], failure: Failure)

    private mutating func accept(
        _ failures: [(Failure, times: Int)], in document: JSONDocument, _ source: [UInt8],
        _ check: ([UInt8]) -> Diagnostics?
    ) {
        var edits: [Edit] = []
        for (failure, times) in failures {
            do throws(Refusal) {
                edits.append(try Self.edit(failure, times: times, in: document))
            } catch {
                leave(failure, error.reason)
            }
        }
        if let problem = check(Self.applied(edits, to: source)) {
            // Which of them it is.
            edits = edits.filter { edit in
                guard let problem = check(Self.applied([edit], to: source)) else { return true }
                leave(edit.failure, "krun check would refuse it: \(problem.all[0].title)")
                return false
            }
            if check(Self.applied(edits, to: source)) != nil {
                for edit in edits { leave(edit.failure, "krun check would refuse it: \(problem.all[0].title)") }
                edits = []
            }
        }
        left.sort { ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column) }
        accepted = edits.count
        if !edits.isEmpty { text = Self.applied(edits, to: source) }
    }

    private mutating func leave(_ failure: Failure, _ reason: String) {
        left.append(Left(place: failure.place, title: failure.diagnostic.title, reason: reason))
    }

    /// - Parameter edits: in the order of the text.
    private static func applied(_ edits: [Edit], to source: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        var position = 0
        for edit in edits {
            text += source[position..<edit.range.lowerBound]
            text += edit.text
            position = edit.range.upperBound
        }
        return text + source[position...]
    }

    private static func edit(
        _ failure: Failure, times: Int, in document: JSONDocument
    ) throws(Refusal) -> Edit {
        let mismatch = failure.mismatches[0]
        guard let field = mismatch.subject.field else {
            throw Refusal(reason: "it is not there at all: correct its name, or take it out")
        }
        guard failure.place.file == document.file, failure.place.path.hasPrefix("$.steps"),
            let node = document.value(at: failure.place)
        else { throw Refusal(reason: "a variable says what is expected") }
        guard !LiteralSource.isMeasured(field) else {
            throw Refusal(reason: "it is another in each run: expect a range, such as { \"max\": … }")
        }
        if let reason = LiteralSource.reasonToLeave(node, mismatch.expected) { throw Refusal(reason: reason) }
        guard failure.mismatches.allSatisfy({ $0.actual == mismatch.actual }) else {
            throw Refusal(reason: "the rounds of its repeat step differ")
        }
        guard failure.mismatches.count == times else {
            throw Refusal(reason: "in other rounds of its repeat step it held")
        }
        do throws(LiteralSource.Unwritable) {
            let text = try LiteralSource.text(of: mismatch.actual, insteadOf: node)
            return (node.sourceRange, text, failure)
        } catch {
            throw Refusal(reason: error.reason)
        }
    }
}

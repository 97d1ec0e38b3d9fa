package import KrunDiagnostics
package import KrunJSON
import KrunReports

/// What a command found or did: for people, and for programs.
package protocol CommandResult {
    /// Lines with their ends; empty where there is nothing to say.
    func text(_ style: TextStyle) -> String
    var json: JSONValue { get }
    /// What else somebody should know: warnings, and what went wrong with a part. It is printed in either form, on stderr.
    var remarks: [Diagnostic] { get }
}

extension CommandResult {
    package var remarks: [Diagnostic] { [] }
}

/// Says, where something is wrong with one of several names, that the others were left alone too.
///
/// - Parameter participle: `deleted`.
@discardableResult
func allOrNothing<Result>(_ participle: String, _ names: [String], _ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch var error as Diagnostics where Set(names).count > 1 {
        error.all[error.all.count - 1].notes.append("nothing was \(participle)")
        throw error
    }
}

/// What would destroy something, to be shown before it is done.
package protocol DestructivePlan: CommandResult {
    associatedtype Outcome: CommandResult

    /// Whether nothing is left to be done.
    var isEmpty: Bool { get }
    /// Whether what becomes of it says all of it again, so that the plan need not be shown where nobody is asked.
    var isToldByOutcome: Bool { get }
    /// Does it; each part that fails is among the outcome's remarks.
    ///
    /// - Parameter wasAsked: whether somebody looked at the plan meanwhile and said yes to it; then it is done only where all
    ///   is still as it was shown.
    func carryOut(wasAsked: Bool) throws -> Outcome
}

extension DestructivePlan {
    package var isToldByOutcome: Bool { false }
}

/// How figures of topics and groups stand in a table.
enum Cells {
    static func number(_ value: (some BinaryInteger)?) -> String {
        value.map { Amounts.number($0) } ?? "–"
    }

    static func brokers(_ ids: [Int32]) -> String {
        ids.map(String.init).joined(separator: ", ")
    }
}

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

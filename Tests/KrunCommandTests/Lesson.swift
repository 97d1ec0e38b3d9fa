import Foundation

/// The conversations of a document: its `console` blocks, in their order.
///
/// - `name$ command`: typed in the terminal of that name; the lines behind it are what it says.
/// - `name…`: what that terminal says next by itself.
/// - `name^C`: Ctrl+C there, and what it says then.
struct Lesson {
    enum Action: Equatable {
        case run(String)
        case goOn
        case interrupt
    }

    struct Step {
        var terminal: String
        var action: Action
        var saying: [String]
        /// 1-based, in the document.
        var line: Int
    }

    var steps: [Step] = []
    /// Lines of blocks that belong to no terminal.
    var strays: [Int] = []

    init(_ text: String) {
        var isInside = false
        for (index, line) in text.components(separatedBy: "\n").enumerated() {
            if line.hasPrefix("```") {
                isInside = !isInside && line == "```console"
            } else if isInside, let step = Lesson.step(line, index + 1) {
                steps.append(step)
            } else if isInside {
                if steps.isEmpty { strays.append(index + 1) } else { steps[steps.count - 1].saying.append(line) }
            }
        }
    }

    private static func step(_ line: String, _ number: Int) -> Step? {
        let name = String(line.prefix { $0.isLetter && $0.isLowercase && $0.isASCII })
        guard !name.isEmpty else { return nil }
        let rest = line.dropFirst(name.count)
        if rest.hasPrefix("$ ") {
            return Step(terminal: name, action: .run(String(rest.dropFirst(2))), saying: [], line: number)
        }
        if rest == "…" { return Step(terminal: name, action: .goOn, saying: [], line: number) }
        if rest == "^C" { return Step(terminal: name, action: .interrupt, saying: [], line: number) }
        return nil
    }

    /// Whether the command of a step is still running when another step comes to its terminal.
    func staysRunning(_ index: Int) -> Bool {
        let next = steps[(index + 1)...].first { $0.terminal == steps[index].terminal }
        return next.map { $0.action == .goOn || $0.action == .interrupt } ?? false
    }
}

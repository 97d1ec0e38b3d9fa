import KrunDiagnostics
import KrunJSON

/// JSON as people write scenarios: what fits stands on one line, and each step, message and member of what does not on its own.
struct ScenarioLayout {
    private static let width = 120
    private var text = ""

    /// The file's text, with a line end.
    static func text(_ scenario: JSONValue) -> String {
        var layout = ScenarioLayout()
        layout.write(scenario, depth: 0, path: [])
        return layout.text + "\n"
    }

    /// What never stands on one line: the file, its steps, and the list of messages.
    private static func isBroken(_ path: [String]) -> Bool {
        switch path.count {
        case 0: true
        case 1: path[0] == "steps"
        case 2: path[0] == "steps"
        case 3: path[0] == "steps" && path[2] == "messages"
        default: false
        }
    }

    private mutating func write(_ value: JSONValue, depth: Int, path: [String]) {
        if !Self.isBroken(path) {
            let line = Self.line(value)
            if isShort(line) {
                text += line
                return
            }
        }
        switch value {
        case .object(let members) where !members.isEmpty:
            text += "{"
            for (index, member) in members.enumerated() {
                begin(index, depth + 1)
                text += JSONValue.string(member.name).text(pretty: false) + ": "
                write(member.value, depth: depth + 1, path: path + [member.name])
            }
            end("}", depth)
        case .array(let elements) where !elements.isEmpty:
            text += "["
            for (index, element) in elements.enumerated() {
                begin(index, depth + 1)
                write(element, depth: depth + 1, path: path + [String(index)])
            }
            end("]", depth)
        default: text += Self.line(value)
        }
    }

    private mutating func begin(_ index: Int, _ depth: Int) {
        text += (index == 0 ? "\n" : ",\n") + String(repeating: " ", count: 2 * depth)
    }

    private mutating func end(_ bracket: String, _ depth: Int) {
        text += "\n" + String(repeating: " ", count: 2 * depth) + bracket
    }

    /// Whether it fits behind what stands on the line already, with a comma behind it.
    private func isShort(_ line: String) -> Bool {
        // Counting is not worth it for what is far too long.
        if line.utf8.count > 4 * Self.width { return false }
        let start = text.utf8.lastIndex(of: UInt8(ascii: "\n")).map { text.utf8.index(after: $0) } ?? text.startIndex
        return TerminalText.cells(String(text[start...])) + TerminalText.cells(line) < Self.width
    }

    private static func line(_ value: JSONValue) -> String {
        switch value {
        case .object(let members) where !members.isEmpty:
            let parts = members.map { JSONValue.string($0.name).text(pretty: false) + ": " + line($0.value) }
            return "{ \(parts.joined(separator: ", ")) }"
        case .array(let elements):
            return "[\(elements.map { line($0) }.joined(separator: ", "))]"
        default: return value.text(pretty: false)
        }
    }
}

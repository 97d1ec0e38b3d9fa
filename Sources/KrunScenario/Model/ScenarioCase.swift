import KrunDiagnostics
import KrunJSON
import KrunOutcome

/// One of the cases of a file: variables with which it is a scenario of its own.
struct ScenarioCase: Sendable {
    /// 1-based, in the order of the file.
    let number: Int
    /// On top of the file's.
    let variables: [Variable]
    /// Where it stands, in the scenario or in a file of cases.
    let place: Place
    /// What tells it from the others in reports, such as `[partitions=6]`.
    var title: String

    init(number: Int, variables: [Variable], place: Place) {
        self.number = number
        self.variables = variables
        self.place = place
        title = Self.title(variables, number)
    }

    /// For reports.
    var values: [CapturedValue] {
        variables.map { CapturedValue(name: $0.name, json: String(decoding: $0.value.compactText, as: UTF8.self)) }
    }

    /// As errors call it.
    var note: String { "in the case \(title), at \(place.file):\(place.line):\(place.column)" }

    /// How many scalars of a value, and of all of them, a title has at most.
    private static let longestValue = 30
    private static let longestTitle = 120

    private static func title(_ variables: [Variable], _ number: Int) -> String {
        if variables.isEmpty { return "[case \(number)]" }
        var text = ""
        for variable in variables {
            let part = "\(text.isEmpty ? "" : ", ")\(variable.name)=\(shown(variable))"
            guard text.unicodeScalars.count + part.unicodeScalars.count <= longestTitle else {
                text += text.isEmpty ? "…" : ", …"
                break
            }
            text += part
        }
        return "[\(text)]"
    }

    private static func shown(_ variable: Variable) -> String {
        if variable.text.isEmpty { return "\"\"" }
        // A scalar has at most four bytes.
        let start = String(decoding: variable.text.prefix(4 * (longestValue + 1)), as: UTF8.self).unicodeScalars
        var text = String.UnicodeScalarView()
        for scalar in start.prefix(longestValue) { text.append(scalar.value < 0x20 ? " " : scalar) }
        return String(text) + (start.count > longestValue ? "…" : "")
    }

    /// Gives those that would read alike a number.
    static func tellApart(_ cases: inout [ScenarioCase]) {
        var counts: [String: Int] = [:]
        for index in cases.indices {
            let title = cases[index].title
            counts[title, default: 0] += 1
            if let count = counts[title], count > 1 { cases[index].title = "\(title) (\(count))" }
        }
    }
}

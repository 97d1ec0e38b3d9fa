import KrunDiagnostics
import KrunScenario
import Testing

/// A scenario's text that must not be accepted, and what is said about it.
struct Fault: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    let expected: String

    var testDescription: String { name }

    /// The whole scenario is `text`.
    init(_ name: String, _ text: String, _ expected: String) {
        self.name = name
        self.text = text
        self.expected = expected
    }

    /// `steps` are lines from the sixth on of a scenario with a few topics and variables.
    init(_ name: String, steps: String, _ expected: String) {
        self.init(name, scenario(steps: steps), expected)
    }
}

/// A scenario around some steps, which begin on its sixth line.
func scenario(steps: String) -> String {
    """
    { "name": "test",
    "topics": [{ "name": "orders", "partitions": 3 }, { "name": "invoices" }, { "name": "old", "existing": true }],
    "groups": [{ "name": "old group", "existing": true }],
    "variables": { "city": "Paris", "n": 5, "ratio": 3.10, "on": true, "none": null, "box": { "a": [1, 2.50] } },
    "steps": [
    \(steps)
    ] }
    """
}

func decode(_ text: String, overrides: ScenarioOverrides = .none) throws -> Scenario {
    try Scenario.decode(Array(text.utf8), file: "test.json", overrides: overrides)
}

/// What is wrong with a scenario, a paragraph each: place and title, label, notes; empty when nothing is.
func problems(_ text: String, overrides: ScenarioOverrides = .none) -> String {
    do {
        _ = try Scenario.decode(Array(text.utf8), file: "test.json", overrides: overrides)
        return ""
    } catch {
        return error.all.map(describe).joined(separator: "\n")
    }
}

private func describe(_ diagnostic: Diagnostic) -> String {
    var lines: [String] = []
    if let place = diagnostic.place {
        let end = place.length == 1 ? "" : "-\(place.column + place.length - 1)"
        let file = place.file == "test.json" ? "" : "\(place.file):"
        lines.append("\(file)\(place.line):\(place.column)\(end) \(diagnostic.title)")
    } else {
        lines.append("\(diagnostic.kind.rawValue): \(diagnostic.title)")
    }
    if !diagnostic.label.isEmpty { lines.append("  ^ \(diagnostic.label)") }
    lines += diagnostic.notes.map { "  = \($0)" }
    return lines.joined(separator: "\n")
}

import KrunDiagnostics
import KrunJSON
import KrunPatterns
import KrunScenario

extension Matcher {
    /// What it asks for, with the values of variables in their places.
    var expected: Mismatch.Value {
        switch rule {
        case .equals(let operand): operand.expected
        case .oneOf(let operands): .oneOf(operands.map(\.expected))
        case .matches(let pattern): .matches(pattern.text)
        case .range(let min, let max): .range(min: min?.expected, max: max?.expected)
        }
    }

    /// Whether the file shows it: every value in it stands where the matcher stands, and none comes from a variable.
    var isLiteral: Bool {
        switch rule {
        case .equals(let operand): node.contains(operand.node)
        case .oneOf(let operands): operands.allSatisfy { node.contains($0.node) }
        case .matches(let pattern): node["matches"]?.string.map { $0.utf8.elementsEqual(pattern.text.utf8) } ?? false
        case .range(let min, let max): [min, max].allSatisfy { $0.map { node.contains($0.node) } ?? true }
        }
    }

    /// Whether a record's value is compared as JSON rather than as text or bytes.
    var comparesJSON: Bool {
        switch rule {
        case .equals(let operand): operand.isJSON
        case .oneOf(let operands): operands.contains(where: \.isJSON)
        case .matches: false
        case .range: true
        }
    }
}

extension Matcher.Operand {
    fileprivate var expected: Mismatch.Value {
        switch self {
        case .duration(let duration, _): .duration(duration)
        case .bytes(let bytes, _): .record(bytes, isJSON: false)
        case .json(let node):
            if node.isNull {
                .null
            } else if let text = node.string {
                .text(text)
            } else if let number = node.integer {
                .number(number)
            } else {
                .json(String(decoding: node.compactText, as: UTF8.self))
            }
        }
    }

    fileprivate var isJSON: Bool {
        if case .json(let node) = self { node.string == nil && !node.isNull } else { false }
    }
}

extension Mismatch.Value {
    /// What is expected of a thing that is not there; without the fields that are not asked for.
    static func fields(_ fields: [(name: String, matcher: Matcher?)]) -> Mismatch.Value {
        .object(fields.compactMap { field in field.matcher.map { .init(field.name, $0.expected) } })
    }
}

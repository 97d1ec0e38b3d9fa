import KrunDiagnostics
import KrunJSON
import KrunJSONPath
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
        case .contains(let operand): .matcher("contains", operand.expected)
        case .exists(let exists): .matcher("exists", .boolean(exists))
        case .not(let matcher): .matcher("not", matcher.expected)
        case .size(let matcher): .matcher("size", matcher.expected)
        case .path(let paths):
            .matcher("path", .object(paths.map { .init($0.path.text, $0.matcher.expected) }))
        case .anyOrder(let operands): .matcher("anyOrder", .list(operands.map(\.expected)))
        case .json(let node): .matcher("json", .json(String(decoding: node.compactText, as: UTF8.self)))
        }
    }

    /// Whether the file shows it: every value in it stands where the matcher stands, and none comes from a variable.
    var isLiteral: Bool {
        switch rule {
        case .equals(let operand): node.contains(operand.node)
        case .oneOf(let operands): operands.allSatisfy { node.contains($0.node) }
        case .matches(let pattern): node["matches"]?.string.map { $0.utf8.elementsEqual(pattern.text.utf8) } ?? false
        case .range(let min, let max): [min, max].allSatisfy { $0.map { node.contains($0.node) } ?? true }
        case .contains(let operand): node.contains(operand.node)
        case .exists, .json: true
        case .not(let matcher), .size(let matcher): node.contains(matcher.node) && matcher.isLiteral
        case .path(let paths): paths.allSatisfy { node.contains($0.matcher.node) && $0.matcher.isLiteral }
        case .anyOrder(let operands): operands.allSatisfy { node.contains($0.node) }
        }
    }

    /// Whether a record's value is compared as JSON rather than as text or bytes.
    var comparesJSON: Bool {
        switch rule {
        case .equals(let operand): operand.isJSON
        case .oneOf(let operands): operands.contains(where: \.isJSON)
        case .contains(let operand): operand.isJSON
        case .matches, .exists: false
        case .not(let matcher): matcher.comparesJSON
        case .range, .size, .path, .anyOrder, .json: true
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

import KrunJSON
import KrunPatterns
import KrunScenario

extension Matcher {
    /// Whether a count or an offset is as expected; nil is an offset that is not there, which only `null` matches.
    func accepts(_ number: Int64?) -> Bool {
        switch rule {
        case .equals(let operand): operand.equals(number)
        case .oneOf(let operands): operands.contains { $0.equals(number) }
        case .matches: false
        case .range(let min, let max):
            if let number {
                (min.map { $0.isAtMost(number) } ?? true) && (max.map { $0.isAtLeast(number) } ?? true)
            } else {
                false
            }
        }
    }

    func accepts(_ duration: Duration) -> Bool {
        switch rule {
        case .equals(let operand): operand.duration == duration
        case .oneOf(let operands): operands.contains { $0.duration == duration }
        case .matches: false
        case .range(let min, let max):
            duration >= min?.duration ?? .zero && max?.duration.map { duration <= $0 } ?? true
        }
    }

    /// Whether a record's value is as expected; nil is a tombstone.
    ///
    /// - Throws: when a pattern could not be looked for to the end.
    func accepts(value: [UInt8]?, within budget: PatternBudget) throws(PatternBudget.Stop) -> Bool {
        switch rule {
        case .equals(let operand): return operand.equals(value: value)
        case .oneOf(let operands): return operands.contains { $0.equals(value: value) }
        case .matches(let pattern):
            guard let text = value.flatMap({ String(validating: $0, as: UTF8.self) }) else { return false }
            return try pattern.isFound(in: text, within: budget)
        case .range(let min, let max):
            guard let number = value.flatMap({ RecordValue.json($0) })?.exactNumber else { return false }
            return (min?.node.exactNumber.map { $0 <= number } ?? true)
                && (max?.node.exactNumber.map { $0 >= number } ?? true)
        }
    }

    /// The one number that is expected; nil when there is none or more than one.
    var singleNumber: Int64? {
        if case .equals(let operand) = rule { operand.integer } else { nil }
    }
}

extension Matcher.Operand {
    var node: JSONNode {
        switch self {
        case .json(let node), .duration(_, let node), .bytes(_, let node): node
        }
    }

    var integer: Int64? { node.integer }
    var number: Double? { node.number }

    var duration: Duration? {
        if case .duration(let duration, _) = self { duration } else { nil }
    }

    func equals(_ number: Int64?) -> Bool {
        guard let number else { return node.isNull }
        return node.integer == number || node.integer == nil && node.number == Double(number)
    }

    func isAtMost(_ number: Int64) -> Bool {
        node.integer.map { $0 <= number } ?? (node.number.map { $0 <= Double(number) } ?? false)
    }

    func isAtLeast(_ number: Int64) -> Bool {
        node.integer.map { $0 >= number } ?? (node.number.map { $0 >= Double(number) } ?? false)
    }

    /// A string is compared as text, `null` is a tombstone, and with anything else the value is read as JSON.
    func equals(value: [UInt8]?) -> Bool {
        guard let value else { return node.isNull }
        if case .bytes(let bytes, _) = self { return bytes == value }
        if let text = node.string { return text.utf8.elementsEqual(value) }
        if node.isNull { return false }
        return RecordValue.json(value).map { JSONNode.isEqual($0, node) } ?? false
    }
}

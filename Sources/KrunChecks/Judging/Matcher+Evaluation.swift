import KrunJSON
import KrunJSONPath
import KrunPatterns
import KrunScenario

extension Matcher {
    /// Whether a count or an offset is as expected; nil is an offset that is not there, which only `null` matches.
    func accepts(_ number: Int64?) -> Bool {
        switch rule {
        case .equals(let operand): operand.equals(number)
        case .oneOf(let operands): operands.contains { $0.equals(number) }
        case .not(let matcher): !matcher.accepts(number)
        case .exists(let exists): exists == (number != nil)
        case .matches, .contains, .size, .path, .anyOrder, .json: false
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
        case .not(let matcher): !matcher.accepts(duration)
        case .exists, .matches, .contains, .size, .path, .anyOrder, .json: false
        case .range(let min, let max):
            duration >= min?.duration ?? .zero && max?.duration.map { duration <= $0 } ?? true
        }
    }

    /// Whether a record's value is as expected; nil is a tombstone.
    ///
    /// - Throws: when a pattern or a path could not be looked for to the end.
    func accepts(value: [UInt8]?, within budget: PatternBudget) throws(PatternBudget.Stop) -> Bool {
        switch rule {
        case .equals(let operand): return operand.equals(value: value)
        case .oneOf(let operands): return operands.contains { $0.equals(value: value) }
        case .matches(let pattern):
            guard let text = value.flatMap({ String(validating: $0, as: UTF8.self) }) else { return false }
            return try pattern.isFound(in: text, within: budget)
        case .exists(let exists): return exists == (value != nil)
        case .not(let matcher): return try !matcher.accepts(value: value, within: budget)
        case .contains(let operand):
            if let part = operand.textOrBytes { return value.map { ByteSearch.holds($0, part) } ?? false }
            guard let node = value.flatMap({ RecordValue.json($0) }) else { return false }
            return try JSONPart.isPart(operand.node, of: node, within: budget)
        case .size(let matcher):
            guard let value else { return false }
            let size = RecordValue.json(value).flatMap { $0.kind == .string ? nil : JSONPart.size(of: $0) }
            return matcher.accepts(Int64(size ?? String(decoding: value, as: UTF8.self).unicodeScalars.count))
        case .range, .path, .anyOrder, .json:
            guard let node = value.flatMap({ RecordValue.json($0) }) else { return false }
            return try accepts(json: node, within: budget)
        }
    }

    /// Whether what a path leads to is as expected; nil where it leads nowhere.
    func accepts(json node: JSONNode?, within budget: PatternBudget) throws(PatternBudget.Stop) -> Bool {
        switch rule {
        case .equals(let operand): return operand.equals(json: node)
        case .oneOf(let operands): return operands.contains { $0.equals(json: node) }
        case .matches(let pattern):
            guard let text = node?.string else { return false }
            return try pattern.isFound(in: text, within: budget)
        case .exists(let exists): return exists == (node != nil)
        case .not(let matcher): return try !matcher.accepts(json: node, within: budget)
        case .contains(let operand):
            guard let node else { return false }
            if let text = node.string {
                return operand.textOrBytes.map { ByteSearch.holds(Array(text.utf8), $0) } ?? false
            }
            return try JSONPart.isPart(operand.node, of: node, within: budget)
        case .size(let matcher):
            return node.flatMap { JSONPart.size(of: $0) }.map { matcher.accepts(Int64($0)) } ?? false
        case .range(let min, let max):
            guard let number = node?.exactNumber else { return false }
            return (min?.node.exactNumber.map { $0 <= number } ?? true)
                && (max?.node.exactNumber.map { $0 >= number } ?? true)
        case .path(let paths):
            guard let node else { return false }
            for path in paths {
                let found = try path.path.first(in: node, within: budget)
                if try !path.matcher.accepts(json: found, within: budget) { return false }
            }
            return true
        case .anyOrder(let operands):
            guard let node, node.kind == .array else { return false }
            return try JSONPart.isSame(operands.map(\.node), as: node.elements, within: budget)
        case .json(let expected): return node.map { JSONNode.isEqual(expected, $0) } ?? false
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

    /// What a text or bytes are searched for; nil for any other JSON.
    var textOrBytes: [UInt8]? {
        if case .bytes(let bytes, _) = self { bytes } else { node.string.map { Array($0.utf8) } }
    }

    /// A value within JSON is compared as JSON; bytes with a text's.
    func equals(json node: JSONNode?) -> Bool {
        guard let node else { return false }
        if case .bytes(let bytes, _) = self { return node.string.map { $0.utf8.elementsEqual(bytes) } ?? false }
        return JSONNode.isEqual(self.node, node)
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

import KrunJSON
import KrunPatterns

/// What filters ask.
extension JSONPathEvaluation {
    /// Whether a condition holds of a child, `@`.
    mutating func holds(
        _ condition: JSONPath.Condition, of node: JSONNode
    ) throws(PatternBudget.Stop) -> Bool {
        switch condition {
        case .any(let parts):
            for part in parts where try holds(part, of: node) { return true }
            return false
        case .all(let parts):
            for part in parts where try !holds(part, of: node) { return false }
            return true
        case .not(let condition): return try !holds(condition, of: node)
        case .exists(let query): return try !visit(start(of: query, node), query.segments[...]) { _ in false }
        case .comparison(let left, let comparison, let right):
            return try compare(value(of: left, node), comparison, value(of: right, node))
        case .pattern(let text, let pattern, let matchesWhole):
            guard case .string(let text) = try value(of: text, node),
                let pattern = try self.pattern(pattern, node, matchesWhole: matchesWhole)
            else { return false }
            try budget.spend(1 + text.count)
            return try pattern.isFound(in: String(decoding: text, as: UTF8.self), within: budget)
        }
    }

    private func start(of query: JSONPath.Query, _ node: JSONNode) -> JSONNode { query.isAbsolute ? root : node }

    // MARK: Values

    private mutating func value(
        of operand: JSONPath.Operand, _ node: JSONNode
    ) throws(PatternBudget.Stop) -> JSONPath.Value {
        switch operand {
        case .literal(let value): return value
        case .query(let query):
            var only: JSONNode?
            _ = try visit(start(of: query, node), query.segments[...]) { node in
                only = node
                return false
            }
            return try value(of: only)
        case .length(let operand): return try length(of: value(of: operand, node))
        case .count(let query):
            var count: Int64 = 0
            _ = try visit(start(of: query, node), query.segments[...]) { _ in
                count += 1
                return true
            }
            return .number(JSONNumber(count))
        case .value(let query):
            var only: JSONNode?
            let isOnly = try visit(start(of: query, node), query.segments[...]) { node in
                if only != nil { return false }
                only = node
                return true
            }
            return isOnly ? try value(of: only) : .nothing
        }
    }

    private func value(of node: JSONNode?) throws(PatternBudget.Stop) -> JSONPath.Value {
        guard let node else { return .nothing }
        // Of a text or a number every byte is looked at.
        if node.kind != .array, node.kind != .object { try budget.spend(node.sourceText.count / 8) }
        return JSONPath.Value(node)
    }

    private func length(of value: JSONPath.Value) throws(PatternBudget.Stop) -> JSONPath.Value {
        switch value {
        case .string(let text):
            try budget.spend(text.count)
            return .number(JSONNumber(Int64(text.count { $0 & 0xC0 != 0x80 })))
        case .structure(let node): return .number(JSONNumber(Int64(node.count)))
        case .nothing, .null, .boolean, .number: return .nothing
        }
    }

    // MARK: Comparing

    private func compare(
        _ a: JSONPath.Value, _ comparison: JSONPath.Comparison, _ b: JSONPath.Value
    ) throws(PatternBudget.Stop) -> Bool {
        switch comparison {
        case .equal: try isEqual(a, b)
        case .unequal: try !isEqual(a, b)
        case .less: try isLess(a, b)
        case .greater: try isLess(b, a)
        case .atMost: if try isLess(a, b) { true } else { try isEqual(a, b) }
        case .atLeast: if try isLess(b, a) { true } else { try isEqual(a, b) }
        }
    }

    private func isEqual(_ a: JSONPath.Value, _ b: JSONPath.Value) throws(PatternBudget.Stop) -> Bool {
        switch (a, b) {
        case (.nothing, .nothing), (.null, .null): return true
        case (.boolean(let a), .boolean(let b)): return a == b
        case (.number(let a), .number(let b)): return a == b
        case (.string(let a), .string(let b)):
            try budget.spend(1 + min(a.count, b.count) / 16)
            return a == b
        case (.structure(let a), .structure(let b)):
            guard a.kind == b.kind, a.count == b.count, a.size == b.size else { return false }
            try budget.spend(a.sourceText.count + b.sourceText.count)
            return JSONNode.isEqual(a, b)
        default: return false
        }
    }

    private func isLess(_ a: JSONPath.Value, _ b: JSONPath.Value) throws(PatternBudget.Stop) -> Bool {
        switch (a, b) {
        case (.number(let a), .number(let b)): return a < b
        case (.string(let a), .string(let b)):
            try budget.spend(1 + min(a.count, b.count) / 16)
            // Bytes of UTF-8 are in the order of their scalars.
            return a.lexicographicallyPrecedes(b)
        default: return false
        }
    }

    // MARK: Regular expressions

    /// Nil for what is no regular expression, which matches nothing.
    private mutating func pattern(
        _ operand: JSONPath.PatternOperand, _ node: JSONNode, matchesWhole: Bool
    ) throws(PatternBudget.Stop) -> InteroperablePattern? {
        let written: JSONPath.Operand
        switch operand {
        case .literal(let pattern): return pattern
        case .operand(let operand): written = operand
        }
        guard case .string(let text) = try value(of: written, node) else { return nil }
        try budget.spend(1 + text.count)
        if let lastPattern, lastPattern.matchesWhole == matchesWhole, lastPattern.text == text {
            return lastPattern.pattern
        }
        let pattern = try? InteroperablePattern(String(decoding: text, as: UTF8.self), matchesWhole: matchesWhole)
        // Of what has become too large the size is not known, but it was not made either.
        try budget.spend(pattern?.size ?? 0)
        lastPattern = (text, matchesWhole, pattern)
        return pattern
    }
}

extension JSONPath.Value {
    init(_ node: JSONNode) {
        switch node.kind {
        case .null: self = .null
        case .boolean: self = .boolean(node.boolean ?? false)
        case .integer, .real: self = node.exactNumber.map { .number($0) } ?? .nothing
        case .string: self = .string(node.content)
        case .array, .object: self = .structure(node)
        }
    }
}

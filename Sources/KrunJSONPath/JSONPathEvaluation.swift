import KrunJSON
import KrunPatterns

/// Follows a path through a value: depth first, node by node, so that nothing is kept of what was selected on the way.
struct JSONPathEvaluation {
    typealias Segments = ArraySlice<JSONPath.Segment>

    /// What `$` is.
    let root: JSONNode
    let budget: PatternBudget
    /// The regular expression that was last read from the value.
    var lastPattern: (text: ArraySlice<UInt8>, matchesWhole: Bool, pattern: InteroperablePattern?)?

    init(root: JSONNode, budget: PatternBudget) {
        self.root = root
        self.budget = budget
    }

    /// Calls `body` with each node that the segments select from a node, until it answers false; then so does this.
    mutating func visit(
        _ start: JSONNode, _ segments: Segments, _ body: (JSONNode) -> Bool
    ) throws(PatternBudget.Stop) -> Bool {
        var node = start
        var rest = segments
        try budget.spend(1)
        while let selector = rest.first?.single {
            guard let next = try child(of: node, selector) else { return true }
            node = next
            rest = rest.dropFirst()
        }
        guard let segment = rest.first else { return body(node) }
        rest = rest.dropFirst()
        guard segment.isDescendant else { return try select(from: node, segment.selectors, rest, body) }
        try budget.spend(node.size)
        for container in node.containers where try !select(from: container, segment.selectors, rest, body) {
            return false
        }
        return true
    }

    private mutating func select(
        from node: JSONNode, _ selectors: [JSONPath.Selector], _ rest: Segments, _ body: (JSONNode) -> Bool
    ) throws(PatternBudget.Stop) -> Bool {
        try budget.spend(1)
        for selector in selectors {
            switch selector {
            case .name, .index:
                if let child = try child(of: node, selector), try !visit(child, rest, body) { return false }
            case .wildcard:
                for child in node.children where try !visit(child, rest, body) { return false }
            case .slice(let start, let end, let step):
                if try !slice(of: node, start, end, step, rest, body) { return false }
            case .filter(let condition):
                for child in node.children where try holds(condition, of: child) {
                    if try !visit(child, rest, body) { return false }
                }
            }
        }
        return true
    }

    /// What a name or an index selects.
    private func child(of node: JSONNode, _ selector: JSONPath.Selector) throws(PatternBudget.Stop) -> JSONNode? {
        switch selector {
        case .name(let name):
            try budget.spend(1 + name.count / 16)
            return node.member(name[...])
        case .index(let index):
            let ordinal = index < 0 ? index + node.count : index
            guard ordinal >= 0, ordinal < node.count else { return nil }
            // Elements are passed over one by one.
            try budget.spend(1 + ordinal)
            return node.element(at: ordinal)
        case .wildcard, .slice, .filter: return nil
        }
    }

    private mutating func slice(
        of node: JSONNode, _ start: Int?, _ end: Int?, _ step: Int, _ rest: Segments, _ body: (JSONNode) -> Bool
    ) throws(PatternBudget.Stop) -> Bool {
        guard node.kind == .array, step != 0 else { return true }
        let count = node.count
        // None of them is beyond 2^53, so that nothing overflows.
        func normalized(_ bound: Int) -> Int { bound < 0 ? bound + count : bound }
        if step > 0 {
            let lower = min(max(normalized(start ?? 0), 0), count)
            let upper = min(max(normalized(end ?? count), 0), count)
            var ordinal = 0
            for child in node.children {
                if ordinal >= upper { break }
                try budget.spend(1)
                if ordinal >= lower, (ordinal - lower) % step == 0, try !visit(child, rest, body) { return false }
                ordinal += 1
            }
        } else {
            let upper = min(max(start.map(normalized) ?? count - 1, -1), count - 1)
            let lower = min(max(end.map(normalized) ?? -1, -1), count - 1)
            guard upper > lower else { return true }
            try budget.spend(count)
            let children = Array(node.children)
            for ordinal in stride(from: upper, to: lower, by: step)
            where try !visit(children[ordinal], rest, body) {
                return false
            }
        }
        return true
    }
}

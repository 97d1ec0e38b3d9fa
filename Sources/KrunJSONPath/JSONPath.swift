public import KrunJSON
public import KrunPatterns

/// A path into a JSON value, such as `$.order.lines[0].price` or `$..lines[?@.count > 1]`: all of RFC 9535.
///
/// It is the same as another when their texts are, byte by byte.
public struct JSONPath: Hashable, Sendable {
    /// As written.
    public let text: String
    let segments: [Segment]

    /// The regular expressions in it that are none by RFC 9485, so that `match` and `search` never hold with them.
    public let neverMatching: [JSONPathFault]

    /// How large it is: its segments, selectors and conditions, and the parts of its regular expressions.
    package let size: Int

    /// How it is looked for without reading the whole value as a tree; nil where it has more than names and indices from 0 on.
    let plain: PlainJSONSearch?

    /// - Throws: what is wrong with it, or that it is too large.
    public init(_ text: String) throws(JSONPathFault) {
        var parser = JSONPathParser(text)
        segments = try parser.path()
        self.text = text
        neverMatching = parser.neverMatching
        size = parser.size
        plain = Self.plainSteps(segments).flatMap { PlainJSONSearch([$0]) }
    }

    /// Whether it leads to one value at most: it has names and indices only.
    public var isSingular: Bool { segments.allSatisfy { $0.single != nil } }

    /// The nodes that it selects in a value, in the order of RFC 9535, the same one perhaps several times.
    ///
    /// - Parameters:
    ///   - budget: its time is shared with the regular expressions in the path.
    ///   - limit: after so many nodes it is enough.
    /// - Throws: when the budget is used up, or somebody wants the end.
    public func nodes(
        in root: JSONNode, within budget: PatternBudget, limit: Int = 1_000_000
    ) throws(PatternBudget.Stop) -> [LocatedNode] {
        guard limit > 0 else { return [] }
        var nodes: [LocatedNode] = []
        var evaluation = JSONPathEvaluation(root: root, budget: budget)
        _ = try evaluation.visit(root, segments[...]) { node in
            nodes.append(LocatedNode(node: node, root: root))
            return nodes.count < limit
        }
        return nodes
    }

    /// The first of them, after which nothing more is looked for; nil without any.
    ///
    /// - Throws: when the budget is used up, or somebody wants the end.
    public func first(in root: JSONNode, within budget: PatternBudget) throws(PatternBudget.Stop) -> JSONNode? {
        var first: JSONNode?
        var evaluation = JSONPathEvaluation(root: root, budget: budget)
        _ = try evaluation.visit(root, segments[...]) { node in
            first = node
            return false
        }
        return first
    }

    public static func == (a: JSONPath, b: JSONPath) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}

/// A node that a path has selected, and where it is.
public struct LocatedNode: Sendable {
    public let node: JSONNode
    let root: JSONNode

    /// Its normalized path, such as `$['order']['lines'][0]`.
    public var path: String {
        node.steps(from: root).reduce(into: "$") { path, step in
            switch step {
            case .ordinal(let ordinal): path += "[\(ordinal)]"
            case .name(let name): path += "['\(Self.escaped(name))']"
            }
        }
    }

    private static func escaped(_ name: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        for scalar in String(decoding: name, as: UTF8.self).unicodeScalars {
            switch scalar {
            case "\u{08}": text += "\\b".unicodeScalars
            case "\u{0C}": text += "\\f".unicodeScalars
            case "\n": text += "\\n".unicodeScalars
            case "\r": text += "\\r".unicodeScalars
            case "\t": text += "\\t".unicodeScalars
            case "'", "\\": text += ["\\", scalar]
            case "\0"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u\(String(repeating: "0", count: 4 - digits.utf8.count))\(digits)".unicodeScalars
            default: text.append(scalar)
            }
        }
        return String(text)
    }
}

/// What is wrong with a JSON path.
public struct JSONPathFault: Error, Hashable, Sendable {
    /// 0-based, in Unicode scalars of the path; that of its end where something is missing there.
    public let offset: Int
    public let length: Int
    /// What is expected there, or what it is.
    public let label: String
    /// Ways out.
    public var notes: [String] = []

    init(_ range: Range<Int>, _ label: String, notes: [String] = []) {
        offset = range.lowerBound
        length = max(1, range.count)
        self.label = label
        self.notes = notes
    }
}

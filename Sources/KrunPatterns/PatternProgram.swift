/// A regular expression as instructions for `PatternSearch`.
struct PatternProgram: Sendable {
    enum Instruction: Hashable, Sendable {
        /// Takes this scalar.
        case scalar(UInt32)
        /// Takes one of the set with that number.
        case set(Int32)
        case assertion(PatternAssertion)
        case jump(Int32)
        /// Goes on at both.
        case split(Int32, Int32)
        case found
    }

    /// How many instructions a pattern may come to.
    static let largest = 10_000

    private(set) var instructions: [Instruction] = []
    private(set) var sets: [ScalarSet] = []
    /// Whether `\Z` is in it.
    private(set) var asksForLastBreak = false

    init(_ node: PatternNode) throws(PatternFault) {
        guard node.size < Self.largest else { throw Self.tooLarge }
        append(node)
        instructions.append(.found)
    }

    static let tooLarge = PatternFault(
        offset: 0, length: .max,
        label: "it is too large: with its repetitions written out it has more than \(largest) parts",
        notes: ["{n} stands for n copies: repeat less, or write * or +"])

    /// The scalar with which every text that is found begins; nil where there are several.
    var first: UInt32? {
        if case .scalar(let scalar) = instructions[0] { scalar } else { nil }
    }

    /// Whether it is found at the beginning or not at all.
    var isAnchored: Bool { instructions[0] == .assertion(.textStart) }

    private mutating func append(_ node: PatternNode) {
        switch node {
        case .empty: break
        case .scalar(let set):
            if let only = set.only {
                instructions.append(.scalar(only))
            } else {
                instructions.append(.set(Int32(sets.count)))
                sets.append(set)
            }
        case .assertion(let assertion):
            if assertion == .textEndOrLastBreak { asksForLastBreak = true }
            instructions.append(.assertion(assertion))
        case .sequence(let nodes): for node in nodes { append(node) }
        case .alternatives(let nodes): appendAlternatives(nodes)
        case .repeated(let node, let minimum, let maximum): appendRepeated(node, minimum, maximum)
        }
    }

    private var end: Int32 { Int32(instructions.count) }

    private mutating func appendAlternatives(_ nodes: [PatternNode]) {
        var jumps: [Int] = []
        for (number, node) in nodes.enumerated() {
            if number == nodes.count - 1 {
                append(node)
                break
            }
            let split = instructions.count
            instructions.append(.split(end + 1, 0))
            append(node)
            jumps.append(instructions.count)
            instructions.append(.jump(0))
            instructions[split] = .split(Int32(split + 1), end)
        }
        for jump in jumps { instructions[jump] = .jump(end) }
    }

    private mutating func appendRepeated(_ node: PatternNode, _ minimum: Int, _ maximum: Int?) {
        guard let maximum else {
            for _ in 0..<max(minimum - 1, 0) { append(node) }
            let start = end
            if minimum == 0 { instructions.append(.split(start + 1, 0)) }
            append(node)
            if minimum == 0 {
                instructions.append(.jump(start))
                instructions[Int(start)] = .split(start + 1, end)
            } else {
                instructions.append(.split(start, end + 1))
            }
            return
        }
        for _ in 0..<minimum { append(node) }
        var splits: [Int] = []
        for _ in minimum..<max(maximum, minimum) {
            splits.append(instructions.count)
            instructions.append(.split(end + 1, 0))
            append(node)
        }
        for split in splits { instructions[split] = .split(Int32(split + 1), end) }
    }
}

/// A regular expression as a tree.
indirect enum PatternNode: Sendable {
    case empty
    /// One scalar of a set.
    case scalar(ScalarSet)
    case assertion(PatternAssertion)
    case sequence([PatternNode])
    case alternatives([PatternNode])
    /// `maximum` is nil where there is no limit.
    case repeated(PatternNode, minimum: Int, maximum: Int?)

    /// How many instructions it comes to, without its end; `Int.max` where that is beyond counting.
    var size: Int {
        switch self {
        case .empty: return 0
        case .scalar, .assertion: return 1
        case .sequence(let nodes): return nodes.reduce(0) { Self.sum($0, $1.size) }
        case .alternatives(let nodes): return nodes.reduce(-2) { Self.sum($0, Self.sum($1.size, 2)) }
        case .repeated(let node, let minimum, let maximum):
            let size = node.size
            guard let maximum else { return Self.sum(Self.product(size, max(minimum, 1)), 2) }
            return Self.sum(Self.product(size, maximum), maximum - minimum)
        }
    }

    private static func sum(_ a: Int, _ b: Int) -> Int {
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? .max : sum
    }

    private static func product(_ a: Int, _ b: Int) -> Int {
        let (product, overflow) = a.multipliedReportingOverflow(by: b)
        return overflow ? .max : product
    }
}

/// What must be the case between two scalars.
enum PatternAssertion: Hashable, Sendable {
    case textStart
    case textEnd
    /// At the end, or before a line break that is the end.
    case textEndOrLastBreak
    case lineStart
    case lineEnd
    case wordBoundary
    case noWordBoundary
}

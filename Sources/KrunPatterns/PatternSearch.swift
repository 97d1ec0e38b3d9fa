/// Looks for a pattern by following all of its ways at once, so that no scalar is looked at twice (Thompson 1968).
struct PatternSearch {
    private let program: PatternProgram
    /// The instructions at which the ways are, each once, in `count` first places.
    private var current: [Int32]
    private var count = 0
    private var next: [Int32]
    private var nextCount = 0
    /// The position at which an instruction was last reached.
    private var reached: [Int]
    private var stack: [Int32] = []
    /// How many instructions were looked at since that was last told.
    private var work = 0

    init(_ program: PatternProgram) {
        self.program = program
        let size = program.instructions.count
        current = Array(repeating: 0, count: size)
        next = current
        reached = Array(repeating: -1, count: size)
    }

    /// Whether the pattern is found anywhere.
    mutating func finds(_ text: String.UnicodeScalarView, _ budget: PatternBudget) throws(PatternBudget.Stop) -> Bool {
        var iterator = text.makeIterator()
        var before: Unicode.Scalar?
        var scalar = iterator.next()
        // Of what was read ahead.
        var after = scalar == nil ? nil : iterator.next()
        var position = 0
        let (first, isAnchored) = (program.first, program.isAnchored)
        try budget.spend(1)
        while true {
            let isStart = (position == 0 || !isAnchored) && (first == nil || first == scalar?.value)
            if isStart {
                let between = Between(before: before, after: scalar, isLast: scalar != nil && after == nil)
                if add(0, position, between, toNext: false) { return true }
            }
            guard let taken = scalar else { return false }
            if count == 0, isAnchored { return false }
            if count > 0 {
                let following = Between(before: taken, after: after, isLast: false)
                if try step(taken, position + 1, following, &iterator, budget) { return true }
            } else {
                try budget.spend(1)
            }
            before = taken
            scalar = after
            after = scalar == nil ? nil : iterator.next()
            position += 1
        }
    }

    /// The surroundings of a position.
    private struct Between {
        let before: Unicode.Scalar?
        let after: Unicode.Scalar?
        /// Whether `after` is the last one of the text.
        var isLast: Bool
    }

    /// Takes a scalar; whether the pattern is found then.
    private mutating func step(
        _ scalar: Unicode.Scalar, _ position: Int, _ between: Between,
        _ iterator: inout String.UnicodeScalarView.Iterator, _ budget: PatternBudget
    ) throws(PatternBudget.Stop) -> Bool {
        var between = between
        // Whether one more follows, without taking it.
        if program.asksForLastBreak, between.after != nil {
            var ahead = iterator
            between.isLast = ahead.next() == nil
        }
        nextCount = 0
        for index in 0..<count {
            let takes =
                switch program.instructions[Int(current[index])] {
                case .scalar(let value): value == scalar.value
                case .set(let number): program.sets[Int(number)].contains(scalar)
                default: false
                }
            if takes, add(current[index] + 1, position, between, toNext: true) { return true }
        }
        try budget.spend(work + count)
        work = 0
        swap(&current, &next)
        count = nextCount
        return false
    }

    /// Adds an instruction and all that is reached from it without taking a scalar; whether the end is among them.
    private mutating func add(_ start: Int32, _ position: Int, _ between: Between, toNext: Bool) -> Bool {
        stack.append(start)
        while let number = stack.popLast() {
            if reached[Int(number)] == position { continue }
            reached[Int(number)] = position
            work += 1
            switch program.instructions[Int(number)] {
            case .found:
                stack.removeAll()
                return true
            case .jump(let target): stack.append(target)
            case .split(let a, let b):
                stack.append(b)
                stack.append(a)
            case .assertion(let assertion):
                if holds(assertion, between) { stack.append(number + 1) }
            case .scalar, .set:
                if toNext {
                    next[nextCount] = number
                    nextCount += 1
                } else {
                    current[count] = number
                    count += 1
                }
            }
        }
        return false
    }

    private func holds(_ assertion: PatternAssertion, _ between: Between) -> Bool {
        switch assertion {
        case .textStart: return between.before == nil
        case .textEnd: return between.after == nil
        case .textEndOrLastBreak: return between.after.map { $0.isLineBreak && between.isLast } ?? true
        case .lineStart: return between.before.map(\.isLineBreak) ?? true
        case .lineEnd: return between.after.map(\.isLineBreak) ?? true
        case .wordBoundary, .noWordBoundary:
            let isBoundary = (between.before?.isOfWord ?? false) != (between.after?.isOfWord ?? false)
            return isBoundary == (assertion == .wordBoundary)
        }
    }
}

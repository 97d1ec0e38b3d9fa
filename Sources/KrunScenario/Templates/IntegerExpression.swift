/// Integer arithmetic over `index`, such as `index % 5`.
public struct IntegerExpression: Sendable {
    /// A step of the evaluation on a stack of numbers.
    enum Instruction: Hashable, Sendable {
        case index
        case number(Int64)
        /// A number that is not known yet, as it is captured or drawn while the scenario runs; a stand-in.
        case late
        case negate
        case add
        case subtract
        case multiply
        case divide
        case remainder
    }

    /// In postfix order: operands before their operator.
    let instructions: [Instruction]
    /// How many numbers the stack holds at most; at least 1.
    let depth: Int

    init(_ instructions: [Instruction]) {
        self.instructions = instructions
        var height = 0
        var depth = 1
        for instruction in instructions {
            switch instruction {
            case .index, .number, .late: height += 1
            case .negate: break
            default: height -= 1
            }
            depth = max(depth, height)
        }
        self.depth = depth
    }

    /// Whether it holds a number that is not known yet.
    var isLate: Bool { instructions.contains(.late) }

    /// Whether the value is the same for every message.
    var isConstant: Bool { !instructions.contains(.index) }

    /// The value at that 0-based index; nil when it overflows or divides by zero.
    ///
    /// A scenario that was accepted holds no expression for which this is nil at an index of its messages.
    /// Division rounds toward zero, and a remainder has the sign of the dividend.
    public func value(index: Int64) -> Int64? {
        instructions.withUnsafeBufferPointer { Self.value(of: $0, depth: depth, index: index) }
    }

    /// The same of instructions that stand elsewhere, whose stack holds at most `depth` numbers.
    static func value(of instructions: UnsafeBufferPointer<Instruction>, depth: Int, index: Int64) -> Int64? {
        // On the call stack for any depth that a file can reasonably ask for.
        withUnsafeTemporaryAllocation(of: Int64.self, capacity: depth) { stack in
            var top = -1
            for instruction in instructions {
                switch instruction {
                case .index:
                    top += 1
                    stack.initializeElement(at: top, to: index)
                case .number(let number):
                    top += 1
                    stack.initializeElement(at: top, to: number)
                case .late:
                    top += 1
                    stack.initializeElement(at: top, to: 1)
                case .negate:
                    let (value, overflow) = Int64(0).subtractingReportingOverflow(stack[top])
                    if overflow { return nil }
                    stack[top] = value
                default:
                    top -= 1
                    guard let value = instruction.applied(to: stack[top], stack[top + 1]) else { return nil }
                    stack[top] = value
                }
            }
            return stack[0]
        }
    }
}

extension IntegerExpression.Instruction {
    /// The result of a binary operator; nil when it overflows or divides by zero, or for anything else.
    func applied(to a: Int64, _ b: Int64) -> Int64? {
        let (value, overflow) =
            switch self {
            case .add: a.addingReportingOverflow(b)
            case .subtract: a.subtractingReportingOverflow(b)
            case .multiply: a.multipliedReportingOverflow(by: b)
            case .divide: a.dividedReportingOverflow(by: b)
            case .remainder: a.remainderReportingOverflow(dividingBy: b)
            case .index, .number, .late, .negate: (0, true)
            }
        return overflow ? nil : value
    }
}

/// What can be said of an expression over all indexes of its messages, without trying each where possible.
extension IntegerExpression {
    /// The outcome of looking at every index.
    enum Verdict: Hashable {
        /// It has a value everywhere, within these bounds (which need not be reached).
        case within(ClosedRange<Int64>)
        /// It overflows or divides by zero, first at this index.
        case fails(at: Int64)
        /// It could not be shown to have a value everywhere, and there are too many indexes to try.
        case unknown
    }

    /// How many indexes are tried one by one at most where bounds alone do not tell.
    static let maximumTrials = 1_000_000

    /// What it comes to for the indexes `0..<count`; `count` is at least 1.
    ///
    /// - Parameter trials: how many instructions may be tried; what was used is taken off.
    func verdict(count: Int64, trials: inout Int) -> Verdict {
        if let bounds = bounds(index: 0...(count - 1)) { return .within(bounds) }
        var least = Int64.max
        var greatest = Int64.min
        let tried = triable(count, &trials)
        for index in 0..<tried {
            guard let value = value(index: index) else { return .fails(at: index) }
            least = min(least, value)
            greatest = max(greatest, value)
        }
        return tried == count ? .within(least...greatest) : .unknown
    }

    /// How many of the first indexes can be tried, whose instructions are taken off.
    func triable(_ count: Int64, _ trials: inout Int) -> Int64 {
        // An instruction takes about as long as two bytes of a key.
        let cost = 2 * instructions.count
        let tried = min(count, Int64(min(max(trials, 0) / cost, Self.maximumTrials)))
        trials -= Int(tried) * cost
        return tried
    }

    /// Bounds of the value by interval arithmetic; nil when it might overflow or divide by zero.
    private func bounds(index: ClosedRange<Int64>) -> ClosedRange<Int64>? {
        var stack: [ClosedRange<Int64>] = []
        for instruction in instructions {
            switch instruction {
            case .index: stack.append(index)
            case .number(let number): stack.append(number...number)
            case .late: stack.append(1...1)
            case .negate:
                let operand = stack.removeLast()
                if operand.lowerBound == .min { return nil }
                stack.append(-operand.upperBound ... -operand.lowerBound)
            default:
                let right = stack.removeLast()
                let left = stack.removeLast()
                guard let bounds = instruction.bounds(left, right) else { return nil }
                stack.append(bounds)
            }
        }
        return stack[0]
    }
}

extension IntegerExpression.Instruction {
    fileprivate func bounds(_ a: ClosedRange<Int64>, _ b: ClosedRange<Int64>) -> ClosedRange<Int64>? {
        switch self {
        case .divide where b.contains(0), .remainder where b.contains(0): return nil
        case .remainder:
            if a.lowerBound == a.upperBound, b.lowerBound == b.upperBound {
                return applied(to: a.lowerBound, b.lowerBound).map { $0...$0 }
            }
            if a.lowerBound == .min { return nil }
            let divisor = max(b.lowerBound.magnitude, b.upperBound.magnitude) - 1
            let largest = Int64(clamping: divisor)
            // A dividend smaller than every divisor is its own remainder, so its bounds hold as well.
            return max(min(a.lowerBound, 0), -largest)...min(max(a.upperBound, 0), largest)
        default:
            var least = Int64.max
            var greatest = Int64.min
            for x in [a.lowerBound, a.upperBound] {
                for y in [b.lowerBound, b.upperBound] {
                    guard let value = applied(to: x, y) else { return nil }
                    least = min(least, value)
                    greatest = max(greatest, value)
                }
            }
            return least...greatest
        }
    }
}

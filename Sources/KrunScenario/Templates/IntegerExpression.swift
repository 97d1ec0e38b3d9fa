/// Integer arithmetic over `index`, such as `index % 5`.
public struct IntegerExpression: Sendable {
    /// A step of the evaluation on a stack of numbers.
    enum Instruction: Hashable, Sendable {
        case index
        case number(Int64)
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
            case .index, .number: height += 1
            case .negate: break
            default: height -= 1
            }
            depth = max(depth, height)
        }
        self.depth = depth
    }

    /// Whether the value is the same for every message.
    var isConstant: Bool { !instructions.contains(.index) }

    /// The value at that 0-based index; nil when it overflows or divides by zero.
    ///
    /// A scenario that was accepted holds no expression for which this is nil at an index of its messages.
    /// Division rounds toward zero, and a remainder has the sign of the dividend.
    public func value(index: Int64) -> Int64? {
        if instructions.count == 1, case .index = instructions[0] { return index }
        // On the call stack for any depth that a file can reasonably ask for.
        return withUnsafeTemporaryAllocation(of: Int64.self, capacity: depth) { stack in
            var top = -1
            for instruction in instructions {
                switch instruction {
                case .index:
                    top += 1
                    stack.initializeElement(at: top, to: index)
                case .number(let number):
                    top += 1
                    stack.initializeElement(at: top, to: number)
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
            case .index, .number, .negate: (0, true)
            }
        return overflow ? nil : value
    }
}

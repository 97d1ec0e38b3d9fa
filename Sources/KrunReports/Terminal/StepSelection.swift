import KrunOutcome

/// Which steps are shown: all, but of many rounds only those that tell something.
struct StepSelection {
    enum Line {
        case step(StepOutcome)
        /// Stands for rounds that are left out.
        case leftOut(rounds: Int)

        var step: StepOutcome? { if case .step(let step) = self { step } else { nil } }

        var remark: String {
            if case .leftOut(let rounds) = self { "… \(Amounts.count(rounds, "round")) more, as these" } else { "" }
        }
    }

    /// With more rounds than these some are left out, unless everything is asked for.
    static let roundLimit = 4

    private(set) var lines: [Line] = []

    init(_ steps: [StepOutcome], isWhole: Bool) {
        for step in steps { add(step, isWhole: isWhole) }
    }

    private mutating func add(_ step: StepOutcome, isWhole: Bool) {
        lines.append(.step(step))
        var leftOut = 0
        for (index, list) in step.lists.enumerated() {
            if !isWhole, case .repeat(let rounds) = step.result, !Self.tells(index, rounds) {
                leftOut += 1
                continue
            }
            flush(&leftOut)
            for inner in list { add(inner, isWhole: isWhole) }
        }
        flush(&leftOut)
    }

    /// The first rounds, the last one, and the first of those in which something went wrong.
    private static func tells(_ index: Int, _ rounds: [[StepOutcome]]) -> Bool {
        if rounds.count <= roundLimit || index < 2 || index == rounds.count - 1 { return true }
        return index == rounds.firstIndex { $0.contains { $0.status != .passed } }
    }

    private mutating func flush(_ leftOut: inout Int) {
        if leftOut > 0 { lines.append(.leftOut(rounds: leftOut)) }
        leftOut = 0
    }
}

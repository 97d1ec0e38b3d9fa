import ArgumentParser
import KrunTools

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Whether what destroys something is done: `--yes` says so, or a `yes` that is typed on a terminal.
struct Confirmation {
    /// What is done, in the words of the question and of the answer.
    enum Action {
        case delete, reset, add

        var verb: String {
            switch self {
            case .delete: "delete"
            case .reset: "reset"
            case .add: "add"
            }
        }

        var participle: String {
            switch self {
            case .delete: "deleted"
            case .reset: "reset"
            case .add: "added"
            }
        }

        /// What `--yes` is about.
        var object: String {
            switch self {
            case .delete, .reset: "what is listed"
            case .add: "the partitions"
            }
        }
    }

    private let action: Action
    private let isGiven: Bool
    /// Whether somebody is asked: where there are a terminal to type on and one that shows the question, and what it is about.
    let asks: Bool

    /// Whether somebody has said yes or can be asked.
    var isPossible: Bool { isGiven || asks }

    /// - Parameters:
    ///   - isGiven: by `--yes`.
    ///   - needsOutput: whether what it is about is on stdout; otherwise it is on stderr.
    init(_ action: Action, isGiven: Bool, needsOutput: Bool = true) {
        self.action = action
        self.isGiven = isGiven
        let descriptors: [Int32] = needsOutput ? [0, 1, 2] : [0, 2]
        asks = !isGiven && descriptors.allSatisfy { isatty($0) == 1 }
    }

    /// Whether to do it; asks where it can, and says so where nothing is done.
    ///
    /// - Parameter stream: where it is said that `--yes` is missing.
    /// - Throws: the exit code of a command line that somebody took back, after anything else than `yes` was typed.
    func ask(on stream: Console.Stream = .output) throws -> Bool {
        if isGiven { return true }
        guard asks else {
            Console.write(
                "nothing was \(action.participle): say --yes to \(action.verb) \(action.object)\n", to: stream)
            return false
        }
        let answer = WaitDisplay.command.suspended {
            Console.writeError("type yes to \(action.verb): ")
            return readLine()
        }
        if answer?.split(whereSeparator: \.isWhitespace).map({ $0.lowercased() }) == ["yes"] { return true }
        // Without an answer the cursor still stands behind the question.
        Console.writeError((answer == nil ? "\n" : "") + "nothing was \(action.participle)\n")
        throw ExitCode(ExitCodes.commandLine)
    }
}

/// `--yes`, for commands that destroy something.
struct ConfirmationOptions: ParsableArguments {
    @Flag(help: "Do it without asking. On a terminal a typed yes does it too.")
    var yes = false

    /// Shows the plan, does it if that is wanted, and says what came of it.
    ///
    /// - Parameter isPreview: whether it is right to show the plan and do nothing, where nobody says yes or can be asked.
    /// - Throws: what `carryOut(wasAsked:)` throws, and the exit code where a part failed or somebody did not say yes.
    func carryOut(
        _ plan: some DestructivePlan, _ action: Confirmation.Action, _ result: ResultOptions, isPreview: Bool = true
    ) throws {
        let isText = result.output == .pretty
        let confirmation = Confirmation(action, isGiven: yes, needsOutput: isText)
        if yes, plan.isToldByOutcome {
            // Nobody reads it before it is done.
        } else if isText || plan.isEmpty || !confirmation.isPossible {
            result.show(plan)
        } else {
            // Stdout is for what becomes of it.
            if confirmation.asks { Console.writeError(plan.text(Console.style(of: .error, result.color.choice))) }
            result.printRemarks(plan)
        }
        guard !plan.isEmpty else { return }
        guard try confirmation.ask(on: isText && isPreview ? .output : .error) else {
            if !isPreview { throw ExitCode(ExitCodes.commandLine) }
            return
        }
        try result.write(try plan.carryOut(wasAsked: confirmation.asks))
    }
}

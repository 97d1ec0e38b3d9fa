import ArgumentParser

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Whether what destroys something is done: `--yes` says so, or a `yes` that is typed on a terminal.
struct Confirmation {
    /// What is done, in the words of the question and of the answer.
    enum Deed {
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

    private let deed: Deed
    private let isGiven: Bool
    /// Whether somebody is asked: where there are a terminal to type on and one that shows the question, and what it is about.
    let asks: Bool

    /// Whether somebody has said yes or can be asked.
    var isPossible: Bool { isGiven || asks }

    /// - Parameters:
    ///   - isGiven: by `--yes`.
    ///   - needsOutput: whether what it is about is on stdout; otherwise it is on stderr.
    init(_ deed: Deed, isGiven: Bool, needsOutput: Bool = true) {
        self.deed = deed
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
                "nothing was \(deed.participle): say --yes to \(deed.verb) \(deed.object)\n", to: stream)
            return false
        }
        let answer = WaitDisplay.command.suspended {
            Console.writeError("type yes to \(deed.verb): ")
            return readLine()
        }
        if answer?.split(whereSeparator: \.isWhitespace).map({ $0.lowercased() }) == ["yes"] { return true }
        // Without an answer the cursor still stands behind the question.
        Console.writeError((answer == nil ? "\n" : "") + "nothing was \(deed.participle)\n")
        throw ExitCode(ExitCodes.commandLine)
    }
}

import ArgumentParser
import KrunDiagnostics
import KrunOutcome

/// The one table of exit codes, and the one place where an error becomes one.
enum ExitCodes {
    static let held: Int32 = 0
    static let commandLine: Int32 = 1
    static let invalidScenario: Int32 = 2
    static let runtime: Int32 = 3
    static let failed: Int32 = 4
    static let interrupted: Int32 = 130

    static func code(for kind: Diagnostic.Kind) -> Int32 {
        switch kind {
        case .usage: commandLine
        case .invalid: invalidScenario
        case .runtime: runtime
        case .failure: failed
        case .warning: held
        }
    }

    /// Of what a command said beside its result: that it could not find out everything counts before what it found.
    static func code(forRemarks remarks: [Diagnostic]) -> Int32 {
        let kinds = remarks.map(\.kind).filter { $0 != .warning }
        if kinds.isEmpty { return held }
        return kinds.allSatisfy { $0 == .failure } ? failed : runtime
    }

    static func code(for status: Status) -> Int32 {
        switch status {
        case .passed, .skipped: held
        case .failed: failed
        case .error: runtime
        case .invalid: invalidScenario
        case .interrupted: interrupted
        }
    }

    /// Of several scenarios an interruption counts first, then the most basic trouble: 2 before 3 before 4.
    static func code(for statuses: some Sequence<Status>) -> Int32 {
        let codes = statuses.map { code(for: $0) }.filter { $0 != held }
        return codes.contains(interrupted) ? interrupted : codes.min() ?? held
    }

    /// Prints what the error says, where it says something, and ends the process.
    ///
    /// - Parameter arguments: the command line without the program's name.
    static func end(with error: any Error, arguments: [String]) -> Never {
        switch error {
        case let error as Diagnostics:
            for (index, diagnostic) in error.all.enumerated() {
                if index > 0 { Console.writeError("\n") }
                Console.printError(diagnostic)
            }
            Console.exit(error.all.map { code(for: $0.kind) }.filter { $0 != held }.min() ?? held)
        case let error as Diagnostic:
            Console.printError(error)
            Console.exit(code(for: error.kind))
        case let error as ExitCode:
            Console.exit(error.rawValue)
        default:
            // ArgumentParser's own: help and version go to stdout with 0, usage errors to stderr with 64.
            let message = Krun.fullMessage(for: error)
            if Krun.exitCode(for: error) == .success {
                Console.writeOutput(message.isEmpty ? "" : CompletionScript.taught(message) + "\n")
                Console.exit(held)
            }
            Console.writeError(UsageText(message, arguments: arguments, style: Console.style(of: .error)).text)
            Console.exit(commandLine)
        }
    }
}

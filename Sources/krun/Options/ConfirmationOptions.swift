import ArgumentParser
import KrunTools

/// `--yes`, for commands that destroy something.
struct ConfirmationOptions: ParsableArguments {
    @Flag(help: "Do it without asking. On a terminal a typed yes does it too.")
    var yes = false

    /// Shows the plan, does it if that is wanted, and says what came of it.
    ///
    /// - Parameter isPreview: whether it is right to show the plan and do nothing, where nobody says yes or can be asked.
    /// - Throws: what `carryOut(wasAsked:)` throws, and the exit code where a part failed or somebody did not say yes.
    func carryOut(
        _ plan: some DestructivePlan, _ deed: Confirmation.Deed, _ result: ResultOptions, isPreview: Bool = true
    ) throws {
        let isText = result.output == .pretty
        let confirmation = Confirmation(deed, isGiven: yes, needsOutput: isText)
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

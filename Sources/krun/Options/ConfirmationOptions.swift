import ArgumentParser
import KrunTools

/// `--yes`, for commands that destroy something.
struct ConfirmationOptions: ParsableArguments {
    @Flag(help: "Do it without asking. On a terminal a typed yes does it too.")
    var yes = false

    /// Shows the plan, does it if that is wanted, and says what came of it.
    ///
    /// - Throws: what `carryOut(wasAsked:)` throws, and the exit code where a part failed or somebody did not say yes.
    func carryOut(_ plan: some DestructivePlan, _ deed: Confirmation.Deed, _ result: ResultOptions) throws {
        let isText = result.output == .pretty
        let confirmation = Confirmation(deed, isGiven: yes, needsOutput: isText)
        if isText || plan.isEmpty || !confirmation.isPossible {
            result.show(plan)
        } else {
            // Stdout is for what becomes of it.
            if confirmation.asks { Console.writeError(plan.text(Console.style(of: .error, result.color.choice))) }
            result.printRemarks(plan)
        }
        guard !plan.isEmpty, try confirmation.ask(on: isText ? .output : .error) else { return }
        try result.write(try plan.carryOut(wasAsked: confirmation.asks))
    }
}

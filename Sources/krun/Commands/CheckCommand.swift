import ArgumentParser
import KrunScenario

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Reads scenario files and reports everything that is wrong with them, without a broker.")

    @OptionGroup var selection: SelectionOptions
    @OptionGroup var variables: VariableOptions
    @OptionGroup var limits: LimitOptions
    @OptionGroup var color: ColorOptions

    func run() throws {
        let checked = try ScenarioLoader(selection: selection, variables: variables, limits: limits).load()
        let report = CheckReport(checked, color: color.choice)
        Console.writeError(report.problems)
        Console.writeOutput(report.totals)
        if report.invalidCount > 0 { throw ExitCode(ExitCodes.invalidScenario) }
    }
}

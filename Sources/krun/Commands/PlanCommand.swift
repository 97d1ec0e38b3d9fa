import ArgumentParser
import KrunDiagnostics
import KrunJSON
import KrunPlanning
import KrunReports
import KrunScenario

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Says what will happen in a scenario, step by step, without a broker.",
        discussion: """
            Where messages and keys go, what groups read and who owns what, and what nobody can know before, with the reason. \
            What is not doubted is certain, as long as no broker fails.
            """)

    @OptionGroup(title: "Scenarios") var selection: SelectionOptions
    @OptionGroup(title: "Scenarios") var variables: VariableOptions
    @OptionGroup(title: "Scenarios") var limits: LimitOptions
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Where the keys would go in topics of so many partitions, and which move; one number is compared with what the file says.",
            valueName: "number,..."),
        transform: PartitionCounts.init(argument:))
    var partitions: PartitionCounts?
    @OptionGroup var result: ResultOptions

    func run() throws {
        let entries = try ScenarioLoader(selection: selection, variables: variables, limits: limits).load()
        let style = Console.style(of: .output, result.color.choice)
        let problems = DiagnosticText(
            style: Console.style(of: .error, result.color.choice), width: Console.width(of: .error))
        var (isFirst, isSound) = (true, true)
        var values: [JSONValue] = []
        for entry in entries {
            switch entry.scenario {
            case .failure(let diagnostics):
                isSound = false
                for diagnostic in diagnostics.all { Console.writeError(problems.text(diagnostic) + "\n\n") }
            case .success(let scenario):
                let plan = Planner.plan(scenario)
                for secret in scenario.missingSecrets {
                    var warning = secret
                    warning.kind = .warning
                    warning.label = "its name stands for it in the plan"
                    Console.writeError(problems.text(warning) + "\n\n")
                }
                let counts = partitions?.counts ?? []
                switch result.output {
                case .json: values.append(PlanJSON.value(plan, counts: counts))
                case .pretty:
                    let text = PlanText(plan, counts: counts, style: style, width: Console.width(of: .output)).text
                    Console.writeOutput((isFirst ? "" : "\n") + text)
                    isFirst = false
                }
            }
        }
        if result.output == .json { Console.writeDocument(JSONValue.array(values).text(pretty: true) + "\n") }
        if !isSound { throw ExitCode(ExitCodes.invalidScenario) }
    }
}

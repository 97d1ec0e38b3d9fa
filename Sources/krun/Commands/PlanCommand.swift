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
        help: ArgumentHelp(
            "Where the keys would go in topics of so many partitions, and which move; two or more numbers, or one to compare with what "
                + "the file says.",
            valueName: "number,..."))
    var partitions: PartitionCounts?
    @OptionGroup var result: ResultOptions

    func run() throws {
        let entries = try ScenarioLoader(selection: selection, variables: variables, limits: limits).load()
        let style = Console.style(of: .output, result.color.choice)
        let problems = DiagnosticText(style: Console.style(of: .error, result.color.choice))
        var (isFirst, isSound) = (true, true)
        var values: [JSONValue] = []
        for entry in entries {
            switch entry.scenario {
            case .failure(let diagnostics):
                isSound = false
                for diagnostic in diagnostics.all { Console.writeError(problems.text(diagnostic) + "\n\n") }
            case .success(let scenario):
                let plan = Planner.plan(scenario)
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
        if result.output == .json { Console.writeOutput(JSONValue.array(values).text(pretty: true) + "\n") }
        if !isSound { throw ExitCode(ExitCodes.invalidScenario) }
    }
}

/// Numbers of partitions, separated by commas.
struct PartitionCounts: ExpressibleByArgument {
    /// As many as a topic may have on the embedded broker.
    private static let most = 10_000

    let counts: [Int]

    init?(argument: String) {
        let counts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard !counts.isEmpty, counts.count <= 8, counts.allSatisfy({ (1...Self.most).contains($0) }) else {
            return nil
        }
        self.counts = counts
    }

    var defaultValueDescription: String { counts.map(String.init).joined(separator: ",") }
}

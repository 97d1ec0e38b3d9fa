import ArgumentParser
import KrunDiagnostics

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs scenarios and reports what happened. The default when no command is named.")

    @OptionGroup(title: "Scenarios") var selection: SelectionOptions
    @OptionGroup(title: "Scenarios") var variables: VariableOptions
    @OptionGroup(title: "Broker") var broker: BrokerOptions
    @OptionGroup(title: "Run") var running: RunningOptions
    @OptionGroup(title: "Run") var limits: LimitOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run() async throws {
        let client = try broker.client.read()
        client.warnings.forEach { Console.printError($0, output.color.choice) }
        let entries = try ScenarioLoader(selection: selection, variables: variables, limits: limits).load()
        let choice = try broker.choice(bootstrapOfConfiguration: client.bootstrap)
        let session = RunSession(
            entries: entries, inputs: [variables.variablesFile, broker.client.config].compactMap { $0 }, choice: choice,
            properties: client.properties, running: running, limits: limits, output: output)
        let code = try await session.run()
        if code != ExitCodes.held { throw ExitCode(code) }
    }
}

struct RunningOptions: ParsableArguments {
    @Option(
        parsing: .unconditional, help: ArgumentHelp("How many scenarios run side by side.", valueName: "number"))
    var jobs: Int = 1

    @Flag(help: "Use the names of topics and groups as the files have them, without a suffix.")
    var exactNames = false

    @Flag(help: "Leave what the run creates on the broker.")
    var keep = false

    func validate() throws {
        if !(1...64).contains(jobs) { throw ValidationError("--jobs takes a number from 1 to 64, not \(jobs).") }
    }
}

struct OutputOptions: ParsableArguments {
    @Option(
        name: .customLong("report"), parsing: .singleValue,
        help: ArgumentHelp("Also write a report: json=FILE (- for stdout); may be repeated.", valueName: "format=file"))
    var reports: [ReportOption] = []

    @Flag(help: "One line a scenario and step, without tables.")
    var compact = false

    @Flag(name: .shortAndLong, help: "Show every invariant, and librdkafka's log on stderr.")
    var verbose = false

    @OptionGroup var color: ColorOptions
}

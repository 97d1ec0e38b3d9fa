import ArgumentParser

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
        let entries = try ScenarioLoader(selection: selection, variables: variables, limits: limits).load(toRun: true)
        let choice = try broker.choice(bootstrapOfConfiguration: client.bootstrap)
        let session = RunSession(
            entries: entries, inputs: variables.files + [broker.client.config].compactMap { $0 }, choice: choice,
            properties: client.properties, running: running, limits: limits, output: output)
        let code = try await session.run()
        if code != ExitCodes.held { throw ExitCode(code) }
    }
}

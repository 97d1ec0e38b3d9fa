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
    @OptionGroup(title: "A program beside the steps") var companion: CompanionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func run() async throws {
        let preparation = try RunPreparation(
            selection: selection, variables: variables, broker: broker, running: running, limits: limits,
            companion: companion, output: output)
        guard let session = try preparation.session() else { return }
        let code = try await session.run()
        if code != ExitCodes.held { throw ExitCode(code) }
    }
}

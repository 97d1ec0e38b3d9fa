import ArgumentParser
import KrunDiagnostics

struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Runs scenarios, and again whenever one of their files is saved, until Ctrl+C.",
        discussion: """
            The files that a scenario reads messages or cases from count, too. Nothing of what was told is cleared: after each run it says what has changed since the one before. A scenario without a seed keeps the one that was drawn first.

              krun watch orders.json
              krun watch scenarios --name refund
            """)

    @OptionGroup(title: "Scenarios") var selection: SelectionOptions
    @OptionGroup(title: "Scenarios") var variables: VariableOptions
    @OptionGroup(title: "Broker") var broker: BrokerOptions
    @OptionGroup(title: "Run") var running: RunningOptions
    @OptionGroup(title: "Run") var limits: LimitOptions
    @OptionGroup(title: "A program beside the steps") var companion: CompanionOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
        if selection.paths.contains(where: { NamedInput($0).isDescriptor || NamedInput($0).isStream }) {
            throw ValidationError("watch takes files and folders: what comes on stdin or by a pipe is not saved again.")
        }
        if output.reports.contains(where: { $0.file == "-" }) {
            throw ValidationError("watch writes reports to files: stdout has what people read.")
        }
    }

    func run() async throws {
        let session = WatchSession(
            selection: selection, variables: variables, broker: broker, running: running, limits: limits,
            companion: companion, output: output)
        let code = try await session.run()
        if code != ExitCodes.held { throw ExitCode(code) }
    }
}

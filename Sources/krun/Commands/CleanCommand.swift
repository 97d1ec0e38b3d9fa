import ArgumentParser
import KrunConnection
import KrunDiagnostics
import KrunOutcome
import KrunRunner
import KrunScenario

struct CleanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: "Lists the topics and groups that killed runs left on a broker, and deletes them with --yes.")

    @OptionGroup(title: "Broker") var address: BrokerAddressOptions
    @OptionGroup(title: "Broker") var client: ClientOptions
    @OptionGroup(title: "Broker") var logging: LogOptions

    @Option(
        help: ArgumentHelp(
            "Only what a run left that started at least this long ago, such as 30m or 2h.", valueName: "duration"))
    var olderThan: DurationArgument = DurationArgument(.seconds(3600), "1h")

    @OptionGroup var confirmation: ConfirmationOptions
    @OptionGroup var color: ColorOptions

    func run() async throws {
        let client = try client.read(for: .administration)
        guard let bootstrap = try address.kafka(bootstrapOfConfiguration: client.bootstrap)?.bootstrap else {
            throw ValidationError(
                "krun clean needs a broker: --brokers host:port (an embedded one is gone with its run).")
        }
        let display = WaitDisplay.command
        let waits = WaitBoard()
        display.follow(waits)
        let leftovers = try Leftovers.find(
            bootstrap: bootstrap, properties: client.properties, olderThan: olderThan.duration, log: logging.log,
            interruption: Interruption(), waits: waits, tell: { display.tell($0) })
        let text = CleanText(leftovers, age: olderThan.text)
        Console.writeOutput(text.list(Console.style(of: .output)))
        guard !leftovers.isEmpty else { return }
        guard try Confirmation(.delete, isGiven: confirmation.yes).ask() else { return }
        let outcome = leftovers.delete()
        Console.writeOutput(CleanText.deleted(outcome))
        if !outcome.left.isEmpty { throw ExitCode(ExitCodes.runtime) }
    }
}

import ArgumentParser
import KrunConnection
import KrunDiagnostics
import KrunOutcome
import KrunReports
import KrunRunner
import KrunScenario

struct CleanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: "Lists the topics and groups that killed runs left on a broker, and deletes them with --yes.")

    @OptionGroup(title: "Broker") var address: BrokerAddressOptions
    @OptionGroup(title: "Broker") var named: NamedBrokerOptions
    @OptionGroup(title: "Broker") var client: ClientOptions
    @OptionGroup(title: "Broker") var logging: LogOptions

    @Option(
        help: ArgumentHelp(
            "Only what a run left that started at least this long ago, such as 30m or 2h.", valueName: "duration"))
    var olderThan: DurationArgument = DurationArgument(.seconds(3600), "1h")

    @OptionGroup var confirmation: ConfirmationOptions
    @OptionGroup var color: ColorOptions

    func validate() throws {
        try named.check(beside: address.brokers)
    }

    func run() async throws {
        let broker = try named.broker()
        let client = try client.read(for: .administration, of: broker)
        let kafka = try broker?.address ?? address.kafka(bootstrapOfConfiguration: client.bootstrap)
        guard let bootstrap = kafka?.bootstrap else {
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

/// What `krun clean` says; the names are whatever stands on the cluster.
struct CleanText {
    private let leftovers: Leftovers
    private let age: String

    init(_ leftovers: Leftovers, age: String) {
        self.leftovers = leftovers
        self.age = age
    }

    func list(_ style: TextStyle) -> String {
        guard !leftovers.isEmpty else { return "no topics or groups that krun made at least \(age) ago\n" }
        let entries = leftovers.groups.map { ("group", $0) } + leftovers.topics.map { ("topic", $0) }
        let table = TextTable(
            columns: [TextTable.Column("kind", .left), TextTable.Column("name", .left), TextTable.Column("age")],
            rows: entries.map { kind, entry in [kind, TerminalText.safe(entry.name), CleanText.age(entry.age)] })
        return table.lines(style, indent: "").map { $0 + "\n" }.joined()
    }

    static func deleted(_ outcome: CleanupOutcome) -> String {
        let topics = Amounts.count(outcome.deletedTopics.count, "topic")
        let groups = Amounts.count(outcome.deletedGroups.count, "group")
        return "deleted \(groups) and \(topics)\n"
            + outcome.left.map { TerminalText.safe("could not delete \($0.kind) \($0.name): \($0.reason)") + "\n" }
            .joined()
    }

    private static func age(_ duration: Duration) -> String {
        let minutes = duration.components.seconds / 60
        if minutes < 60 { return "\(minutes) min" }
        if minutes < 48 * 60 { return "\(minutes / 60) h" }
        return "\(minutes / (24 * 60)) days"
    }
}

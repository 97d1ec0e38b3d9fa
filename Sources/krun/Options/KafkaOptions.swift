import ArgumentParser
import KrunConnection
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunScenario
import KrunTools

/// Which Kafka, for the commands that act on one without a scenario; without a name, the one on this machine.
struct KafkaOptions: ParsableArguments {
    @Option(
        name: SharedNames.brokers,
        help: ArgumentHelp(
            "Bootstrap addresses separated by commas; without any, localhost:9092. (env: KRUN_BROKERS)",
            valueName: "host:port,..."))
    var brokers: String?

    @OptionGroup var named: NamedBrokerOptions

    @Option(
        help: ArgumentHelp(
            "How long the Kafka has to answer, such as 500ms, 10s or 2m.", valueName: "duration"))
    var timeout: DurationArgument = DurationArgument(.seconds(10), "10s")

    @OptionGroup(title: "Client options")
    var client: ClientOptions

    func validate() throws {
        if let brokers { try BrokerAddressOptions.check(brokers, from: "--brokers") }
        try named.check(beside: brokers)
    }

    /// The Kafka that is meant, with the client's properties.
    ///
    /// - Parameters:
    ///   - clientID: what `--client-id` says; nil without it.
    ///   - warn: told of properties that mean nothing here; prints them unless it is said.
    func address(
        for purpose: ClientOptions.Purpose = .administration, clientID: String? = nil,
        warn: (Diagnostic) -> Void = { Console.printError($0) }
    ) throws -> KafkaConnection.Address {
        // The process ends with the command.
        KafkaLibrary.keepClientsUntilExit()
        let broker = try named.broker()
        var read = try client.read(for: purpose, of: broker)
        if let clientID { read.properties["client.id"] = clientID }
        read.warnings.forEach(warn)
        let named =
            try broker?.address ?? BrokerAddressOptions.kafka(brokers, bootstrapOfConfiguration: read.bootstrap)
        return KafkaConnection.Address(
            bootstrap: named?.bootstrap ?? KafkaConnection.defaultBootstrap, chosenBy: named?.chosenBy ?? "default",
            properties: read.properties, timeout: timeout.duration)
    }
}

/// Which Kafka, for the commands that ask it something or change something there.
struct AdministrationOptions: ParsableArguments {
    @OptionGroup(title: "Kafka") var kafka: KafkaOptions
    @OptionGroup(title: "Kafka") var logging: LogOptions

    var client: ClientOptions { kafka.client }

    /// The Kafka that is meant, once it has answered.
    func administration(_ interruption: Interruption = Interruption()) throws -> KafkaConnection {
        let (display, waits) = (WaitDisplay.command, WaitBoard())
        display.follow(waits)
        return try KafkaConnection.openForAdministration(
            try kafka.address(), log: logging.log, waits: waits, tell: { display.tell($0) },
            interruption: interruption)
    }
}

/// `-v`, where it has librdkafka's log and nothing else.
struct LogOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Show librdkafka's log.")
    var verbose = false

    var log: ClientLog { ClientLog(handler: verbose ? LogLines.write : nil) }
}

/// A duration as the language writes it: `500ms`, `10s`, `2m`.
struct DurationArgument: ExpressibleByArgument {
    let duration: Duration
    let text: String

    init(_ duration: Duration, _ text: String) {
        self.duration = duration
        self.text = text
    }

    init?(argument: String) {
        guard let duration = Duration(scenarioText: argument) else { return nil }
        self.init(duration, argument)
    }

    var defaultValueDescription: String { text }
}

/// In which form a command tells what it found or did.
struct ResultOptions: ParsableArguments {
    enum Form: String, CaseIterable, ExpressibleByArgument {
        case pretty, json
    }

    @Option(help: ArgumentHelp("pretty, for people, or json, for programs.", valueName: "form"))
    var output: Form = .pretty

    @OptionGroup var color: ColorOptions

    /// Writes the result to stdout and what else is to be known to stderr.
    ///
    /// - Throws: the exit code where a part failed.
    func write(_ result: some CommandResult) throws {
        show(result)
        let code = ExitCodes.code(forRemarks: result.remarks)
        if code != ExitCodes.held { throw ExitCode(code) }
    }

    /// As `write`, whatever failed.
    func show(_ result: some CommandResult) {
        switch output {
        case .pretty: Console.writeOutput(result.text(Console.style(of: .output, color.choice)))
        case .json: Console.writeOutput(result.json.text(pretty: true) + "\n")
        }
        printRemarks(result)
    }

    func printRemarks(_ result: some CommandResult) {
        for remark in result.remarks { Console.printError(remark, color.choice) }
    }
}

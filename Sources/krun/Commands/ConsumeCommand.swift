import ArgumentParser
import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunScenario
import KrunTools

struct ConsumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consume",
        abstract:
            "Reads a topic as a member of a group until Ctrl+C, shows each record, and commits what it has shown.",
        discussion: """
            A format string has kcat's letters: \(FormatString.letters).
            """)

    @Argument(
        help: ArgumentHelp(
            "The topics, by name or by a pattern such as 'orders-*' of those that are there; test-topic if none is named.",
            valueName: "topic"), completion: ClusterNames.topics)
    var names: [String] = []

    @Option(
        name: SharedNames.topic, parsing: .singleValue,
        help: ArgumentHelp("A topic, as an option; may be repeated.", valueName: "name"),
        completion: ClusterNames.topics)
    var topics: [String] = []

    @Option(
        help: ArgumentHelp("The group to join. (default: test-consumer-group)", valueName: "name"),
        completion: ClusterNames.groups)
    var group: String?

    @Flag(help: "Read all partitions without a group; nothing is committed.")
    var noGroup = false

    @Flag(help: "Read as a member of the group, and commit nothing.")
    var noCommit = false

    @Option(
        help: ArgumentHelp(
            "The client's name (client.id), with which the ids of members begin. (default: krun)", valueName: "name"))
    var clientID: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Where to begin in the first partitions that this member is given: \(StartPoint.forms). (default: committed; earliest with --no-group)",
            valueName: "where"))
    var from: StartArgument?

    @Flag(help: "The same as --from earliest.")
    var fromBeginning = false

    @Option(
        name: .customLong("partition"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("With --no-group: only this partition; may be repeated.", valueName: "number"))
    var partitions: [Int32] = []

    @Flag(
        name: [.customLong("exit-at-end"), .customShort("e")],
        help: "End where the topics end now, instead of waiting for more.")
    var exitAtEnd = false

    @Option(
        name: [.customLong("count"), .customLong("max-messages")], parsing: .unconditional,
        help: ArgumentHelp("End after so many records.", valueName: "number"))
    var count: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many records to read per second at most, from 1.", valueName: "number"))
    var rate: Double?

    @Option(
        help: ArgumentHelp(
            "How records are written: pretty, json (a line each), raw (the value and a line end), or a format string such as "
                + "'%p %o %k %s\\n'. But for pretty, everything else goes to stderr. (default: pretty)",
            valueName: "format"),
        transform: RecordFormat.init(argument:))
    var output: RecordFormat?

    @Option(
        name: SharedNames.keySeparator, parsing: .unconditional,
        help: ArgumentHelp(
            "Write each record as its key, this text and its value, as `krun produce` reads them: --output '%kTEXT%s\\n'.",
            valueName: "text"),
        transform: KeySeparator.init(argument:))
    var keySeparator: KeySeparator?

    @Flag(name: .shortAndLong, help: "Tell of each commit, and show librdkafka's log.")
    var verbose = false

    @OptionGroup(title: "Kafka") var kafka: KafkaOptions
    @OptionGroup var color: ColorOptions

    func validate() throws {
        try NamedTopics.check(names + topics)
        if group == "" { throw ValidationError("--group takes a name that is not empty, or --no-group.") }
        if noGroup, group != nil { throw ValidationError("--no-group and --group exclude each other.") }
        if noGroup, noCommit {
            throw ValidationError("--no-commit is about a group; without one nothing is committed.")
        }
        if fromBeginning, let from, from.point != .earliest {
            throw ValidationError("--from-beginning is --from earliest, and there is another --from.")
        }
        if keySeparator != nil, output != nil {
            throw ValidationError("--key-separator says how records are written, and so does --output.")
        }
        if let rate, !ConsumeSession.Request.rates.contains(rate) {
            throw ValidationError("--rate takes a number from 1 to 1000000000, not \(rate).")
        }
        try kafka.client.check(clientID: clientID)
        if noGroup, from?.point == .committed { throw ValidationError("--from committed takes a group.") }
        if !noGroup, !partitions.isEmpty {
            throw ValidationError(
                "--partition takes --no-group: in a group, the group decides who reads which partition.")
        }
        if let partition = partitions.first(where: { $0 < 0 }) {
            throw ValidationError("--partition takes a number from 0, not \(partition).")
        }
        if let count, count < 1 { throw ValidationError("--count takes a number from 1, not \(count).") }
    }

    func run() throws {
        try ConsumeRun(
            request: request, address: try kafka.address(for: .consuming, clientID: clientID), verbose: verbose,
            color: color.choice
        ).run()
    }

    private var request: ConsumeSession.Request {
        var request = ConsumeSession.Request(
            topics: NamedTopics.all(names, topics), group: noGroup ? nil : group ?? "test-consumer-group")
        request.from = fromBeginning ? .earliest : from?.point
        request.commits = !noCommit
        request.rate = rate
        request.partitions = partitions
        request.exitsAtEnd = exitAtEnd
        request.count = count
        request.format = keySeparator.map { .keysAndValues(separatedBy: $0.bytes) } ?? output ?? .pretty
        request.isOnTerminal = Console.isSeen(.output)
        request.isVerbose = verbose
        return request
    }
}

/// Where to begin, as the command line has it.
struct StartArgument: ExpressibleByArgument {
    let point: StartPoint

    init?(argument: String) {
        guard let point = StartPoint(argument) else { return nil }
        self.point = point
    }
}

extension RecordFormat {
    /// Reads the value of `--output`; throws what is wrong with it.
    init(argument: String) throws {
        switch argument {
        case "pretty": self = .pretty
        case "json": self = .json
        case "raw": self = .raw
        default:
            guard argument.contains("%") else {
                throw ValidationError(
                    "It is none of pretty, json and raw, and no format string: \(FormatString.letters).")
            }
            do {
                self = .format(try FormatString(argument))
            } catch {
                throw ValidationError("\(error.reason).")
            }
        }
    }
}

/// `krun consume` on this terminal.
struct ConsumeRun {
    let request: ConsumeSession.Request
    let address: KafkaConnection.Address
    let verbose: Bool
    let color: Console.ColorChoice

    /// - Throws: what ended it before its time, or the exit code.
    func run() throws {
        let interruption = Interruption()
        let leaving = Interruption()
        let signals = InterruptionSignals(interruption, saying: nil)
        let handler: (@Sendable (ClientLog.Line) -> Void)? = verbose ? LogLines.write : nil
        let notices: Console.Stream = request.format == .pretty ? .output : .error
        let output = ConsumeConsole(notices: notices, style: Console.style(of: notices, color))
        let display = WaitDisplay(color: color, isLineShown: !verbose)
        let waits = WaitBoard()
        display.follow(waits)
        let kafka: KafkaConnection
        let outcome: ConsumeSummary
        do {
            kafka = try KafkaConnection.open(
                address, log: ClientLog(handler: handler), waits: waits, tell: { display.tell($0) },
                interruption: interruption
            ) {
                interruption.isRequested && !leaving.isRequested
            }
            var request = request
            request.topics = try kafka.topicNames(request.topics)
            outcome = try ConsumeSession(request, on: kafka, log: ClientLog(handler: handler), output: output) {
                guard interruption.isRequested else { return false }
                leaving.request()
                return true
            }.run()
        } catch is Interrupted {
            throw ExitCode(request.isEndless ? ExitCodes.held : ExitCodes.interrupted)
        }
        withExtendedLifetime(signals) {}
        // The terminal has written ^C on a line of its own.
        if outcome.end == .interrupted, Console.isTerminal(notices) { Console.write("\n", to: notices) }
        if let trouble = outcome.trouble {
            Console.printError(trouble, color)
        }
        if outcome.end != .readerGone { Console.write(outcome.summary(output.style), to: notices) }
        throw ExitCode(exitCode(outcome))
    }

    private func exitCode(_ outcome: ConsumeSummary) -> Int32 {
        if let trouble = outcome.trouble, trouble.kind != .warning { return ExitCodes.code(for: trouble.kind) }
        // To end a consumer that has no other end is what Ctrl+C is for.
        return outcome.end == .interrupted && !request.isEndless ? ExitCodes.interrupted : ExitCodes.held
    }
}

/// Records on stdout, in the order in which everything happened.
private final class ConsumeConsole: ConsumeOutput {
    let notices: Console.Stream
    let style: TextStyle

    init(notices: Console.Stream, style: TextStyle) {
        self.notices = notices
        self.style = style
    }

    func writeRecords(_ text: [UInt8]) -> Bool {
        Console.writeOutput(text)
    }

    var isReaderGone: Bool { Console.isReaderGone(.output) }

    func say(_ line: String) {
        Console.write(style.dim(TerminalText.safe(line)) + "\n", to: notices)
    }

    func warn(_ line: String) {
        Console.write(style.yellow(TerminalText.safe("warning: " + line)) + "\n", to: .error)
    }
}

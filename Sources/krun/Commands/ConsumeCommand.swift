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

    @Option(
        name: .customLong("topic"), parsing: .singleValue,
        help: ArgumentHelp("A topic to read; may be repeated. (default: test-topic)", valueName: "name"),
        completion: ClusterNames.topics)
    var topics: [String] = []

    @Option(
        help: ArgumentHelp("The group to join. (default: test-consumer-group)", valueName: "name"),
        completion: ClusterNames.groups)
    var group: String?

    @Flag(help: "Read all partitions without a group; nothing is committed.")
    var noGroup = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Where to begin in the first partitions that this member is given: \(StartPoint.forms). (default: committed; earliest with --no-group)",
            valueName: "where"))
    var from: StartArgument?

    @Option(
        name: .customLong("partition"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("With --no-group: only this partition; may be repeated.", valueName: "number"))
    var partitions: [Int32] = []

    @Flag(help: "End where the topics end now, instead of waiting for more.")
    var exitAtEnd = false

    @Option(help: ArgumentHelp("End after so many records.", valueName: "number"))
    var count: Int?

    @Option(
        help: ArgumentHelp(
            "How records are written: pretty, json (a line each), raw (the value and a line end), or a format string such as "
                + "'%p %o %k %s\\n'. But for pretty, everything else goes to stderr. (default: pretty)",
            valueName: "format"),
        transform: RecordFormat.init(argument:))
    var output: RecordFormat = .pretty

    @Flag(name: .shortAndLong, help: "Tell of each commit, and show librdkafka's log.")
    var verbose = false

    @OptionGroup(title: "Kafka") var kafka: KafkaOptions
    @OptionGroup var color: ColorOptions

    func validate() throws {
        for topic in topics {
            guard let fault = KafkaName.fault(of: topic, existing: true) else { continue }
            throw ValidationError("--topic \(topic.quotedForMessage) is no name of a topic: \(fault).")
        }
        if group == "" { throw ValidationError("--group takes a name that is not empty, or --no-group.") }
        if noGroup, group != nil { throw ValidationError("--no-group and --group exclude each other.") }
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
            request: request, address: try kafka.address(for: .consuming), verbose: verbose, color: color.choice
        ).run()
    }

    private var request: ConsumeSession.Request {
        let topics = topics.isEmpty ? ["test-topic"] : topics.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        var request = ConsumeSession.Request(topics: topics, group: noGroup ? nil : group ?? "test-consumer-group")
        request.from = from?.point
        request.partitions = partitions
        request.exitsAtEnd = exitAtEnd
        request.count = count
        request.format = output
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

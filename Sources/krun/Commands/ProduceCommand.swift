import ArgumentParser
import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunScenario
import KrunTools

struct ProduceCommand: ParsableCommand {
    /// What `--input` names.
    enum InputChoice: String, CaseIterable, ExpressibleByArgument {
        case samples, lines, json
    }

    static let configuration = CommandConfiguration(
        commandName: "produce",
        abstract: "Sends messages to a topic, and tells where each of them went.",
        discussion: """
            Messages are the arguments, or else the lines of stdin. A line is key:value, or a value without a key; with --input \
            json it is a record as `krun consume --output json` writes it. Without messages and without a pipe or a file on stdin, the \
            default topic gets five samples with keys, the first lesson; --samples sends them to any topic.

              krun produce
              krun produce alice:espresso bob:"flat white"
              krun consume --no-group --exit-at-end --output json > dump
              krun produce --topic copy --input json --repartition < dump
            """)

    @Argument(help: ArgumentHelp("A message; - alone stands for the lines of stdin.", valueName: "message"))
    var messages: [String] = []

    @Option(
        name: SharedNames.topic, help: ArgumentHelp("The topic to send to.", valueName: "name"),
        completion: ClusterNames.topics)
    var topic = Self.defaultTopic

    @Flag(help: "Send five sample messages.")
    var samples = false

    @Option(
        help: ArgumentHelp(
            "What the messages are: lines, records (json), or the samples.", valueName: "kind"))
    var input: InputChoice?

    @Option(
        name: SharedNames.keySeparator, parsing: .unconditional,
        help: ArgumentHelp(
            "What stands between key and value of a line, such as = or \\t; empty: lines have no keys. (default: :)",
            valueName: "text"),
        transform: KeySeparator.init(argument:))
    var keySeparator: KeySeparator?

    @Flag(help: "An empty value of a line is a tombstone.")
    var tombstones = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The partition to send to, instead of the partitioner's choice.", valueName: "number"))
    var partition: Int32?

    @Option(
        help: ArgumentHelp(
            "How librdkafka chooses a partition. (default: murmur2_random)", valueName: "name"))
    var partitioner: PartitionerArgument?

    @Flag(help: "Let the partitioner place records that name a partition, too.")
    var repartition = false

    @Option(
        name: .customLong("header"), parsing: .singleValue,
        help: ArgumentHelp("A header of every message; may be repeated.", valueName: "name=value"))
    var headers: [NameAndValue] = []

    @Option(parsing: .unconditional, help: ArgumentHelp("How many messages per second.", valueName: "number"))
    var rate: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How often to send the arguments, or the samples. (default: 1)", valueName: "number"))
    var count: Int?

    @Option(help: ArgumentHelp("The client's name (client.id). (default: krun)", valueName: "name"))
    var clientID: String?

    @Option(
        help: ArgumentHelp("How deliveries are told: pretty, or json (a record a line).", valueName: "format"))
    var output: ProduceSession.Request.Output = .pretty

    @Flag(name: .shortAndLong, help: "Only what was not delivered, and the totals.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Show librdkafka's log.")
    var verbose = false

    @OptionGroup(title: "Kafka") var kafka: KafkaOptions
    @OptionGroup var color: ColorOptions

    func validate() throws {
        if let fault = KafkaName.fault(of: topic, existing: true) {
            throw ValidationError("--topic \(topic.quotedForMessage) is no name of a topic: \(fault).")
        }
        if samples, let input, input != .samples {
            throw ValidationError("--samples sends its own messages, and takes no --input \(input.rawValue).")
        }
        if messages.count > 1, messages.contains("-"), !isSamples {
            throw ValidationError("- stands for the lines of stdin, and only alone.")
        }
        if isSamples, !messages.isEmpty {
            throw ValidationError(
                "\(samples ? "--samples" : "--input samples") sends its own messages, and takes no others.")
        }
        if let partition, partition < 0 {
            throw ValidationError("--partition takes a number from 0, not \(partition).")
        }
        if let rate, !Pacer.rates.contains(rate) {
            throw ValidationError("--rate takes a number from 0.001 to 1000000000, not \(rate).")
        }
        try kafka.client.check(clientID: clientID)
        if let count, count < 1 { throw ValidationError("--count takes a number from 1, not \(count).") }
        if quiet, output == .json { throw ValidationError("--quiet leaves nothing that --output json could write.") }
        try validateCombinations()
    }

    /// What does not apply is an error, too.
    private func validateCombinations() throws {
        if !isLines {
            let what = isJSON ? "--input json" : "the samples"
            if keySeparator != nil { throw ValidationError("--key-separator is about lines, not about \(what).") }
            if tombstones { throw ValidationError("--tombstones is about lines, not about \(what).") }
        }
        if repartition, !isJSON {
            throw ValidationError("--repartition is about records that name a partition: --input json.")
        }
        if partition != nil, partitioner != nil {
            throw ValidationError("--partition and --partitioner exclude each other.")
        }
        if partition != nil, repartition {
            throw ValidationError("--partition and --repartition exclude each other.")
        }
        if count != nil, case .standardInput = request.input {
            throw ValidationError("--count repeats arguments and --samples; stdin can be read only once.")
        }
    }

    func run() throws {
        try ProduceRun(
            request: request, address: try kafka.address(for: .producing, clientID: clientID), verbose: verbose,
            color: color.choice
        ).run()
    }
}

/// What the options come to.
extension ProduceCommand {
    private static let defaultTopic = "test-topic"

    private var isSamples: Bool { samples || input == .samples }

    private var isJSON: Bool {
        switch request.input {
        case .arguments(_, .json), .standardInput(.json): true
        default: false
        }
    }

    private var isLines: Bool { !isJSON && request.input != .samples }

    private var source: ProduceSession.Request.Input {
        let format: ProduceSession.Request.Format = input == .json ? .json : .lines
        if isSamples { return .samples }
        if messages == ["-"] { return .standardInput(format) }
        if !messages.isEmpty { return .arguments(messages, format) }
        // Into any other topic they would be messages that nobody asked for.
        let isFirstLesson = topic == Self.defaultTopic && input == nil && StandardInput.kind != .stream
        return isFirstLesson ? .samples : .standardInput(format)
    }

    private var request: ProduceSession.Request {
        var request = ProduceSession.Request(topic: topic, input: source)
        if let keySeparator { request.keySeparator = keySeparator.bytes }
        request.emptyIsTombstone = tombstones
        request.partition = partition
        if let partitioner { request.partitioner = partitioner.partitioner }
        request.repartitions = repartition
        request.headers = headers.map { RecordHeader($0.name, Array($0.value.utf8)) }
        request.rate = rate
        if let count { request.count = count }
        request.output = output
        request.isQuiet = quiet
        return request
    }
}

/// One of librdkafka's partitioners by its name.
struct PartitionerArgument: ExpressibleByArgument {
    static let names = Partitioner.allCases.filter(\.isOfLibrdkafka).map(\.rawValue)
    static let allValueStrings = names
    static let defaultCompletionKind = CompletionKind.list(names)

    let partitioner: Partitioner

    init?(argument: String) {
        guard let partitioner = Partitioner(rawValue: argument) else { return nil }
        self.partitioner = partitioner
    }
}

extension ProduceSession.Request.Output: ExpressibleByArgument {}

/// `krun produce` on this terminal.
struct ProduceRun {
    let request: ProduceSession.Request
    let address: KafkaConnection.Address
    let verbose: Bool
    let color: Console.ColorChoice

    /// - Throws: what is wrong, or the exit code.
    func run() throws {
        let interruption = Interruption()
        let signals = InterruptionSignals(
            interruption,
            saying: InterruptionSignals.Words(
                first: "interrupted: waiting for what was sent (once more to stop at once)\n",
                second: "interrupted again: stopping at once\n"))
        let retries = RetryWatch(address.properties)
        let output = ProduceConsole(style: Console.style(of: .error, color))
        let display = WaitDisplay(color: color, isLineShown: !verbose)
        let waits = WaitBoard()
        display.follow(waits)
        let outcome: ProduceSummary
        do {
            let kafka = try KafkaConnection.open(
                address, log: retries.makeLog(handler: verbose ? LogLines.write : nil),
                waits: waits, tell: { display.tell($0) }, interruption: interruption)
            outcome = try ProduceSession(request, on: kafka, retries: retries, output: output) {
                interruption.isRequested
            }.run()
        } catch is Interrupted {
            throw ExitCode(ExitCodes.interrupted)
        }
        withExtendedLifetime(signals) {}
        Console.write(TerminalText.safe(outcome.totals) + "\n", to: request.output == .pretty ? .output : .error)
        for problem in outcome.problems { Console.printError(problem, color) }
        if outcome.isInterrupted { throw ExitCode(ExitCodes.interrupted) }
        let codes = outcome.problems.map { ExitCodes.code(for: $0.kind) }
        throw ExitCode(codes.min() ?? ExitCodes.held)
    }
}

/// Results on stdout, everything else on stderr.
private struct ProduceConsole: ProduceOutput {
    let style: TextStyle

    var isWatched: Bool { Console.isTerminal(.output) }
    var isInputTyped: Bool { StandardInput.kind == .terminal }

    func writeResults(_ text: [UInt8]) -> Bool {
        Console.writeOutput(text)
    }

    func say(_ line: String) {
        Console.write(style.dim(TerminalText.safe(line)) + "\n", to: .error)
    }

    func warn(_ line: String) {
        Console.write(style.yellow(TerminalText.safe("warning: " + line)) + "\n", to: .error)
    }

    func readInput(_ bytes: UnsafeMutableRawBufferPointer, isOver: () -> Bool) throws -> Int {
        try StandardInput.read(bytes, isOver: isOver)
    }
}

import ArgumentParser
import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunScenario
import KrunTools

struct RecordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Writes a scenario that sends what is on a topic now, and expects it where it was.",
        discussion: """
            The scenario runs on the embedded broker and on any Kafka. With --group it also has what the group had committed. \
            It names no host.

              krun record orders --group billing -o orders.json
              krun orders.json
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
        help: ArgumentHelp("A group whose committed offsets the scenario is to have.", valueName: "name"),
        completion: ClusterNames.groups)
    var group: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The file to write; - is stdout.", valueName: "file"), completion: .file())
    var output = "-"

    @Flag(help: "Replace the file if it is there.")
    var force = false

    @Option(
        name: [.customLong("limit"), .customLong("max-messages")], parsing: .unconditional,
        help: ArgumentHelp("How many messages of each topic, the earliest by timestamp.", valueName: "number"))
    var limit = 1000

    @Option(
        help: ArgumentHelp(
            "How many bytes of keys, values and headers of each topic, such as 64KiB or 4MB.", valueName: "size"))
    var limitBytes = SizeArgument(bytes: 1 << 20, text: "1MiB")

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Where to begin: earliest, an offset (12), so many offsets before the end of each partition (-12), or a time "
                + "(2026-01-31T08:00:00Z). (default: earliest)",
            valueName: "where"))
    var from: StartArgument?

    @Flag(help: "The same as --from earliest.")
    var fromBeginning = false

    @Option(
        name: .customLong("redact"), parsing: .singleValue,
        help: ArgumentHelp(
            "Put made-up texts in place of values and of headers' values (values), or of keys (keys), or of both (values,keys).",
            valueName: "what"),
        transform: RedactedParts.init(argument:))
    var redactions: [RedactedParts] = []

    @Option(
        help: ArgumentHelp(
            "The partitioner that placed the messages. (default: the one that explains them)", valueName: "name"))
    var partitioner: PartitionerArgument?

    @Flag(
        help:
            "Send the messages with the timestamps that they have, to a topic from which nothing is deleted by its age."
    )
    var timestamps = false

    @OptionGroup(title: "Kafka") var kafka: KafkaOptions
    @OptionGroup(title: "Kafka") var logging: LogOptions
    @OptionGroup var color: ColorOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit takes a number from 1, not \(limit).") }
        try NamedTopics.check(names + topics)
        if fromBeginning, let from, from.point != .earliest {
            throw ValidationError("--from-beginning is --from earliest, and there is another --from.")
        }
        if from?.point == .committed || from?.point == .latest {
            throw ValidationError("--from takes earliest, an offset, -N or a time, for what is there is recorded.")
        }
        if group == "" { throw ValidationError("--group takes a name that is not empty.") }
    }

    func run() throws {
        try RecordRun(
            request: request, address: kafka.address(), log: logging.log, output: output, force: force,
            color: color.choice
        ).run()
    }

    private var request: Recording.Request {
        var request = Recording.Request(topics: NamedTopics.all(names, topics), group: group)
        if let from { request.from = from.point }
        request.limit = limit
        request.byteLimit = limitBytes.bytes
        request.partitioner = partitioner?.partitioner
        request.keepsTimestamps = timestamps
        request.redacted = redactions.reduce(into: []) { $0.formUnion($1.parts) }
        return request
    }
}

/// What `--redact` takes: one of the names, or several separated by commas.
struct RedactedParts {
    let parts: Redaction.Parts

    /// Throws what is wrong with it.
    init(argument: String) throws {
        parts = try argument.split(separator: ",", omittingEmptySubsequences: false).reduce(into: []) { parts, name in
            switch name {
            case "values": parts.insert(.values)
            case "keys": parts.insert(.keys)
            default: throw ValidationError("'\(name)' is neither values nor keys.")
            }
        }
    }
}

/// A size as the language writes it: `64KiB`, `4MB`, or a number of bytes.
struct SizeArgument: ExpressibleByArgument {
    let bytes: Int
    let text: String

    init(bytes: Int, text: String) {
        self.bytes = bytes
        self.text = text
    }

    init?(argument: String) {
        guard let bytes = Int64(argument) ?? Units.size(argument), bytes > 0, let bytes = Int(exactly: bytes) else {
            return nil
        }
        self.init(bytes: bytes, text: argument)
    }

    var defaultValueDescription: String { text }
}

/// `krun record` on this terminal.
struct RecordRun {
    let request: Recording.Request
    let address: KafkaConnection.Address
    let log: ClientLog
    /// `-` is stdout.
    let output: String
    /// Whether a file that is there is replaced.
    let force: Bool
    let color: Console.ColorChoice

    func run() throws {
        let target = output == "-" ? nil : ScenarioTarget(output, force: force)
        // Found out now, and not when all has been read.
        try target?.check()
        let display = WaitDisplay(color: color)
        let waits = WaitBoard()
        display.follow(waits)
        let kafka = try KafkaConnection.openForRecording(address, log: log, waits: waits) { display.tell($0) }
        var request = request
        request.topics = try kafka.topicNames(request.topics)
        let recording = try Recording.make(request, on: kafka)
        waits.end()
        if let target {
            try target.write(recording.text)
        } else {
            Console.writeOutput(recording.text)
        }
        recording.remarks.forEach { Console.printError($0, color) }
        for line in recording.summary { Console.writeError(TerminalText.safe(line) + "\n") }
        if let target { Console.writeError(target.hint) }
    }
}

import ArgumentParser
import KrunDiagnostics
import KrunTools

struct PartitionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "partition",
        abstract: "Says on which partition each partitioner puts a key, and which keys move when partitions are added.",
        discussion: """
            A key is text, or bytes: hex:0001ff, base64:AAH/. On stdin each line is a key, and an empty line an empty key. No Kafka is asked. \
            docs/partitioning.md says which client uses which partitioner.

              krun partition alice bob -n 6,12
              cut -d, -f1 customers.csv | krun partition -n 12 --partitioner murmur2_random
            """)

    @Argument(help: ArgumentHelp("Keys; - or none of them for the lines of stdin.", valueName: "key"))
    var keys: [String] = []

    @Option(
        name: [.customLong("partitions"), .customShort("n")], parsing: .unconditional,
        help: ArgumentHelp(
            "How many partitions there are; of several numbers, such as 6,12, it is told which keys move from one to the next.",
            valueName: "number,..."),
        transform: PartitionCounts.init(argument:))
    var partitions: PartitionCounts

    @Option(
        help: ArgumentHelp("Only this partitioner, instead of all.", valueName: "name"))
    var partitioner: PartitionerArgument?

    @OptionGroup var result: ResultOptions

    func validate() throws {
        if keys.contains("-"), keys.count > 1 {
            throw ValidationError(
                "- stands for the keys on stdin, and no key stands beside it; the key \"-\" is hex:2d.")
        }
    }

    func run() throws {
        var request = KeyPlacementRun.Request(counts: partitions.counts)
        request.partitioner = partitioner?.partitioner
        request.isJSON = result.output == .json
        var run = KeyPlacementRun(
            request, style: Console.style(of: .output, result.color.choice), width: Console.width(of: .output)
        ) {
            Console.writeOutput($0)
        }
        guard keys.isEmpty || keys == ["-"] else { return try run.place(keys) }
        if StandardInput.kind == .terminal {
            Console.writeError("reading keys from the terminal, one a line; Ctrl+D ends\n")
        }
        try run.placeLines(isReady: { StandardInput.isReady }) {
            try StandardInput.read($0) { Console.isReaderGone(.output) }
        }
        if run.count == 0 { Console.writeError("no keys: stdin was empty\n") }
    }
}

/// Numbers of partitions, `6` or `6,12`.
struct PartitionCounts {
    /// librdkafka's limit for a topic.
    private static let limit = 100_000

    let counts: [Int]

    /// Throws what is wrong with it.
    init(argument: String) throws {
        counts = try argument.split(separator: ",", omittingEmptySubsequences: false).map { text in
            guard let count = Int(text), (1...Self.limit).contains(count) else {
                throw ValidationError(
                    "'\(text)' is no number from 1 to \(Self.limit); several are written with commas, such as 6,12.")
            }
            return count
        }
        if let again = counts.indices.first(where: { counts[..<$0].contains(counts[$0]) }) {
            throw ValidationError("\(counts[again]) stands there twice.")
        }
    }
}

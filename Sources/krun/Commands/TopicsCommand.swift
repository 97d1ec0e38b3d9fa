import ArgumentParser
import KrunTools

struct TopicsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topics",
        abstract: "Lists, creates, describes and deletes topics, and gives them more partitions.",
        usage: """
            krun topics [list] [PATTERN ...] [--internal]
            krun topics create NAME ... [--partitions 1]
            krun topics describe [NAME_OR_PATTERN ...] [--watch]
            krun topics delete NAME_OR_PATTERN ... [--yes]
            krun topics add-partitions NAME --to TOTAL [--dry-run]
            """,
        subcommands: [
            TopicsListCommand.self, TopicsCreateCommand.self, TopicsDescribeCommand.self, TopicsDeleteCommand.self,
            TopicsAddPartitionsCommand.self,
        ],
        defaultSubcommand: TopicsListCommand.self)
}

struct TopicsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the topics with their partitions, replicas and messages.",
        discussion: """
            Messages are the offsets between the first and the end: what compaction removed and the markers of transactions \
            count too.
            """)

    @Flag(help: "List the topics too that Kafka keeps for itself, such as __consumer_offsets.")
    var `internal` = false
    @Argument(
        help: ArgumentHelp("Only topics that match, such as 'orders-*'; all if there is none.", valueName: "pattern"))
    var patterns: [String] = []
    @OptionGroup var result: ResultOptions
    @OptionGroup(title: "Kafka") var kafka: AdministrationOptions

    func validate() throws {
        if let name = patterns.first(where: { TopicPattern.isName($0) }) {
            throw ValidationError(
                "krun topics has list, create, describe, delete and add-partitions, and list takes patterns, but no name; "
                    + "`krun topics describe \(name)` is about one topic.")
        }
        try NamedTopics.check(patterns)
    }

    func run() throws {
        let connection = try kafka.administration()
        try result.write(try TopicList.read(patterns, from: connection, includesInternal: `internal`))
    }
}

struct TopicsDescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract:
            "Describes topics: each partition with its leader, replicas and offsets, and the configs of their own.")

    @Argument(
        help: ArgumentHelp(
            "The topics, by name or by a pattern such as 'orders-*'; test-topic if none is named.", valueName: "name"),
        completion: ClusterNames.topics)
    var names: [String] = []
    @OptionGroup var watching: WatchingOptions
    @OptionGroup var result: ResultOptions
    @OptionGroup(title: "Kafka") var kafka: AdministrationOptions

    func run() throws {
        let names = names.isEmpty ? ["test-topic"] : names
        try watching.write(result, kafka) { try TopicDescriptions.read(names, from: $0) }
    }
}

struct TopicsCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Creates topics, and waits until every partition has a leader.")

    @Argument(help: ArgumentHelp("The topics.", valueName: "name"))
    var names: [String]
    @Option(help: ArgumentHelp("How many partitions each has.", valueName: "number"))
    var partitions = 1
    @Option(
        help: ArgumentHelp(
            "On how many brokers each partition is; the broker's default.replication.factor if not said.",
            valueName: "number"))
    var replicationFactor: Int?
    @Option(
        name: .customLong("topic-config"),
        help: ArgumentHelp(
            "A config of the topic by Kafka's name, such as cleanup.policy=compact; may be repeated.",
            valueName: "name=value"))
    var configs: [NameAndValue] = []
    @Flag(help: "Leave a topic as it is that is there already, instead of failing.")
    var ifNotExists = false
    @OptionGroup var result: ResultOptions
    @OptionGroup(title: "Kafka") var kafka: AdministrationOptions

    func validate() throws {
        if let config = kafka.client.config, let property = NameAndValue(argument: config),
            !ScenarioFiles.isThere(config)
        {
            throw ValidationError(
                "--config names a file of the client's properties; a config of the topic is set with "
                    + "--topic-config \(property.name)=...")
        }
        // librdkafka's limit.
        guard (1...100_000).contains(partitions) else {
            throw ValidationError("--partitions takes a number from 1 to 100000, not \(partitions).")
        }
        if let replicationFactor, !(1...Int(Int16.max)).contains(replicationFactor) {
            throw ValidationError("--replication-factor takes a number from 1 to 32767, not \(replicationFactor).")
        }
    }

    func run() throws {
        let connection = try kafka.administration()
        let order = TopicCreation.Order(
            names: names, partitions: partitions, replicationFactor: replicationFactor ?? -1,
            configs: Dictionary(configs.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }),
            ifNotExists: ifNotExists)
        try result.write(try TopicCreation.carryOut(order, on: connection))
    }
}

struct TopicsAddPartitionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-partitions",
        abstract: "Gives a topic more partitions, with --yes or a typed yes.",
        discussion: "They cannot be taken away again, and keys move to other partitions.")

    @Argument(help: ArgumentHelp("The topic.", valueName: "name"), completion: ClusterNames.topics)
    var name: String
    @Option(name: .customLong("to"), help: ArgumentHelp("How many there are to be in all.", valueName: "total"))
    var total: Int
    @Flag(help: "Read the topic's keys and say which of them would move; nothing is changed.")
    var dryRun = false
    @Option(
        help: ArgumentHelp("With --dry-run: what places the keys. (default: murmur2_random)", valueName: "name"))
    var partitioner: PartitionerArgument?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "With --dry-run: how many records to read, the last of each partition. (default: 100000)",
            valueName: "number"))
    var limit: Int?
    @OptionGroup var confirmation: ConfirmationOptions
    @OptionGroup var result: ResultOptions
    @OptionGroup(title: "Kafka") var kafka: AdministrationOptions

    func validate() throws {
        guard (1...100_000).contains(total) else {
            throw ValidationError("--to takes a number from 1 to 100000, not \(total).")
        }
        if dryRun, confirmation.yes { throw ValidationError("--dry-run changes nothing, and --yes is about a change.") }
        if !dryRun, partitioner != nil || limit != nil {
            throw ValidationError("\(limit == nil ? "--partitioner" : "--limit") is about --dry-run.")
        }
        if let limit, limit < 1 { throw ValidationError("--limit takes a number from 1, not \(limit).") }
    }

    func run() throws {
        let connection = try kafka.administration()
        if dryRun {
            var request = KeyMoves.Request(topic: name, total: total)
            if let partitioner { request.partitioner = partitioner.partitioner }
            if let limit { request.limit = limit }
            return try result.write(try KeyMoves.read(request, from: connection))
        }
        let plan = try PartitionAddition.plan(name, total: total, on: connection)
        try confirmation.carryOut(plan, .add, result, isPreview: false)
    }
}

struct TopicsDeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Shows what deleting topics would take away, and deletes them with --yes or a typed yes.")

    @Argument(
        help: ArgumentHelp("The topics, by name or by a pattern such as 'orders-*'.", valueName: "name"),
        completion: ClusterNames.topics)
    var names: [String]
    @OptionGroup var confirmation: ConfirmationOptions
    @OptionGroup var result: ResultOptions
    @OptionGroup(title: "Kafka") var kafka: AdministrationOptions

    func run() throws {
        let connection = try kafka.administration()
        let plan = try TopicDeletion.plan(names, looksAtGroups: !confirmation.yes, on: connection)
        try confirmation.carryOut(plan, .delete, result)
    }
}

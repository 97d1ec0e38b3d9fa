import ArgumentParser
import KrunTools

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

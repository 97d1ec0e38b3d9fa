import ArgumentParser
import KrunTools

struct TopicsDescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract:
            "Describes topics: each partition with its leader, replicas and offsets, and the configs of their own.")

    @Argument(help: ArgumentHelp("The topics; test-topic if none is named.", valueName: "name"))
    var names: [String] = []
    @OptionGroup var result: ResultOptions
    @OptionGroup(title: "Kafka") var kafka: AdministrationOptions

    func run() throws {
        let connection = try kafka.administration()
        try result.write(try TopicDescriptions.read(names.isEmpty ? ["test-topic"] : names, from: connection))
    }
}

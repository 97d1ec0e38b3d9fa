import ArgumentParser
import KrunTools

struct GroupsDescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Describes groups: their members and assignments, what they committed and how far behind they are.")

    @Argument(help: ArgumentHelp("The groups; test-consumer-group if none is named.", valueName: "group"))
    var groups: [String] = []
    @OptionGroup var result: ResultOptions
    @OptionGroup(title: "Kafka") var kafka: AdministrationOptions

    func run() throws {
        let connection = try kafka.administration()
        let names = groups.isEmpty ? ["test-consumer-group"] : groups
        try result.write(try GroupDescriptions.read(names, from: connection))
    }
}

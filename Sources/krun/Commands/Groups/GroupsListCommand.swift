import ArgumentParser
import KrunTools

struct GroupsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the consumer groups with their state, members and assignor.")

    @Argument(help: .hidden)
    var unexpected: String?
    @OptionGroup var result: ResultOptions
    @OptionGroup(title: "Kafka") var kafka: AdministrationOptions

    func validate() throws {
        guard let unexpected else { return }
        throw ValidationError(
            "krun groups has list, describe, reset and delete, and list takes no name; "
                + "`krun groups describe \(unexpected)` is about one group.")
    }

    func run() throws {
        try result.write(try GroupList.read(from: try kafka.administration()))
    }
}

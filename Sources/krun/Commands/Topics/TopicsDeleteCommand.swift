import ArgumentParser
import KrunTools

struct TopicsDeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Shows what deleting topics would take away, and deletes them with --yes or a typed yes.")

    @Argument(help: ArgumentHelp("The topics.", valueName: "name"))
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

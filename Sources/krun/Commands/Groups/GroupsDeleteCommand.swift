import ArgumentParser
import KrunTools

struct GroupsDeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract:
            "Shows what groups without members have committed, and deletes both with --yes or a typed yes.")

    @Argument(help: ArgumentHelp("The groups.", valueName: "group"))
    var groups: [String]
    @OptionGroup var confirmation: ConfirmationOptions
    @OptionGroup var result: ResultOptions
    @OptionGroup(title: "Kafka") var kafka: AdministrationOptions

    func run() throws {
        let connection = try kafka.administration()
        try confirmation.carryOut(try GroupDeletion.plan(groups, on: connection), .delete, result)
    }
}

import ArgumentParser
import KrunTools

struct TopicsAddPartitionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-partitions",
        abstract: "Gives a topic more partitions, with --yes or a typed yes.",
        discussion: "They cannot be taken away again, and keys move to other partitions.")

    @Argument(help: ArgumentHelp("The topic.", valueName: "name"))
    var name: String
    @Option(name: .customLong("to"), help: ArgumentHelp("How many there are to be in all.", valueName: "total"))
    var total: Int
    @OptionGroup var confirmation: ConfirmationOptions
    @OptionGroup var result: ResultOptions
    @OptionGroup(title: "Kafka") var kafka: AdministrationOptions

    func validate() throws {
        guard (1...100_000).contains(total) else {
            throw ValidationError("--to takes a number from 1 to 100000, not \(total).")
        }
    }

    func run() throws {
        let connection = try kafka.administration()
        let plan = try PartitionAddition.plan(name, total: total, on: connection)
        try confirmation.carryOut(plan, .add, result, isPreview: false)
    }
}

import ArgumentParser
import KrunConnection
import KrunTools

struct GroupsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "groups",
        abstract: "Lists, describes and deletes consumer groups, and resets what they committed.",
        usage: """
            krun groups [list]
            krun groups describe [GROUP ...] [--max-lag 100] [--watch]
            krun groups reset GROUP [--topic NAME] --to earliest [--yes]
            krun groups delete GROUP ... [--yes]
            """,
        subcommands: [
            GroupsListCommand.self, GroupsDescribeCommand.self, GroupsResetCommand.self, GroupsDeleteCommand.self,
        ],
        defaultSubcommand: GroupsListCommand.self)
}

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

struct GroupsDescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Describes groups: their members and assignments, what they committed and how far behind they are.")

    @Argument(
        help: ArgumentHelp("The groups; test-consumer-group if none is named.", valueName: "group"),
        completion: ClusterNames.groups)
    var groups: [String] = []
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The exit code is 4 where a group's total lag is larger than this, and 3 where it is not known.",
            valueName: "records"))
    var maxLag: Int64?
    @OptionGroup var watching: WatchingOptions
    @OptionGroup var result: ResultOptions
    @OptionGroup(title: "Kafka") var kafka: AdministrationOptions

    func validate() throws {
        if let maxLag, maxLag < 0 { throw ValidationError("--max-lag takes a number from 0, not \(maxLag).") }
    }

    func run() throws {
        let names = groups.isEmpty ? ["test-consumer-group"] : groups
        try watching.write(result, kafka) { try GroupDescriptions.read(names, maximumLag: maxLag, from: $0) }
    }
}

struct GroupsResetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract:
            "Shows where a group without members would go on reading, and commits that with --yes or a typed yes.",
        discussion: """
            An offset that the log does not have becomes the nearest one that it has. A group that is not there yet is made \
            where --topic says what it is to read.
            """)

    @Argument(help: ArgumentHelp("The group.", valueName: "group"), completion: ClusterNames.groups)
    var group: String
    @Option(
        name: SharedNames.topic,
        help: ArgumentHelp(
            "Only this topic; may be repeated. Without it, all partitions that the group committed in.",
            valueName: "name"))
    var topics: [String] = []
    @Option(
        name: .customLong("partition"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Only this partition of the one topic; may be repeated.", valueName: "number"))
    var partitions: [Int32] = []
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Where to go on: \(OffsetTarget.forms).",
            valueName: "where"))
    var to: String?
    @Option(
        name: .customLong("by"), parsing: .unconditional,
        help: ArgumentHelp("So many offsets on from what is committed; back, if negative.", valueName: "offsets"))
    var shift: Int64?
    @OptionGroup var confirmation: ConfirmationOptions
    @OptionGroup var result: ResultOptions
    @OptionGroup(title: "Kafka") var kafka: AdministrationOptions

    func validate() throws {
        _ = try target
        if !partitions.isEmpty, topics.count != 1 {
            throw ValidationError("--partition is about one topic: name it with --topic.")
        }
        if let negative = partitions.first(where: { $0 < 0 }) {
            throw ValidationError("--partition takes a number from 0, not \(negative).")
        }
    }

    private var target: OffsetTarget {
        get throws {
            switch (to, shift) {
            case (let to?, nil):
                guard let target = OffsetTarget(to: to) else {
                    throw ValidationError("--to takes \(OffsetTarget.forms), not '\(to)'.")
                }
                return target
            case (nil, let shift?): return .shift(shift)
            case (nil, nil): throw ValidationError("Say where to go on: --to or --by.")
            case (_?, _?): throw ValidationError("Say either --to or --by.")
            }
        }
    }

    func run() throws {
        let connection = try kafka.administration()
        let order = OffsetReset.Order(group: group, topics: topics, partitions: partitions, target: try target)
        try confirmation.carryOut(try OffsetReset.plan(order, on: connection), .reset, result)
    }
}

struct GroupsDeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract:
            "Shows what groups without members have committed, and deletes both with --yes or a typed yes.")

    @Argument(help: ArgumentHelp("The groups.", valueName: "group"), completion: ClusterNames.groups)
    var groups: [String]
    @OptionGroup var confirmation: ConfirmationOptions
    @OptionGroup var result: ResultOptions
    @OptionGroup(title: "Kafka") var kafka: AdministrationOptions

    func run() throws {
        let connection = try kafka.administration()
        try confirmation.carryOut(try GroupDeletion.plan(groups, on: connection), .delete, result)
    }
}

import ArgumentParser

struct GroupsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "groups",
        abstract: "Lists, describes and deletes consumer groups, and resets what they committed.",
        usage: """
            krun groups [list]
            krun groups describe [GROUP ...]
            krun groups reset GROUP [--topic NAME] --to earliest [--yes]
            krun groups delete GROUP ... [--yes]
            """,
        subcommands: [
            GroupsListCommand.self, GroupsDescribeCommand.self, GroupsResetCommand.self, GroupsDeleteCommand.self,
        ],
        defaultSubcommand: GroupsListCommand.self)
}

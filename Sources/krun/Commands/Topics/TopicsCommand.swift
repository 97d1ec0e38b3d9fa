import ArgumentParser

struct TopicsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topics",
        abstract: "Lists, creates, describes and deletes topics, and gives them more partitions.",
        usage: """
            krun topics [list] [--internal]
            krun topics create NAME ... [--partitions 1]
            krun topics describe [NAME ...]
            krun topics delete NAME ... [--yes]
            krun topics add-partitions NAME --to TOTAL
            """,
        subcommands: [
            TopicsListCommand.self, TopicsCreateCommand.self, TopicsDescribeCommand.self, TopicsDeleteCommand.self,
            TopicsAddPartitionsCommand.self,
        ],
        defaultSubcommand: TopicsListCommand.self)
}

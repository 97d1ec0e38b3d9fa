import ArgumentParser
import KrunTools

struct TopicsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the topics with their partitions, replicas and messages.",
        discussion: """
            Messages are the offsets between the first and the end: what compaction removed and the markers of transactions \
            count too.
            """)

    @Flag(help: "List the topics too that Kafka keeps for itself, such as __consumer_offsets.")
    var `internal` = false
    @Argument(help: .hidden)
    var unexpected: String?
    @OptionGroup var result: ResultOptions
    @OptionGroup(title: "Kafka") var kafka: AdministrationOptions

    func validate() throws {
        guard let unexpected else { return }
        throw ValidationError(
            "krun topics has list, create, describe, delete and add-partitions, and list takes no name; "
                + "`krun topics describe \(unexpected)` is about one topic.")
    }

    func run() throws {
        let connection = try kafka.administration()
        try result.write(try TopicList.read(from: connection, includesInternal: `internal`))
    }
}

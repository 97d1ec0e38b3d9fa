import ArgumentParser

/// The command line.
@main
struct Krun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "krun",
        abstract: "Runs declarative Kafka scenarios and reports, offset by offset, what happened and whether it held.",
        usage: """
            krun [run] FILE_OR_FOLDER ... [options]
            krun watch FILE_OR_FOLDER ... [options]
            krun check FILE_OR_FOLDER ...
            krun plan FILE_OR_FOLDER ... [--partitions 3,6]
            krun fmt FILE_OR_FOLDER ... [--check]
            krun new NAME [--force]
            krun broker [--port 9092] [--brokers 1] [--topic orders:3] [--control 9095]
            krun step STEP --control HOST:PORT
            krun produce [MESSAGE ...] [--topic test-topic]
            krun consume [TOPIC ...] [--group test-consumer-group]
            krun topics [list|create|describe|delete|add-partitions]
            krun groups [list|describe|reset|delete]
            krun record TOPIC ... [--group billing] -o orders.json
            krun partition KEY ... -n 6[,12,...] [--partitioner NAME]
            krun report RUN.json --to FORMAT=FILE ...
            krun merge PART.json ... [--output RUN.json]
            krun schema > .krun/scenario.schema.json
            krun clean --brokers HOST:PORT [--older-than 1h] [--yes]
            """,
        discussion: """
            A scenario is a JSON file: the topics, what is produced, and what consumer groups must see. Without --brokers \
            it runs on an embedded broker, so nothing else needs to be installed.

              krun scenarios/basic.json
              krun scenarios --brokers localhost:9092

            Without a file, in terminals side by side:

              krun broker --topic test-topic:3
              krun consume
              krun produce
            """,
        version: BuildDescription.text,
        subcommands: [
            RunCommand.self, WatchCommand.self, CheckCommand.self, PlanCommand.self, FormatCommand.self,
            NewCommand.self, BrokerCommand.self, StepCommand.self, ProduceCommand.self, ConsumeCommand.self,
            TopicsCommand.self, GroupsCommand.self, RecordCommand.self, PartitionCommand.self, ReportCommand.self,
            MergeCommand.self,
            SchemaCommand.self, CleanCommand.self,
        ],
        defaultSubcommand: RunCommand.self)

    /// Parses, runs, and ends the process with one of the documented exit codes.
    static func main() async {
        Console.prepare()
        do {
            var command = try parse()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            Console.exit(ExitCodes.held)
        } catch {
            ExitCodes.end(with: error, arguments: Array(CommandLine.arguments.dropFirst()))
        }
    }

    /// As `parseAsRoot`, but first of all come words that look like a command, and an unknown option comes before files that are missing.
    private static func parse() throws -> any ParsableCommand {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if let trouble = CommandGuess.trouble(with: arguments) { throw trouble }
        if let old = try OldSpelling(arguments, hasInput: StandardInput.kind == .stream) {
            Console.writeError(old.hint)
            return try parseAsRoot(old.arguments)
        }
        let plain = try NamedArguments.plain(arguments)
        do {
            return try parseAsRoot(plain)
        } catch {
            guard message(for: error).hasPrefix("Missing expected argument") else { throw error }
            do {
                _ = try parseAsRoot(plain + ["scenario.json"])
            } catch let other where message(for: other).hasPrefix("Unknown option") {
                throw other
            } catch {}
            throw error
        }
    }
}

enum Version {
    static let krun = "0.1.0"
}

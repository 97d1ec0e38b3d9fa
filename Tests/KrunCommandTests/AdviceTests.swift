import Foundation
import Testing

/// What krun's texts advise can be done: the options that they name are those of the commands that print them.
///
/// The texts are the string literals of the sources. Between backticks a command is written out, and must be one with these options;
/// elsewhere an option is one of every command that prints the text, which `printers` says of each file.
@Suite(.gated, .timeLimit(.minutes(10)))
struct AdviceTests {
    private static let topics = ["list", "create", "describe", "delete", "add-partitions"].map { "topics \($0)" }
    private static let groups = ["list", "describe", "delete", "reset"].map { "groups \($0)" }
    private static let tools = ["produce", "consume", "record"] + topics + groups
    private static let running = ["run", "watch"]
    private static let deleting = ["topics delete", "topics add-partitions", "groups delete", "groups reset"]

    /// The commands that print what the types of a folder or a file, or one of its types, say (`file/Type`); the longest name that fits
    /// counts.
    private static let printers: [String: [String]] = [
        "KrunScenario/": ["check", "plan"] + running, "KrunPlanning/": ["plan"], "KrunRunner/": running,
        "KrunReports/": running,
        "KrunConnection/": ["clean"] + running + tools, "KrunTools/Connection/": tools,
        "KrunTools/ProduceAndConsume/Consume/": ["consume"], "KrunTools/ProduceAndConsume/Produce/": ["produce"],
        "KrunTools/RecordFormats/": ["produce", "consume"], "KrunTools/RecordedScenarios/": ["record"],
        "KrunTools/TopicsAndGroups/Topics/": topics, "KrunTools/TopicsAndGroups/Groups/": groups,
        "KrunTools/TopicsAndGroups/Groups/OffsetReset": ["groups reset"],
        "KrunTools/TopicsAndGroups/Groups/GroupFigures.swift/OffsetFigures": ["groups describe"],
        "krun/Options/WatchingOptions.swift": ["groups describe", "topics describe"],
        "krun/Commands/GroupsCommand.swift/GroupsDescribeCommand": ["groups describe"],
        "KrunTools/TopicsAndGroups/Topics/KeyMoves": ["topics add-partitions"],
        "KrunTools/TopicsAndGroups/Topics/PartitionAddition": ["topics add-partitions"],
        "KrunTools/TopicsAndGroups/Topics/TopicCreation": ["topics create"],
        "KrunTools/TopicsAndGroups/Topics/TopicDeletion": ["topics delete"],
        "KrunTools/TopicsAndGroups/Groups/GroupDeletion": ["groups delete"],
        "KrunTools/TopicsAndGroups/CommandResult.swift/ShownFigures": deleting, "KrunTools/BrokerLog/": ["broker"],
        "krun/Console/Confirmation.swift": ["clean"] + deleting, "KrunBroker/Cluster/Configs/": ["broker"],
        "KrunControl/Server/": ["broker"], "KrunControl/Client/": ["step"],
        "krun/Commands/StepCommand.swift": ["step"],
        "krun/Commands/BrokerCommand.swift": ["broker"], "krun/Broker/": ["broker"], "krun/Programs/": running,
        "krun/Options/CompanionOptions.swift": running, "KrunChecks/": running,
        "krun/Commands/CleanCommand.swift": ["clean"],
        "krun/Commands/CheckCommand.swift": ["check"], "krun/Commands/FormatCommand.swift": ["fmt"],
        "KrunScenario/Layout/": ["fmt"], "krun/Running/": running,
        "krun/Commands/RunCommand.swift": ["run"], "krun/Commands/WatchCommand.swift": ["watch"],
        "krun/Options/RunningOptions.swift": running, "krun/Options/OutputOptions.swift": running,
        "krun/Options/NamedBrokerOptions.swift": ["clean"] + running + tools,
        "krun/Project/": ["clean"] + running + tools,
        "krun/Commands/ReportCommand.swift": ["report"],
        "krun/Running/ReportOption.swift": running + ["check"],
        "krun/Commands/ProduceCommand.swift": ["produce"], "krun/Commands/ConsumeCommand.swift": ["consume"],
        "krun/Commands/RecordCommand.swift": ["record"], "krun/Commands/NewCommand.swift": ["new"],
        "krun/Commands/PartitionCommand.swift": ["partition"], "krun/Commands/SchemaCommand.swift": ["schema"],
        "krun/Scenarios/ScenarioTarget.swift": ["new", "record"], "KrunTools/StarterScenario/": ["new"],
        "KrunTools/KeyPlacement/": ["partition"],
        "krun/Commands/GroupsCommand.swift/GroupsResetCommand": ["groups reset"],
        "krun/Commands/GroupsCommand.swift/GroupsDeleteCommand": ["groups delete"],
        "krun/Commands/TopicsCommand.swift/TopicsCreateCommand": ["topics create"],
        "krun/Commands/TopicsCommand.swift/TopicsDeleteCommand": ["topics delete"],
        "krun/Commands/TopicsCommand.swift/TopicsAddPartitionsCommand": ["topics add-partitions"],
        "krun/Commands/TopicsCommand.swift/TopicsListCommand": ["topics list"],
        "krun/Options/BrokerOptions.swift": running,
        "krun/Options/BrokerOptions.swift/ClientOptions": ["clean"] + running + tools,
        "krun/Options/BrokerOptions.swift/ReservedProperties": ["clean"] + running + tools,
        "krun/Options/ScenarioOptions.swift": ["check", "plan"] + running,
        "krun/Scenarios/": ["check", "plan"] + running,
        "krun/Options/KafkaOptions.swift": tools,
    ]

    /// Literals that say which command they are for.
    private static let own: [String: [String]] = [
        "the broker is named with --brokers or KRUN_BROKERS": ["clean"] + running + tools,
        "krun clean --brokers \\(TerminalText.safe(address)) --older-than 1s --yes": ["clean"],
        "--client-id takes a name that is not empty.": ["produce", "consume"],
        "--client-id and -X client.id say the same: give one of them.": ["produce", "consume"],
        // Not ours.
        "-IV": [], "compgen -c": [], "-c": [], "raise the limit with ulimit -n": [],
        "use fewer members, or raise the limit on threads (ulimit -u)": [],
        "use fewer branches, or raise the limit on threads (ulimit -u)": [],
        "the group is named with --group": ["consume"], "it is named with --partitioner": ["produce"],
        "where to begin is said with --from": ["consume"],
        "A Kafka to run on: bootstrap addresses separated by commas. (env: KRUN_BROKERS)": ["clean"] + running,
    ]

    /// These are about options themselves.
    private static let exempt = ["krun/CommandLine/", "krun/Krun.swift", "krun/Console/Console.swift"]

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources")

    @Test(.enabled(if: FileManager.default.isReadableFile(atPath: root.path), "the sources are not here"))
    func commandsTakeWhatTheyAdvise() async throws {
        let help = try await CommandHelp.read()
        let root = Self.root
        let files = try #require(FileManager.default.enumerator(atPath: root.path)).compactMap { $0 as? String }
            .filter { $0.hasSuffix(".swift") && !Self.exempt.contains(where: $0.hasPrefix) }
        var advice = 0
        for file in files.sorted() {
            let text = try String(contentsOf: root.appending(path: file), encoding: .utf8)
            for (type, literal) in Self.literals(of: text) {
                advice += check(literal, of: "\(file)/\(type)", help)
            }
        }
        // That none was found would be a mistake of this test.
        #expect(advice > 60)
    }

    /// - Returns: how many pieces of advice the literal has.
    private func check(_ literal: String, of file: String, _ help: CommandHelp) -> Int {
        var advice = 0
        var rest = literal
        for command in literal.matches(of: /`krun ([^`]*)`/) {
            rest = rest.replacing(command.0, with: "")
            let words = command.1.split(separator: " ").map(String.init)
            guard let path = Self.path(words, help) else { continue }
            for option in Self.options(in: String(command.1)) {
                advice += 1
                #expect(
                    help.options[path]?.contains(option) == true, "\(file): krun \(path) takes no \(option): \(literal)"
                )
            }
        }
        let options = Self.options(in: rest)
        guard !options.isEmpty else { return advice }
        let fitting = Self.printers.keys.filter { file.hasPrefix($0) }.max { $0.count < $1.count }
        guard let commands = Self.own[literal] ?? fitting.flatMap({ Self.printers[$0] }) else {
            Issue.record("\(file): say in `printers` which commands print \(literal)")
            return advice
        }
        for command in commands {
            for option in options {
                advice += 1
                #expect(
                    help.options[command]?.contains(option) == true,
                    "\(file): krun \(command) takes no \(option): \(literal)")
            }
        }
        return advice
    }

    /// The command that the first words name, a file standing for `run`; nil for a word that is put in at run time.
    private static func path(_ words: [String], _ help: CommandHelp) -> String? {
        var path = ""
        for word in words {
            let longer = path.isEmpty ? word : "\(path) \(word)"
            guard help.options[longer] != nil else { break }
            path = longer
        }
        switch path {
        case "": return words.first?.hasPrefix("\\(") == true ? nil : "run"
        case "topics", "groups": return path + " list"
        default: return path
        }
    }

    /// Such as `--topic` and `-X`; not the dash of a word, nor the `-N` that stands for a number.
    private static func options(in text: String) -> Set<String> {
        Set(text.matches(of: /(?:^|[\s(\["'])(--[a-z][a-z-]*|-(?!N)[A-Za-z](?![a-z-]))/).map { String($0.1) })
    }

    /// The string literals of a source file on one line, without comments, with the type at its top level that has them; what is put
    /// in stays as it is written.
    private static func literals(of text: String) -> [(type: String, literal: String)] {
        var type = ""
        return text.split(separator: "\n").flatMap { line -> [(String, String)] in
            if let found = line.firstMatch(of: /^(?:[a-z]+ )*(?:struct|enum|class|extension) (\w+)/) {
                type = String(found.1)
            }
            let code = line.trimmingCharacters(in: .whitespaces)
            // Looking closely takes its time, and few lines need it.
            let hints = [" -", "\"-", "(-", "[-", "'-", "`krun "]
            if code.hasPrefix("//") || !code.contains("\"") || !hints.contains(where: code.contains) { return [] }
            return code.matches(of: /"((?:[^"\\]|\\\([^()]*(?:\([^()]*\)[^()]*)*\)|\\.)*)"/)
                .map { (type, String($0.1)) }
        }
    }
}

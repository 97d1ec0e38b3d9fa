import KrunDiagnostics
import Testing

@testable import krun

/// Which command is suggested for words that are none, and what krun has for options of other tools.
struct CommandGuessTests {
    private func title(_ line: String, isThere: Bool = false) -> String? {
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        return CommandGuess.trouble(with: words) { _ in isThere }?.title
    }

    /// What is meant; nil where nothing is suggested.
    private func meant(_ line: String) -> String? {
        guard let title = title(line), let range = title.firstRange(of: "did you mean: krun ") else { return nil }
        return String(title[range.upperBound...])
    }

    @Test(arguments: [
        ("topic list", "topics list"), ("topic", "topics"), ("topic lst", "topics list"), ("Topics", "topics"),
        ("topic orders", "topics describe orders"), ("topic desc orders", "topics describe orders"),
        ("topic --internal", "topics --internal"), ("group", "groups"), ("group list", "groups list"),
        ("groups lst", "groups list"), ("groups rm billing", "groups delete billing"), ("topics ls", "topics list"),
        ("topics deleet a", "topics delete a"), ("topics add-partition a --to 3", "topics add-partitions a --to 3"),
        ("topics help", "help topics"), ("topics help create", "help topics create"), ("producer", "produce"),
        ("producer a:b", "produce a:b"), ("prod", "produce"), ("consumer --topic x", "consume --topic x"),
        ("cosnume", "consume"), ("rec", "record"), ("recording", "record"), ("chek a.json", "check a.json"),
        ("checks", "check"), ("brokr", "broker"), ("brokers", "broker"), ("cleanup", "clean"),
        ("rum a.json", "run a.json"),
        ("validate a.json", "check a.json"), ("send", "produce"), ("help topic", "help topics"),
        ("help topics lists", "help topics list"), ("help prodce", "help produce"),
        ("consumer -X sasl.password=hunter2 --topic x", "consume …"), ("runn --variable token=a a.json", "run …"),
        ("consumer --group my group", "consume --group my group"),
        ("init orders", "new orders"), ("partitions alice -n 3", "partition alice -n 3"), ("schemas", "schema"),
        ("format a.json", "fmt a.json"),
    ])
    func suggested(_ line: String, _ meant: String) {
        #expect(self.meant(line) == meant)
    }

    @Test(arguments: [
        "topic.json", "orders.json", "topics/", "./topic", "scenarios", "t", "", "topics", "topics list",
        "topics orders",
        "topics orders-v1", "groups my.group", "run topic", "check rec", "--color never topic", "-v", "x y topic",
        "help", "help help", "help run", "help topics create", "produce topic", "topic1",
    ])
    func filesAndCommandsAreLeftAlone(_ line: String) {
        #expect(meant(line) == nil)
    }

    @Test func whatIsThereIsMeant() {
        #expect(title("topic list", isThere: true) == nil)
        #expect(title("topics lst", isThere: true) == "krun topics has no command lst; did you mean: krun topics list")
        #expect(title("topic list") == "there is no command or file topic; did you mean: krun topics list")
    }

    @Test func helpIsOfWhatThereIs() {
        #expect(title("help nosuch") == "krun has no command nosuch")
        #expect(title("help topics nosuch") == "krun topics has no command nosuch")
        #expect(title("help topics create nosuch") == "krun topics create has no command nosuch")
        #expect(
            CommandGuess.trouble(with: ["help", "groups", "nosuch"])?.notes
                == ["it has list, describe, reset, delete"])
    }

    // MARK: Names

    @Test(arguments: [
        ("topics describe --topic orders", "topics describe orders"),
        ("topics describe -t orders -t bills --output json", "topics describe orders bills --output json"),
        ("topics create --topic=orders --partitions 3", "topics create orders --partitions 3"),
        ("topics add-partitions -torders --to 6", "topics add-partitions orders --to 6"),
        ("groups describe --group billing", "groups describe billing"),
        ("groups reset -g billing --topic orders --to earliest", "groups reset billing --topic orders --to earliest"),
        // What means something else, or nothing.
        ("topics list --topic orders", "topics list --topic orders"), ("consume -t orders", "consume -t orders"),
        ("topics delete -- --topic", "topics delete -- --topic"), ("a.json", "a.json"),
    ])
    func namesByOptionAreArguments(_ line: String, _ plain: String) throws {
        #expect(
            try NamedArguments.plain(line.split(separator: " ").map(String.init))
                == plain.split(separator: " ").map(String.init))
    }

    @Test(arguments: [
        ("topics describe --topic", "--topic takes a name, as `krun topics describe NAME` has it"),
        ("groups delete -g --yes", "-g takes a name, as `krun groups delete NAME` has it"),
        ("consume -topic orders", "Unknown option '-topic'. Did you mean '--topic'?"),
        ("produce -brokers=a:1", "Unknown option '-brokers=a:1'. Did you mean '--brokers=a:1'?"),
    ])
    func namesThatAreMissingAndOptionsWithOneDash(_ line: String, _ message: String) {
        do {
            let plain = try NamedArguments.plain(line.split(separator: " ").map(String.init))
            Issue.record("\(plain)")
        } catch {
            #expect((error as? Diagnostic)?.title == message)
        }
    }

    // MARK: Options

    /// Every command, with the options that it takes.
    private static let commands: [(path: [String], options: [String])] = {
        let all = CommandTable.subcommands(of: []).flatMap { name -> [[String]] in
            let below = CommandTable.subcommands(of: [name])
            return below.isEmpty ? [[name]] : below.map { [name, $0] }
        }
        return all.map { ($0, CommandTable.options(of: $0)) }
    }()

    @Test func theTableKnowsTheCommands() {
        #expect(Self.commands.count == 25)
        #expect(Self.commands.allSatisfy { !$0.options.isEmpty })
        #expect(CommandTable.path(of: ["topics", "--list"]) == ["topics", "list"])
        #expect(CommandTable.path(of: ["a.json", "--nonsense"]) == ["run"])
        #expect(CommandTable.path(of: ["topics", "create", "x"]) == ["topics", "create"])
        #expect(CommandTable.path(of: ["help", "run"]) == [])
    }

    /// No line of the table is dead, none is about an option that krun has, and none sends anybody to an option that is refused.
    @Test(arguments: ForeignOption.all.indices)
    func everyForeignOptionIsOneSomewhere(_ index: Int) throws {
        let foreign = ForeignOption.all[index]
        for name in foreign.names {
            let places = Self.commands.filter { command in
                !command.options.contains(name)
                    && ForeignOption.all.first {
                        $0.names.contains(name) && $0.applies(to: command.path, command.options)
                    }?.own
                        == foreign.own
            }
            #expect(!places.isEmpty, "\(name), \(foreign.own)")
        }
        guard foreign.own.hasPrefix("krun ") else { return }
        let words = foreign.own.split(separator: " ").dropFirst().map(String.init)
        let path = words.prefix { $0.allSatisfy { $0.isLowercase || $0 == "-" } && !$0.hasPrefix("-") }
        #expect(Self.commands.contains { $0.path.starts(with: path.prefix(2)) }, "\(foreign.own)")
        for option in words.filter({ $0.hasPrefix("--") }) {
            #expect(CommandTable.options(of: Array(path.prefix(2))).contains(option), "\(foreign.own)")
        }
    }
}

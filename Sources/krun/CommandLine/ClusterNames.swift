import ArgumentParser
import KrunKafka
import KrunTools

/// What shells offer for the names of topics and groups: those of the Kafka that the command line at hand names, asked at the tab.
///
/// Where nothing answers soon, or the command line is not good enough to ask anybody, nothing is offered and nothing is said.
enum ClusterNames {
    static let topics = completion { admin, patience throws(KafkaError) in
        try admin.metadata(timeout: patience).topics.map(\.name)
    }
    static let groups = completion { admin, patience throws(KafkaError) in try admin.listGroups(timeout: patience) }

    /// How long somebody at a tab waits.
    private static let patience = Duration.seconds(1)

    private typealias Question = @Sendable (AdminClient, Duration) throws(KafkaError) -> [String]

    private static func completion(_ ask: @escaping Question) -> CompletionKind {
        .custom { words, _, beginning in
            guard let address = address(in: joined(words)),
                let admin = try? AdminClient(
                    properties: address.properties.merging([
                        "bootstrap.servers": address.bootstrap, "allow.auto.create.topics": "false",
                    ]), log: ClientLog()),
                let names = try? ask(admin, patience)
            else { return [] }
            // Kafka's own names are for who begins like them.
            return names.filter { $0.hasPrefix(beginning) && (beginning.hasPrefix("_") || !$0.hasPrefix("__")) }
                .sorted()
        }
    }

    private static let long = ["--brokers", "--bootstrap-server", "--broker", "--config"]
    private static let short = ["-b", "-X"]

    /// The Kafka that a command line names so far, or that is meant without; nil where one cannot tell.
    private static func address(in words: [String]) -> KafkaConnection.Address? {
        var arguments: [String] = []
        for (index, word) in words.enumerated() {
            let isSplit = (long + short).contains(word) && index + 1 < words.count
            if isSplit { arguments += [word, words[index + 1]] }
            let isWhole =
                long.contains { word.hasPrefix($0 + "=") } || short.contains { word.hasPrefix($0) && word != $0 }
            if isWhole { arguments.append(word) }
        }
        return try? KafkaOptions.parse(arguments).address { _ in }
    }

    /// The words as krun would get them: bash divides them at `:` and `=`, and their quotes are still there.
    private static func joined(_ words: [String]) -> [String] {
        var joined: [String] = []
        var isOpen = false
        for word in words {
            let isDivider = word == ":" || word == "="
            if (isDivider || isOpen) && !joined.isEmpty {
                joined[joined.count - 1] += word
            } else {
                joined.append(word)
            }
            isOpen = isDivider
        }
        return joined.map(unquoted)
    }

    /// A word as a shell hands it over: without quotes, and without a backslash before what it keeps as it is.
    private static func unquoted(_ word: String) -> String {
        var text = ""
        var quote: Character?
        var isEscaped = false
        for character in word {
            switch character {
            case "\\" where !isEscaped && quote != "'": isEscaped = true
            case "'" where !isEscaped && quote != "\"", "\"" where !isEscaped && quote != "'":
                quote = quote == nil ? character : nil
            default:
                text.append(character)
                isEscaped = false
            }
        }
        return text
    }
}

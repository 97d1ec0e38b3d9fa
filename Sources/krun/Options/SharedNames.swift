import ArgumentParser
import KrunScenario
import KrunTools

/// Options that kcat and Kafka's own tools have too, with the names that people have got used to there; the first is krun's own.
enum SharedNames {
    // Behind kcat's letters the value may stand at once: `-torders`, `-K:`.
    static let brokers: NameSpecification = [
        .customLong("brokers"), .customLong("bootstrap-server"), .customShort("b", allowingJoined: true),
    ]
    static let topic: NameSpecification = [.customLong("topic"), .customShort("t", allowingJoined: true)]
    static let keySeparator: NameSpecification = [
        .customLong("key-separator"), .customShort("K", allowingJoined: true),
    ]
}

/// The topics that a command line names, as arguments or with `--topic`.
enum NamedTopics {
    /// Each once, the arguments first; `test-topic` where there is none.
    static func all(_ arguments: [String], _ options: [String]) -> [String] {
        let names = arguments + options
        return names.isEmpty ? ["test-topic"] : names.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// - Throws: a usage error for the first that is neither a name of a topic nor a pattern of some.
    static func check(_ names: [String]) throws {
        for name in names {
            if let fault = TopicPattern.fault(of: name) {
                throw ValidationError("\(name.quotedForMessage) is no name of a topic: \(fault).")
            }
        }
    }
}

/// What stands between a key and a value, with the escapes of a format string: `:`, `\t`, `\x1F`.
struct KeySeparator {
    let bytes: [UInt8]

    /// Throws what is wrong with it.
    init(argument: String) throws {
        do {
            bytes = try FormatString.bytes(ofEscaped: argument)
        } catch {
            throw ValidationError("\(error.reason).")
        }
    }
}

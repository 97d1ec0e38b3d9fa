import Foundation

/// The environment of a command for which there is a Kafka.
struct CommandEnvironment {
    /// Those in which a command finds the bootstrap addresses, if it is not told of others: krun's own, and the one that most
    /// frameworks and images read.
    static let variables = ["KRUN_BROKERS", "KAFKA_BOOTSTRAP_SERVERS"]

    /// krun's own environment, with the addresses.
    let all: [String: String]

    /// The one in which a command finds where the broker is controlled.
    static let control = "KRUN_CONTROL"

    /// - Parameters:
    ///   - variables: further ones with the addresses.
    ///   - control: where the broker is controlled; nil where it is not: then the command finds no other one's.
    init(bootstrap: String, variables: [String], control: String? = nil) {
        var all = ProcessInfo.processInfo.environment
        all[Self.control] = control
        for name in Self.variables + variables { all[name] = bootstrap }
        self.all = all
    }

    /// Whether a shell could set such a variable.
    static func isName(_ text: String) -> Bool {
        text.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil
    }
}

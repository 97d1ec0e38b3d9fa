import ArgumentParser
import KrunDiagnostics
import KrunKafka
import KrunRunner

/// Which Kafka.
struct BrokerAddressOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A Kafka to run on: bootstrap addresses separated by commas. (env: KRUN_BROKERS)",
            valueName: "host:port,..."))
    var brokers: String?

    func validate() throws {
        if let brokers { try BrokerAddressOptions.check(brokers, from: "--brokers") }
    }

    /// The Kafka and what chose it; nil when none is named.
    func kafka(bootstrapOfConfiguration: String?) throws -> (bootstrap: String, chosenBy: String)? {
        try BrokerAddressOptions.kafka(brokers, bootstrapOfConfiguration: bootstrapOfConfiguration)
    }

    /// The Kafka and what chose it: `--brokers`, then `KRUN_BROKERS`, then the configuration file's
    /// `bootstrap.servers`; nil when none is named.
    static func kafka(
        _ brokers: String?, bootstrapOfConfiguration: String?
    ) throws -> (bootstrap: String, chosenBy: String)? {
        if let brokers { return (brokers, "--brokers") }
        if let brokers = Console.environment("KRUN_BROKERS"), !brokers.isEmpty {
            try check(brokers, from: "KRUN_BROKERS")
            return (brokers, "KRUN_BROKERS")
        }
        return bootstrapOfConfiguration.map { ($0, "--config") }
    }

    static func check(_ brokers: String, from source: String) throws {
        for address in brokers.split(separator: ",", omittingEmptySubsequences: false) {
            let port = address.lastIndex(of: ":").map { address[address.index(after: $0)...] }
            guard let port, address.first != ":", !address.contains("/"), let number = Int(port),
                (1...65_535).contains(number)
            else {
                throw ValidationError(
                    "\(source) takes host:port addresses separated by commas, not '\(address)'. "
                        + "Kafka's usual one is localhost:9092.")
            }
        }
    }
}

/// Which broker, and how to reach it.
struct BrokerOptions: ParsableArguments {
    @OptionGroup var address: BrokerAddressOptions

    @Option(
        name: .customLong("embedded"), parsing: .unconditional,
        help: ArgumentHelp(
            "Run on an embedded cluster of so many brokers; overrides --brokers and KRUN_BROKERS.",
            valueName: "brokers"))
    var embeddedBrokers: Int?

    @OptionGroup(title: "Client options")
    var client: ClientOptions

    func validate() throws {
        if let embeddedBrokers, !(1...64).contains(embeddedBrokers) {
            throw ValidationError("--embedded takes a number of brokers from 1 to 64, not \(embeddedBrokers).")
        }
    }

    /// The broker and what chose it: `--embedded`, then a Kafka that is named, then the embedded one.
    func choice(bootstrapOfConfiguration: String?) throws -> BrokerChoice {
        if let embeddedBrokers {
            return BrokerChoice(.embedded(brokers: embeddedBrokers), chosenBy: "--embedded")
        }
        if let kafka = try address.kafka(bootstrapOfConfiguration: bootstrapOfConfiguration) {
            return BrokerChoice(.kafka(bootstrap: kafka.bootstrap), chosenBy: kafka.chosenBy)
        }
        return BrokerChoice(.embedded(brokers: nil), chosenBy: "default")
    }
}

/// librdkafka's own properties.
struct ClientOptions: ParsableArguments {
    @Option(
        name: [.customShort("X", allowingJoined: true)],
        help: ArgumentHelp(
            "Set any property of librdkafka, for every client; may be repeated.", valueName: "name=value"))
    var property: [String] = []

    @Option(
        help: ArgumentHelp(
            "Read a Java-style client.properties; -X wins over it.", valueName: "file"),
        completion: .file())
    var config: String?

    func validate() throws {
        for text in property where NameAndValue(argument: text) == nil {
            // Only what looks like a property is shown: the rest may be a password.
            let name = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
            throw ValidationError(
                PropertyName.looksLikeOne(String(name))
                    ? "-X takes name=value, not '\(name)'."
                    : "-X takes name=value; what was given is not shown, for it may be a secret.")
        }
    }
}

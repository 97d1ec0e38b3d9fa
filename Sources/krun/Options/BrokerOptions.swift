import ArgumentParser
import KrunDiagnostics
import KrunKafka
import KrunRunner

/// Which broker, and how to reach it.
struct BrokerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A Kafka to run on: bootstrap addresses separated by commas. (env: KRUN_BROKERS)",
            valueName: "host:port,..."))
    var brokers: String?

    @Option(
        name: .customLong("embedded"), parsing: .unconditional,
        help: ArgumentHelp(
            "Run on an embedded cluster of so many brokers; overrides --brokers and KRUN_BROKERS.",
            valueName: "brokers"))
    var embeddedBrokers: Int?

    @OptionGroup(title: "Client options")
    var client: ClientOptions

    func validate() throws {
        if let embeddedBrokers, !(1...100).contains(embeddedBrokers) {
            throw ValidationError("--embedded takes a number of brokers from 1 to 100, not \(embeddedBrokers).")
        }
        if let brokers { try BrokerOptions.check(brokers, from: "--brokers") }
    }

    /// The broker and what chose it: `--embedded`, then `--brokers`, then `KRUN_BROKERS`, then the configuration
    /// file's `bootstrap.servers`, then the embedded one.
    func choice(bootstrapOfConfiguration: String?) throws -> BrokerChoice {
        if let embeddedBrokers {
            return BrokerChoice(.embedded(brokers: embeddedBrokers), chosenBy: "--embedded")
        }
        if let brokers { return BrokerChoice(.kafka(bootstrap: brokers), chosenBy: "--brokers") }
        if let brokers = Console.environment("KRUN_BROKERS"), !brokers.isEmpty {
            try BrokerOptions.check(brokers, from: "KRUN_BROKERS")
            return BrokerChoice(.kafka(bootstrap: brokers), chosenBy: "KRUN_BROKERS")
        }
        if let bootstrapOfConfiguration {
            return BrokerChoice(.kafka(bootstrap: bootstrapOfConfiguration), chosenBy: "--config")
        }
        return BrokerChoice(.embedded(brokers: nil), chosenBy: "default")
    }

    private static func check(_ brokers: String, from source: String) throws {
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

/// librdkafka's own properties.
struct ClientOptions: ParsableArguments {
    @Option(
        name: [.customShort("X", allowingJoined: true)],
        help: ArgumentHelp(
            "Set any property of librdkafka, for every client; may be repeated.", valueName: "name=value"))
    var property: [String] = []

    @Option(
        help: ArgumentHelp(
            "Read a Java-style client.properties; -X wins over it.", valueName: "file"))
    var config: String?

    func validate() throws {
        for text in property where text.firstIndex(of: "=").map({ $0 == text.startIndex }) ?? true {
            throw ValidationError("-X takes name=value, not '\(text.prefix { $0 != "=" })'.")
        }
    }
}

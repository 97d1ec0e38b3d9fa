import ArgumentParser
import KrunDiagnostics
import KrunKafka
import KrunRunner
import KrunScenario
import KrunTools

/// Which Kafka.
struct BrokerAddressOptions: ParsableArguments {
    @Option(
        name: SharedNames.brokers,
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

    @OptionGroup var named: NamedBrokerOptions

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
        try named.check(beside: address.brokers)
    }

    /// The broker and what chose it: `--embedded`, then a Kafka that is named, then the embedded one.
    func choice(bootstrapOfConfiguration: String?, named: ProjectFile.Broker? = nil) throws -> BrokerChoice {
        if let embeddedBrokers {
            return BrokerChoice(.embedded(brokers: embeddedBrokers), chosenBy: "--embedded")
        }
        if let kafka = named?.address {
            return BrokerChoice(.kafka(bootstrap: kafka.bootstrap), chosenBy: kafka.chosenBy)
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

extension ClientOptions {
    /// - Parameter clientID: what `--client-id` says; nil without it.
    /// - Throws: a usage error where it is empty, or -X says it too.
    func check(clientID: String?) throws {
        guard let clientID else { return }
        if clientID.isEmpty { throw ValidationError("--client-id takes a name that is not empty.") }
        if property.contains(where: { NameAndValue(argument: $0)?.name == "client.id" }) {
            throw ValidationError("--client-id and -X client.id say the same: give one of them.")
        }
    }

    /// What `--config` and `-X` come to.
    struct Read {
        var properties: ClientProperties
        /// The configuration file's `bootstrap.servers`.
        var bootstrap: String?
        /// Properties of the file that mean nothing here.
        var warnings: [Diagnostic]
    }

    /// What the properties are for, which decides what krun sets itself.
    enum Purpose {
        case scenarios
        /// `krun produce` and `krun consume`, which have options for some.
        case producing, consuming
        /// The other commands that act on a Kafka without a scenario.
        case administration

        var reserved: [String: String] {
            switch self {
            case .scenarios: ReservedProperties.wayOut
            case .producing: ReservedProperties.ofProducing
            case .consuming: ReservedProperties.ofConsuming
            case .administration: ReservedProperties.ofTools
            }
        }
    }

    /// - Parameter broker: the one that `--broker` names; its file is read unless there is a `--config`.
    /// - Throws: `Diagnostics` about the file or about properties that krun sets itself.
    func read(for purpose: Purpose = .scenarios, of broker: ProjectFile.Broker? = nil) throws -> Read {
        var read = Read(properties: ClientProperties(), bootstrap: nil, warnings: [])
        if let config {
            try readFile(config, reserved: purpose.reserved, into: &read)
        } else if let broker, let config = broker.config {
            try readFile(config, reserved: purpose.reserved, into: &read)
            try broker.check(read.properties)
        }
        for given in property.compactMap(NameAndValue.init(argument:)) {
            if let way = purpose.reserved[given.name] {
                throw Diagnostic(.usage, "-X cannot set \(given.name)", notes: [way])
            }
            read.properties[given.name] = given.value
        }
        do {
            try read.properties.validate()
        } catch {
            throw Diagnostic(
                .usage, error.reason, notes: ["librdkafka's CONFIGURATION.md lists every property and its values"])
        }
        return read
    }

    private func readFile(_ file: String, reserved: [String: String], into read: inout Read) throws {
        if let property = NameAndValue(argument: file), !ScenarioFiles.isThere(file) {
            throw Diagnostic(
                .usage, "--config names a file, and there is none of that name",
                notes: ["a property of the client is set with -X \(property.name)=..."])
        }
        let text = String(decoding: try ScenarioFiles.readNamed(file), as: UTF8.self)
        let java: JavaProperties
        do {
            java = try ClientProperties.javaProperties(text, file: file)
        } catch {
            throw Diagnostics(
                error.problems.map { problem in
                    Diagnostic(
                        .usage, "\(file):\(problem.line): \(problem.message)",
                        notes: problem.hint.isEmpty ? [] : [problem.hint])
                })
        }
        read.properties = java.properties
        read.bootstrap = java.properties["bootstrap.servers"] ?? java.properties["metadata.broker.list"]
        var passedOver = java.ignored.map(\.name)
        for property in java.properties.all where reserved[property.name] != nil {
            read.properties[property.name] = nil
            if property.name != "bootstrap.servers", property.name != "metadata.broker.list" {
                passedOver.append(property.name)
            }
        }
        if !passedOver.isEmpty {
            read.warnings.append(
                Diagnostic(
                    .warning, "\(file): not used here: \(passedOver.joined(separator: ", "))",
                    notes: ["they mean nothing to krun, or it sets them itself"]))
        }
    }
}

/// Properties that the command line may not set, for what they mean is said elsewhere or is krun's own affair.
enum ReservedProperties {
    static let wayOut: [String: String] = {
        var wayOut = ClientPropertyTable.own
        for (name, field) in ClientPropertyTable.fields { wayOut[name] = "the scenario says it: \(field)" }
        wayOut["bootstrap.servers"] = broker
        wayOut["metadata.broker.list"] = broker
        return wayOut
    }()

    static let ofProducing = ofTools.merging(["partitioner": "it is named with --partitioner"]) { $1 }

    static let ofConsuming: [String: String] = {
        var wayOut = ofTools
        wayOut["group.id"] = "the group is named with --group"
        wayOut["auto.offset.reset"] = "where to begin is said with --from"
        for name in ["auto.commit.enable", "auto.commit.interval.ms", "enable.auto.commit"] {
            wayOut[name] = "krun commits what it has shown, itself"
        }
        return wayOut
    }()

    /// A command has no file that says these, and leaves the rest of a producer to `-X`.
    static let ofTools: [String: String] = {
        var wayOut = ReservedProperties.wayOut
        let free = [
            "isolation.level", "partition.assignment.strategy", "group.instance.id", "allow.auto.create.topics",
        ]
        for name in ClientProperties.namesOfProducers + free { wayOut[name] = nil }
        for name in [
            "group.id", "auto.offset.reset", "auto.commit.enable", "auto.commit.interval.ms", "enable.auto.commit",
        ] {
            wayOut[name] = "this command reads nothing"
        }
        wayOut["partitioner"] = "this command sends nothing"
        wayOut["test.mock.num.brokers"] = "`krun broker` is one"
        for name in ["transactional.id", "transaction.timeout.ms"] {
            wayOut[name] = "krun's commands send outside of transactions"
        }
        return wayOut
    }()

    private static let broker = "the broker is named with --brokers or KRUN_BROKERS"
}

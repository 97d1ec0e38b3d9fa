import ArgumentParser
import KrunDiagnostics
import KrunKafka
import KrunScenario

extension ClientOptions {
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
        /// The commands that act on a Kafka without a scenario.
        case tools

        var reserved: [String: String] {
            switch self {
            case .scenarios: ReservedProperties.wayOut
            case .tools: ReservedProperties.wayOutOfTools
            }
        }
    }

    /// - Throws: `Diagnostics` about the file or about properties that krun sets itself.
    func read(for purpose: Purpose = .scenarios) throws -> Read {
        var read = Read(properties: ClientProperties(), bootstrap: nil, warnings: [])
        if let config { try readFile(config, reserved: purpose.reserved, into: &read) }
        for text in property {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            if let way = purpose.reserved[name] {
                throw Diagnostic(.usage, "-X cannot set \(name)", notes: [way])
            }
            read.properties[name] = String(parts[1])
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
        var wayOut = ClientPropertyTable.own.merging(ClientPropertyTable.later) { own, _ in own }
        for (name, field) in ClientPropertyTable.fields { wayOut[name] = "the scenario says it: \(field)" }
        wayOut["bootstrap.servers"] = broker
        wayOut["metadata.broker.list"] = broker
        return wayOut
    }()

    /// A command says with an option what a scenario says in its file, and leaves the rest of a producer to `-X`.
    static let wayOutOfTools: [String: String] = {
        var wayOut = ReservedProperties.wayOut
        for name in [
            "acks", "request.required.acks", "enable.idempotence", "compression.codec", "compression.type",
            "isolation.level", "partition.assignment.strategy", "group.instance.id", "allow.auto.create.topics",
        ] {
            wayOut[name] = nil
        }
        wayOut["group.id"] = "the group is named with --group"
        wayOut["partitioner"] = "it is named with --partitioner"
        wayOut["auto.offset.reset"] = "where to begin is said with --from"
        wayOut["transactional.id"] = "the commands send outside of transactions"
        wayOut["transaction.timeout.ms"] = "the commands send outside of transactions"
        wayOut["test.mock.num.brokers"] = "`krun broker` is one"
        for name in ["auto.commit.enable", "auto.commit.interval.ms", "enable.auto.commit"] {
            wayOut[name] = "krun commits what it has shown, itself"
        }
        return wayOut
    }()

    private static let broker = "the broker is named with --brokers or KRUN_BROKERS"
}

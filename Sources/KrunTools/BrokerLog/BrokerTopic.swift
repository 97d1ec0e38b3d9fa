package import KrunDiagnostics
import KrunScenario

/// A topic that `krun broker --topic` asks for.
package struct BrokerTopic: Equatable, Sendable {
    package let name: String
    /// Nil: the broker's `num.partitions`.
    package let partitions: Int?
    /// Nil: the broker's `default.replication.factor`.
    package let replicas: Int?

    /// What the command line asks for, each as `name[:partitions[:replicas]]`.
    ///
    /// - Throws: a usage diagnostic for the first that cannot be.
    package static func all(_ arguments: [String], brokers: Int) throws(Diagnostic) -> [BrokerTopic] {
        var topics: [BrokerTopic] = []
        var names: [String: String] = [:]
        for argument in arguments {
            let topic = try BrokerTopic(argument)
            if let other = names.updateValue(topic.name, forKey: KafkaName.metricName(topic.name)) {
                throw other == topic.name
                    ? Diagnostic(.usage, "--topic names \(topic.name) twice")
                    : Diagnostic(
                        .usage, "--topic names \(other) and \(topic.name), of which Kafka takes only one",
                        notes: ["names that differ only in \".\" and \"_\" are one name to its metrics"])
            }
            if let replicas = topic.replicas, replicas > brokers {
                let there = brokers == 1 ? "there is 1" : "there are \(brokers)"
                throw Diagnostic(
                    .usage, "--topic \(argument): \(replicas) replicas need \(replicas) brokers, and \(there)",
                    notes: ["--brokers \(replicas)"])
            }
            topics.append(topic)
        }
        return topics
    }

    private init(_ argument: String) throws(Diagnostic) {
        func wrong(_ why: String) -> Diagnostic {
            Diagnostic(
                .usage, "--topic \(argument): \(why)",
                notes: ["a topic is given as name[:partitions[:replicas]], such as orders or orders:3"])
        }
        func number(_ text: String, _ noun: String) throws(Diagnostic) -> Int {
            guard let number = Int(text) else { throw wrong("\"\(text)\" is no number of \(noun)") }
            guard number > 0 else { throw wrong("a topic has 1 or more \(noun), not \(number)") }
            return number
        }
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 3 else { throw wrong("nothing follows the number of replicas") }
        name = parts[0]
        if let fault = KafkaName.fault(of: name, existing: true) {
            throw wrong("that is no name of a topic: \(fault)")
        }
        partitions = parts.count > 1 ? try number(parts[1], "partitions") : nil
        replicas = parts.count > 2 ? try number(parts[2], "replicas") : nil
    }
}

internal import KrunConfigs

/// What a cluster is not started with.
extension ClusterConfigs {
    /// What `ClusterOptions` says, so that no config can say otherwise.
    private static let saidElsewhere = [
        "node.id": "brokers are numbered from 1", "broker.id": "brokers are numbered from 1",
        "listeners": "where the brokers listen is said by the host and the port: krun broker --host and --port",
        "advertised.listeners": "what clients are told is said by the advertised host: krun broker --advertised-host",
        "sasl.enabled.mechanisms": "users log in with PLAIN where there are some: krun broker --users",
    ]

    /// - Throws: `ClusterError` for a config that would change nothing here; its default may be given.
    static func checkEffects(of configs: [String: String]) throws(ClusterError) {
        for (name, text) in configs.sorted(by: { $0.key < $1.key }) {
            if let hint = saidElsewhere[name] {
                throw ClusterError("the broker config \(name) cannot be set", hint: hint, isBadOption: true)
            }
            guard let definition = ConfigTable.broker[name], !definition.isObeyed else { continue }
            if let value = try? definition.parse(text).shown, value == definition.defaultValue { continue }
            throw ClusterError(
                "the broker config \(name) has no effect on this broker", hint: definition.documentation,
                isBadOption: true)
        }
    }

    /// - Throws: `ClusterError` for a user whom anybody could pretend to be, or nobody be.
    static func check(_ users: [String: String]) throws(ClusterError) {
        for (name, password) in users.sorted(by: { $0.key < $1.key }) {
            if name.isEmpty { throw ClusterError("a user has no name", isBadOption: true) }
            if password.isEmpty {
                throw ClusterError(
                    "user \(name) has an empty password", hint: "Kafka takes no empty passwords either",
                    isBadOption: true)
            }
        }
    }

    /// - Throws: `ClusterError` where no group or transaction could ever have a coordinator.
    func checkInternalTopics(brokers: Int) throws(ClusterError) {
        for (topic, config) in [
            (InternalTopic.consumerOffsets, "offsets.topic.replication.factor"),
            (InternalTopic.transactionState, "transaction.state.log.replication.factor"),
        ] where Int(settings.internalTopic(topic).replicationFactor) > brokers {
            let factor = settings.internalTopic(topic).replicationFactor
            throw ClusterError(
                "\(config) is \(factor), and the cluster has \(brokers == 1 ? "1 broker" : "\(brokers) brokers")",
                hint: "\(topic.rawValue) could not be made", isBadOption: true)
        }
    }
}

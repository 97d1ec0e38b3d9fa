package import KrunKafka

/// A broker that the cluster names and this machine cannot reach.
package struct UnreachableBroker: Hashable, Sendable {
    package var broker: ClusterMetadata.Broker
    /// librdkafka's words.
    package var reason: String
    /// The address that does answer.
    package var bootstrap: String

    package init(broker: ClusterMetadata.Broker, reason: String, bootstrap: String) {
        self.broker = broker
        self.reason = reason
        self.bootstrap = bootstrap
    }

    package var sentence: String {
        "\(bootstrap) answers, but names broker \(broker.id) as \(broker.host):\(broker.port), which cannot be reached from here "
            + "(\(reason)): is its advertised address (advertised.listeners) one for this machine?"
    }

    /// Brokers of the cluster that librdkafka last complained about; worth asking only when something does not answer.
    package static func all(
        of brokers: [ClusterMetadata.Broker], bootstrap: String, log: ClientLog
    ) -> [UnreachableBroker] {
        let lines = log.lines.map(\.text)
        // Where the address is the one that was asked, it is the broker that is gone, and not its address that is wrong.
        let asked = bootstrap.split(separator: ",")
        return brokers.filter { !asked.contains("\($0.host):\($0.port)") }.compactMap { broker in
            // As `kafka:9092/1: Failed to resolve 'kafka:9092': Name or service not known`.
            let name = "\(broker.host):\(broker.port)/\(broker.id): "
            guard let line = lines.last(where: { $0.contains(name) }), let range = line.ranges(of: name).last else {
                return nil
            }
            return UnreachableBroker(
                broker: broker, reason: LogExcerpt.plain(String(line[range.upperBound...])), bootstrap: bootstrap)
        }
    }
}

extension BrokerEvent {
    /// Whose connection it is, as the first request on it says.
    public struct IdentifiedClient: Hashable, Sendable {
        public let broker: Int32
        /// Counts the connections of the cluster.
        public let connection: UInt64
        /// The client's address.
        public let peer: String
        /// Its `client.id`.
        public let client: String?
        /// Such as `librdkafka`; nil where the client does not say (KIP-511).
        public let softwareName: String?
        public let softwareVersion: String?

        package init(
            broker: Int32, connection: UInt64, peer: String, client: String?, softwareName: String?,
            softwareVersion: String?
        ) {
            self.broker = broker
            self.connection = connection
            self.peer = peer
            self.client = client?.bounded
            self.softwareName = softwareName?.bounded
            self.softwareVersion = softwareVersion?.bounded
        }
    }

    /// A client set configs of a topic or of brokers.
    public struct ConfigsChange: Hashable, Sendable {
        public enum Resource: Hashable, Sendable {
            case topic(String)
            case broker(Int32)
            case allBrokers
        }

        public struct Change: Hashable, Sendable {
            public let name: String
            /// Nil: back to what is the default.
            public let value: String?

            package init(name: String, value: String?) {
                self.name = name.bounded
                self.value = value?.bounded
            }
        }

        public let resource: Resource
        /// In the order of their names, 64 at most.
        public let changes: [Change]
        public let client: String?

        package init(resource: Resource, changes: [Change], client: String?) {
            self.resource = resource
            self.changes = Array(changes.prefix(64))
            self.client = client?.bounded
        }
    }
}

extension BrokerEvent.IdentifiedClient: CustomStringConvertible {
    public var description: String {
        let software = [softwareName, softwareVersion].compactMap { $0?.oneLine }.joined(separator: " ")
        return "broker \(broker): connection \(connection) is \(client.map(\.oneLine) ?? "of a client without an id")"
            + (software.isEmpty ? "" : ", \(software)")
    }
}

extension BrokerEvent.ConfigsChange: CustomStringConvertible {
    public var description: String {
        let thing =
            switch resource {
            case .topic(let topic): topic.oneLine
            case .broker(let id): "broker \(id)"
            case .allBrokers: "all brokers"
            }
        let changes = changes.map { "\($0.name.oneLine) \($0.value.map { "= \($0.oneLine)" } ?? "by default")" }
        return "\(thing): \(changes.joined(separator: ", "))\(BrokerEvent.Kind.by(client))"
    }
}

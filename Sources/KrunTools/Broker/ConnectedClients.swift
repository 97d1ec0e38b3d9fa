import KrunBroker

/// Whose connections there are: clients open several, and come and go as a whole.
struct ConnectedClients {
    struct Client: Hashable {
        /// Its `client.id`.
        let id: String?
        /// Such as `librdkafka 2.0.2`; empty where it does not say.
        let software: String
        let peer: String
    }

    private var peers: [UInt64: String] = [:]
    private var clients: [UInt64: Client] = [:]
    private var counts: [Client: Int] = [:]

    mutating func opened(_ connection: UInt64, peer: String) {
        peers[connection] = peer
    }

    /// - Returns: the client if this is its first connection.
    mutating func identified(_ event: BrokerEvent.IdentifiedClient) -> Client? {
        let software = [event.softwareName, event.softwareVersion].compactMap(\.self).filter { !$0.isEmpty }
        let client = Client(id: event.client, software: software.joined(separator: " "), peer: event.peer)
        clients[event.connection] = client
        counts[client, default: 0] += 1
        return counts[client] == 1 ? client : nil
    }

    enum Closing {
        /// The last connection of a client.
        case client(Client)
        /// A connection on which nobody ever said who is there.
        case stranger(peer: String)
    }

    /// - Returns: nil for a connection of a client that has others.
    mutating func closed(_ connection: UInt64) -> Closing? {
        let peer = peers.removeValue(forKey: connection)
        guard let client = clients.removeValue(forKey: connection) else { return peer.map { .stranger(peer: $0) } }
        let left = (counts[client] ?? 1) - 1
        counts[client] = left > 0 ? left : nil
        return left > 0 ? nil : .client(client)
    }
}

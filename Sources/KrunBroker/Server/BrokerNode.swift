internal import NIOCore

/// One broker: where it listens and who is connected.
final class BrokerNode {
    let id: Int32
    let rack: String?
    /// What clients are told; the port stays the same when the broker goes down and comes up again.
    let advertisedHost: String
    private(set) var port: Int
    /// nil while the broker is down.
    private(set) var listener: (any Channel)?
    private var connections: [ObjectIdentifier: Connection] = [:]

    init(id: Int32, rack: String?, advertisedHost: String, port: Int) {
        self.id = id
        self.rack = rack
        self.advertisedHost = advertisedHost
        self.port = port
    }

    var isUp: Bool { listener != nil }
    var connectionCount: Int { connections.count }

    func started(_ listener: any Channel) {
        self.listener = listener
        port = listener.localAddress?.port ?? port
    }

    /// Closes the listener and every connection at once; answers under way are lost.
    ///
    /// - Returns: a future that is done when all is closed.
    func stop(on loop: any EventLoop) -> EventLoopFuture<Void> {
        guard let listener else { return loop.makeSucceededVoidFuture() }
        self.listener = nil
        let closing = [listener.close(mode: .all)] + connections.values.map { $0.close(.brokerDown) }
        return EventLoopFuture.andAllComplete(closing, on: loop)
    }

    func add(_ connection: Connection) {
        connections[ObjectIdentifier(connection)] = connection
    }

    /// - Returns: whether it was there.
    func remove(_ connection: Connection) -> Bool {
        connections.removeValue(forKey: ObjectIdentifier(connection)) != nil
    }
}

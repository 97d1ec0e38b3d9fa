internal import KrunConfigs
internal import NIOCore
internal import NIOPosix

/// One broker: where it listens and who is connected.
final class BrokerNode {
    let id: Int32
    let rack: String?
    /// What clients are told; the port stays the same when the broker goes down and comes up again.
    let advertisedHost: String
    private(set) var port: Int
    /// nil while the broker is down.
    private(set) var listener: (any Channel)?
    /// How often it went down.
    private(set) var stops = 0
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
        stops += 1
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

// MARK: - Listening

extension ClusterCore {
    /// Makes the brokers and lets them listen.
    func start() -> EventLoopFuture<Void> {
        let host = options.advertisedHost ?? options.host
        nodes = (0..<options.brokers).map { number in
            BrokerNode(
                id: Int32(number + 1), rack: configs.cluster.value(of: "broker.rack")?.string, advertisedHost: host,
                port: options.port == 0 ? 0 : options.port + number)
        }
        scheduleMaintenance()
        let bound = NIOLoopBound(self, eventLoop: loop)
        // One after the other, so that a second one in a row of ports is not left behind by the first's failure.
        return nodes.indices.reduce(loop.makeSucceededVoidFuture()) { before, index in
            before.flatMap { bound.value.listen(bound.value.nodes[index]) }
        }.flatMapError { error in
            let core = bound.value
            return core.close().flatMapThrowing { throw error }
        }
    }

    /// Where every broker listens, for `bootstrap.servers`.
    var bootstrapServers: String {
        nodes.map { Self.address($0.advertisedHost, $0.port) }.joined(separator: ",")
    }

    /// An IPv6 address has colons of its own.
    private static func address(_ host: String, _ port: Int) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// Lets a broker listen, at the port it had if it had one.
    func listen(_ node: BrokerNode) -> EventLoopFuture<Void> {
        let bound = NIOLoopBound((core: self, node: node), eventLoop: loop)
        return ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 1024)
            // An accepted connection has the options of its listener, so one that is refused stops the start of the broker instead of
            // dropping every connection.
            .serverChannelInitializer { channel in
                ListenerOption.set(ListenerOption.all, on: channel).flatMapThrowing {
                    // Without it a broker whose process may open no more files tries in a loop to accept the next connection.
                    try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
                }
            }
            .childChannelOption(.maxMessagesPerRead, value: 4)
            .childChannelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 2048, maximum: 1 << 20)
            )
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let (core, node) = bound.value
                    let pipeline = channel.pipeline.syncOperations
                    // Below zero: connections may be idle for ever.
                    let idle = core.configs.maximumIdleTime
                    if idle >= .zero { try pipeline.addHandler(IdleStateHandler(allTimeout: TimeAmount(idle))) }
                    try pipeline.addHandler(Connection(core: core, node: node))
                }
            }
            .bind(host: options.host, port: node.port)
            .map { listener in
                let (core, node) = bound.value
                node.started(listener)
                core.configs.setListener(
                    Self.address(core.options.host, node.port),
                    advertised: Self.address(node.advertisedHost, node.port),
                    of: node.id, needsLogin: !core.options.users.isEmpty)
                core.tell(.brokerStarted(node.id))
            }
            .flatMapErrorThrowing { [host = options.host, port = node.port] in
                throw ($0 as? ClusterError) ?? ClusterError(listening: host, port: port, $0)
            }
    }

    /// Takes a broker down: its connections end, others lead what it led.
    func stopBroker(_ node: BrokerNode) -> EventLoopFuture<Void> {
        guard node.isUp else { return loop.makeSucceededVoidFuture() }
        tell(.brokerStopped(node.id))
        let closing = node.stop(on: loop)
        coordinators.forget(broker: node.id)
        for topic in topics.values {
            for partition in topic.partitions {
                let leader = partition.leader
                if partition.brokerWentDown(node.id) { leaderChanged(partition, topic: topic.name, from: leader) }
            }
        }
        finishTouchedFetches()
        return closing
    }

    /// Brings a broker back at its port; what nobody could lead without it, it leads.
    func startBroker(_ node: BrokerNode) -> EventLoopFuture<Void> {
        guard !node.isUp else { return loop.makeSucceededVoidFuture() }
        let bound = NIOLoopBound((core: self, node: node), eventLoop: loop)
        return listen(node).map {
            let (core, node) = bound.value
            for topic in core.topics.values {
                for partition in topic.partitions where partition.brokerCameUp(node.id) {
                    core.leaderChanged(partition, topic: topic.name, from: -1)
                }
            }
            core.writePendingMarkers(now: core.now)
            core.finishTouchedFetches()
            core.armTimer()
        }
    }
}

/// An option of the socket that a broker listens with, and the name that an error gives it.
struct ListenerOption: Sendable {
    let name: String
    let option: ChannelOptions.Types.SocketOption
    let value: SocketOptionValue

    /// What a listener, and so each connection that it accepts, must have.
    ///
    /// `TCP_NODELAY` is an option of the level IPPROTO_TCP; its number at the level SOL_SOCKET is that of `SO_DEBUG`, which only
    /// a privileged process may set.
    static let all = [
        ListenerOption(name: "SO_REUSEADDR", option: .init(level: .socket, name: .so_reuseaddr), value: 1),
        ListenerOption(name: "TCP_NODELAY", option: .init(level: .tcp, name: .tcp_nodelay), value: 1),
    ]

    /// Sets them in turn; fails with a `ClusterError` that names the first that the system refuses.
    static func set(_ options: [ListenerOption], on channel: any Channel) -> EventLoopFuture<Void> {
        options.reduce(channel.eventLoop.makeSucceededVoidFuture()) { before, option in
            before.flatMap { channel.setOption(option.option, value: option.value) }.flatMapErrorThrowing { error in
                throw (error as? ClusterError) ?? ClusterError(setting: option.name, error)
            }
        }
    }
}

internal import KrunConfigs
internal import NIOCore
internal import NIOPosix

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
                    let idle = core.configs.longestIdle
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

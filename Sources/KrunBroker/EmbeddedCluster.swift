internal import KrunWire
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOPosix

/// A Kafka-compatible cluster in memory, in this process: real listeners that speak Kafka's protocol to any client, up within
/// milliseconds, gone without a trace when closed.
///
/// ```swift
/// let cluster = try EmbeddedCluster(ClusterOptions(brokers: 3))
/// defer { cluster.close() }
/// // bootstrap.servers = cluster.bootstrapServers
/// ```
///
/// What it does as Kafka does and what it does not is in `docs/embedded-broker.md`. All methods may be called from any thread; they
/// take a moment on the cluster's own thread and return when their effect is there.
public final class EmbeddedCluster: Sendable {
    /// The value for `bootstrap.servers`: every broker's `host:port`, separated by commas.
    public let bootstrapServers: String
    /// Of this cluster, as Metadata tells it.
    public let clusterID: String
    /// What happened, as it happens.
    public let events: EventStream

    private let group: MultiThreadedEventLoopGroup
    private let loop: any EventLoop
    private let core: NIOLoopBound<ClusterCore>
    private let isClosed = NIOLockedValueBox(false)

    /// Starts the brokers and waits until they listen.
    ///
    /// - Throws: `ClusterError` where a port is taken or an address cannot be listened on, or an option is wrong.
    public init(_ options: ClusterOptions = ClusterOptions()) throws(ClusterError) {
        let configs = try ClusterConfigs(options)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let events = EventStream(capacity: options.eventCapacity)
        do {
            let started = try loop.flatSubmit {
                let core = ClusterCore(options: options, configs: configs, loop: loop, events: events)
                let bound = NIOLoopBound(core, eventLoop: loop)
                return core.start().map { bound }
            }.wait()
            core = started
            (bootstrapServers, clusterID) = try loop.submit {
                (started.value.bootstrapServers, started.value.clusterID)
            }.wait()
        } catch {
            try? group.syncShutdownGracefully()
            throw ClusterError(starting: options, error)
        }
        self.group = group
        self.loop = loop
        self.events = events
    }

    /// Closes every connection and listener, and frees all that was kept. Does nothing the second time.
    public func close() {
        guard
            isClosed.withLockedValue({ closed in
                defer { closed = true }
                return !closed
            })
        else { return }
        if loop.inEventLoop { return closeWithoutWaiting() }
        let core = core
        try? loop.flatSubmit { core.value.close() }.wait()
        try? group.syncShutdownGracefully()
    }

    deinit {
        guard !isClosed.withLockedValue({ $0 }) else { return }
        closeWithoutWaiting()
    }

    private func closeWithoutWaiting() {
        let (core, group) = (core, group)
        loop.flatSubmit { core.value.close() }.whenComplete { _ in
            // Connections look at the core until their last word.
            group.shutdownGracefully { _ in withExtendedLifetime(core) {} }
        }
    }

    /// A handler of events runs on the cluster's thread, in the middle of what is told.
    private func checkThread() throws(ClusterError) {
        if loop.inEventLoop {
            throw ClusterError("a cluster cannot be told to do something by a handler of its events")
        }
    }

    /// Starts something on the cluster's thread and waits for its end.
    func whenDone(
        _ body: @escaping @Sendable (ClusterCore) throws(ClusterError) -> EventLoopFuture<Void>
    ) throws(ClusterError) {
        try checkThread()
        if isClosed.withLockedValue({ $0 }) { throw ClusterError("the cluster is closed") }
        let core = core
        do {
            try loop.flatSubmit { () -> EventLoopFuture<Void> in
                do { return try body(core.value) } catch { return core.value.loop.makeFailedFuture(error) }
            }.wait()
        } catch {
            throw (error as? ClusterError) ?? ClusterError("\(error)")
        }
    }

    /// Runs on the cluster's thread.
    func onLoop<Value: Sendable>(_ body: @escaping @Sendable (ClusterCore) throws(ClusterError) -> Value)
        throws(ClusterError) -> Value
    {
        try checkThread()
        if isClosed.withLockedValue({ $0 }) { throw ClusterError("the cluster is closed") }
        let core = core
        let result: Result<Value, ClusterError>
        do {
            result = try loop.submit { () -> Result<Value, ClusterError> in
                do throws(ClusterError) { return .success(try body(core.value)) } catch { return .failure(error) }
            }.wait()
        } catch {
            throw ClusterError("the cluster is closed")
        }
        return try result.get()
    }
}

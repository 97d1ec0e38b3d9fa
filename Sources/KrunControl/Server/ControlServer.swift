package import KrunBroker
package import KrunDiagnostics
package import KrunKafka
import KrunRunner
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Listens on the loopback interface for steps that are to be run on a cluster, and tells what happens in it.
package final class ControlServer: Sendable {
    /// How many connections are served at a time.
    static let maximumConnections = 64

    /// Such as `127.0.0.1:41234`.
    package let address: String
    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel
    private let steps: ControlSteps
    private let connections: Connections

    /// Listens from now on.
    ///
    /// - Parameters:
    ///   - port: 0 for a free one.
    ///   - cluster: the caller's, who closes it after this.
    ///   - brokers: how many it has.
    ///   - properties: of the clients of steps, such as how to log in.
    ///   - version: of krun.
    ///   - requestBudget: how long a request may take to arrive.
    /// - Throws: why it cannot listen, and the way out.
    package init(
        port: Int, of cluster: EmbeddedCluster, brokers: Int, properties: ClientProperties = [:], version: String,
        requestBudget: Duration = .seconds(10)
    ) throws(Diagnostic) {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let steps = ControlSteps(
            StandingCluster(cluster, brokers: brokers), properties: properties, version: version)
        let connections = Connections()
        let events = EventSource(cluster.events)
        do {
            listener = try ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 128)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let count = connections.add(channel)
                        var limits = NIOHTTPDecoderLimitConfiguration()
                        limits.maxHeaderFieldSize = 8 << 10
                        limits.maxHeaderListSize = 32 << 10
                        limits.maxHeaderFieldCount = 100
                        try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                            withPipeliningAssistance: false, withErrorHandling: false,
                            withEncoderConfiguration: .init(),
                            withDecoderLimitConfiguration: limits)
                        try channel.pipeline.syncOperations.addHandler(
                            ControlHandler(
                                steps: steps, events: events, version: version,
                                requestBudget: TimeAmount(requestBudget),
                                isOneTooMany: count > Self.maximumConnections))
                    }
                }
                .bind(host: "127.0.0.1", port: port).wait()
        } catch {
            try? group.syncShutdownGracefully()
            throw Self.diagnostic(error, port)
        }
        self.group = group
        self.steps = steps
        self.connections = connections
        address = "127.0.0.1:\(listener.localAddress?.port ?? port)"
    }

    /// How many connections are open.
    var connectionCount: Int { connections.all.count }

    /// How many steps run now.
    var runningSteps: Int { steps.runningCount }

    /// Ends the steps that run, tells their clients so, and closes every connection.
    package func close() async {
        try? await listener.close()
        await steps.close()
        for channel in connections.all {
            // What was answered stands before it in the loop's queue.
            channel.eventLoop.execute { channel.pipeline.fireUserInboundEventTriggered(ControlHandler.Ending()) }
        }
        try? await group.shutdownGracefully()
    }

    private static func diagnostic(_ error: any Error, _ port: Int) -> Diagnostic {
        if let error = error as? IOError, error.errnoCode == EADDRINUSE {
            return Diagnostic(
                .runtime, "cannot listen on 127.0.0.1:\(port) for --control: the port is in use",
                notes: ["another port: --control 0 takes a free one"])
        }
        return Diagnostic(.runtime, "cannot listen on 127.0.0.1:\(port) for --control", notes: ["\(error)"])
    }

    /// Those that are open.
    private final class Connections: Sendable {
        private let open = Mutex<[ObjectIdentifier: any Channel]>([:])

        var all: [any Channel] { open.withLock { Array($0.values) } }

        /// Keeps it until it is closed. - Returns: how many there are with it.
        func add(_ channel: any Channel) -> Int {
            let id = ObjectIdentifier(channel)
            channel.closeFuture.whenComplete { [weak self] _ in
                self?.open.withLock { _ = $0.removeValue(forKey: id) }
            }
            return open.withLock { open in
                open[id] = channel
                return open.count
            }
        }
    }
}

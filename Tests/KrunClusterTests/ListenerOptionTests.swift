import NIOCore
import NIOPosix
import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct ListenerOptionTests {
    /// No system has this option: what any refusal looks like, whatever the privileges of the tests.
    private static let unknown = ListenerOption(
        name: "SO_NONSENSE", option: .init(level: .socket, name: .init(rawValue: 9999)), value: 1)

    @Test
    func oneThatIsRefusedIsNamed() async throws {
        try await withListener { channel in
            await #expect(
                throws: ClusterError(
                    "the broker cannot set the socket option SO_NONSENSE: Protocol not available",
                    hint: "something around this process (a sandbox, a seccomp profile) forbids it")
            ) {
                try await ListenerOption.set([ListenerOption.all[0], Self.unknown], on: channel).get()
            }
        }
    }

    /// A connection sends what it has at once, without any privilege: it has the option of its listener.
    @Test
    func acceptedConnectionsHaveThoseOfTheListener() async throws {
        try await withListener { channel in
            try await ListenerOption.set(ListenerOption.all, on: channel).get()
            let accepted = channel.eventLoop.makePromise(of: (any Channel).self)
            try await channel.eventLoop.submit {
                try channel.pipeline.syncOperations.addHandler(FirstAccepted(accepted))
            }.get()
            let client = try await ClientBootstrap(group: channel.eventLoop)
                .connect(to: #require(channel.localAddress)).get()
            let connection = try await accepted.futureResult.get()
            let value = try await connection.getOption(ChannelOptions.tcpOption(.tcp_nodelay)).get()
            #expect(value != 0)
            try await client.close().get()
        }
    }

    private func withListener(_ body: (any Channel) async throws -> Void) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        // Without the options that NIO sets by itself.
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 0)
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            try await body(listener)
            try await listener.close().get()
        } catch {
            try? await listener.close().get()
            try? await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }
}

private final class FirstAccepted: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let promise: EventLoopPromise<any Channel>

    init(_ promise: EventLoopPromise<any Channel>) { self.promise = promise }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        promise.succeed(unwrapInboundIn(data))
        context.fireChannelRead(data)
    }
}

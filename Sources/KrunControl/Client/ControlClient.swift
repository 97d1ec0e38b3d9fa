package import KrunDiagnostics
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Asks a broker that is controlled to run a step.
package enum ControlClient {
    /// How many bytes an answer may have: 64 MiB.
    private static let maximumAnswer = 64 << 20
    private static let connectBudget = TimeAmount.seconds(5)

    /// Runs a step there and waits for its end, however long that takes: the step has its own limits.
    ///
    /// - Parameters:
    ///   - step: its JSON; what is wrong with it the answer says.
    ///   - chosenBy: what said the address, such as `--control`.
    /// - Throws: a run-time diagnostic where nobody is there, or somebody who is no broker of krun's.
    package static func run(
        _ step: [UInt8], at address: ControlAddress, chosenBy: String
    ) async throws(Diagnostic) -> StepReply {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let answer: Result<[UInt8], any Error>
        do {
            answer = .success(try await exchange(step, address, group))
        } catch {
            answer = .failure(error)
        }
        try? await group.shutdownGracefully()
        do {
            if let reply = StepReply(try answer.get()) { return reply }
        } catch {
            throw Diagnostic(
                .runtime, "no broker can be controlled at \(address.text) (\(chosenBy))",
                notes: [reason(error), "`krun broker --control 0` starts one and says where it is controlled"])
        }
        throw Diagnostic(
            .runtime, "what answers at \(address.text) (\(chosenBy)) is no broker of krun's",
            notes: ["the address is the one that `krun broker --control 0` says, not that of the broker itself"])
    }

    private static func exchange(
        _ step: [UInt8], _ address: ControlAddress, _ group: MultiThreadedEventLoopGroup
    ) async throws -> [UInt8] {
        let loop = group.next()
        let done = loop.makePromise(of: [UInt8].self)
        do {
            let channel = try await ClientBootstrap(group: loop)
                .connectTimeout(connectBudget)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHTTPClientHandlers()
                        try pipeline.addHandler(NIOHTTPClientResponseAggregator(maxContentLength: maximumAnswer))
                        try pipeline.addHandler(ReplyHandler(done))
                    }
                }
                .connect(host: address.host, port: address.port).get()
            let head = HTTPRequestHead(
                version: .http1_1, method: .POST, uri: "/steps",
                headers: [
                    "Host": address.text, "Content-Type": "application/json", "Content-Length": String(step.count),
                    "User-Agent": "krun",
                ])
            channel.write(HTTPClientRequestPart.head(head), promise: nil)
            channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: step))), promise: nil)
            channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        } catch {
            done.fail(error)
        }
        return try await done.futureResult.get()
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { reason($0.error) } ?? "nothing listens there"
        case let error as IOError: String(cString: strerror(error.errnoCode))
        case is EndedEarly: "it ends the connection without an answer"
        case ChannelError.connectTimeout: "it did not answer in time"
        default: "it does not speak HTTP"
        }
    }

    /// The connection was closed before the answer was whole.
    private struct EndedEarly: Error {}

    private final class ReplyHandler: ChannelInboundHandler {
        typealias InboundIn = NIOHTTPClientResponseFull

        private let done: EventLoopPromise<[UInt8]>

        init(_ done: EventLoopPromise<[UInt8]>) {
            self.done = done
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            done.succeed(Array(unwrapInboundIn(data).body?.readableBytesView ?? ByteBuffer().readableBytesView))
            context.close(promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            done.fail(error)
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            done.fail(EndedEarly())
        }
    }
}

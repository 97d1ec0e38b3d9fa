import KrunWire
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Testing

/// One connection to a broker: requests as values or as bytes, and a deadline for everything it waits for.
final class TestClient: Sendable {
    /// What a test ends with instead of hanging.
    enum Trouble: Error, Equatable {
        case closed
        case nothingCame(within: Duration)
        case stillOpen(after: Duration)
        case wrongCorrelationID(Int32, expected: Int32)
    }

    static let patience = Duration.seconds(20)

    private let channel: any Channel
    private let inbox: NIOLoopBound<FrameInbox>
    private let lastNumber = NIOLockedValueBox<Int32>(0)
    let id: String

    private init(channel: any Channel, inbox: NIOLoopBound<FrameInbox>, id: String) {
        self.channel = channel
        self.inbox = inbox
        self.id = id
    }

    deinit { channel.close(promise: nil) }

    static func connect(port: Int, id: String = "test") async throws -> TestClient {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        return try await ClientBootstrap(group: loop)
            .connectTimeout(.seconds(20))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(FrameInbox(loop: channel.eventLoop))
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .flatMapThrowing { channel in
                let inbox = try channel.pipeline.syncOperations.handler(type: FrameInbox.self)
                return TestClient(
                    channel: channel, inbox: NIOLoopBound(inbox, eventLoop: channel.eventLoop), id: id)
            }
            .get()
    }

    /// Sends a request and waits for its answer.
    func send<R: KafkaRequest>(
        _ request: R, version: Int16, within patience: Duration = patience
    ) async throws -> R.Response {
        let number = try await post(request, version: version)
        return try await receive(R.self, version: version, number: number, within: patience)
    }

    /// Sends a request without waiting for its answer.
    ///
    /// - Returns: its correlation id.
    @discardableResult
    func post<R: KafkaRequest>(_ request: R, version: Int16) async throws -> Int32 {
        let number = lastNumber.withLockedValue { last in
            last += 1
            return last
        }
        try await write(request.frame(version: version, correlationId: number, clientId: id))
        return number
    }

    /// The next answer, which must be that of a request sent before.
    func receive<R: KafkaRequest>(
        _: R.Type, version: Int16, number: Int32, within patience: Duration = patience
    ) async throws -> R.Response {
        let (header, response) = try R.decodeResponse(try await frame(within: patience), version: version)
        guard header.correlationId == number else {
            throw Trouble.wrongCorrelationID(header.correlationId, expected: number)
        }
        return response
    }

    func write(_ bytes: ByteBuffer) async throws {
        try await channel.writeAndFlush(bytes).get()
    }

    func write(_ bytes: [UInt8]) async throws {
        try await write(ByteBuffer(bytes: bytes))
    }

    /// Sends without waiting until the system has taken it.
    func push(_ bytes: ByteBuffer) {
        channel.writeAndFlush(bytes, promise: nil)
    }

    /// The next frame that comes, without its length.
    func frame(within patience: Duration = patience) async throws -> ByteBuffer {
        let (inbox, channel) = (inbox, channel)
        return try await channel.eventLoop.flatSubmit { inbox.value.next(within: patience) }.get()
    }

    /// Waits until the broker has closed the connection.
    ///
    /// - Returns: how many frames came before and were not asked for.
    @discardableResult
    func closed(within patience: Duration = patience) async throws -> Int {
        let (inbox, channel) = (inbox, channel)
        return try await channel.eventLoop.flatSubmit { inbox.value.closed(within: patience) }.get()
    }

    func stopReading() async throws {
        try await channel.setOption(.autoRead, value: false).get()
    }

    func startReading() async throws {
        try await channel.setOption(.autoRead, value: true).get()
    }

    var isOpen: Bool { channel.isActive }

    func close() async throws {
        if channel.isActive { try await channel.close().get() }
    }
}

/// Keeps the frames that came until somebody asks for them, and those who wait until one comes.
final class FrameInbox: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let loop: any EventLoop
    private var decoder = FrameDecoder()
    private var frames: [ByteBuffer] = []
    private var readers: [EventLoopPromise<ByteBuffer>] = []
    private var enders: [EventLoopPromise<Int>] = []
    private var isClosed = false

    init(loop: any EventLoop) {
        self.loop = loop
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.append(unwrapInboundIn(data))
        do {
            while let frame = try decoder.next() {
                if readers.isEmpty { frames.append(frame) } else { readers.removeFirst().succeed(frame) }
            }
        } catch {
            Issue.record("the broker sent what is no frame: \(error)")
        }
    }

    func channelInactive(context: ChannelHandlerContext) { end() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func end() {
        isClosed = true
        for reader in readers { reader.fail(TestClient.Trouble.closed) }
        for ender in enders { ender.succeed(frames.count) }
        (readers, enders) = ([], [])
    }

    func next(within patience: Duration) -> EventLoopFuture<ByteBuffer> {
        if !frames.isEmpty { return loop.makeSucceededFuture(frames.removeFirst()) }
        if isClosed { return loop.makeFailedFuture(TestClient.Trouble.closed) }
        let promise = loop.makePromise(of: ByteBuffer.self)
        readers.append(promise)
        return limit(promise, to: patience, .nothingCame(within: patience))
    }

    func closed(within patience: Duration) -> EventLoopFuture<Int> {
        if isClosed { return loop.makeSucceededFuture(frames.count) }
        let promise = loop.makePromise(of: Int.self)
        enders.append(promise)
        return limit(promise, to: patience, .stillOpen(after: patience))
    }

    private func limit<Value>(
        _ promise: EventLoopPromise<Value>, to patience: Duration, _ trouble: TestClient.Trouble
    ) -> EventLoopFuture<Value> {
        let end = loop.scheduleTask(in: TimeAmount(patience)) { promise.fail(trouble) }
        promise.futureResult.whenComplete { _ in end.cancel() }
        return promise.futureResult
    }
}

extension TimeAmount {
    fileprivate init(_ patience: Duration) {
        self = .milliseconds(Int64(patience / .milliseconds(1)))
    }
}

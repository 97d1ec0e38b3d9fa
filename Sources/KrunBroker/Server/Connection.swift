internal import KrunWire
internal import NIOCore

/// One client's connection: cuts what arrives into frames and has them served one after the other, as a broker does, so that answers
/// keep the order of their requests.
final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// Why a connection ends.
    enum CloseReason: String {
        case byClient = "closed by the client"
        case brokerDown = "the broker went down"
        case badFrame = "a frame that cannot be read"
        case badRequest = "a request that cannot be read"
        case notServed = "a request that this broker does not serve"
        case tooMuchBuffered = "more unread requests than the broker keeps"
        case answersUnread = "answers that the client does not read, more than the broker keeps"
        case idle = "idle for connections.max.idle.ms"
        case noLogin = "a request before the login"
        case loginFailed = "a login that was refused"
        case fault = "a fault closed it"
        case tooLongAnswer = "an answer that is longer than the protocol allows"
        case unacknowledged = "a failed produce request with acks=0"
    }

    /// Kept: a connection that was accepted in the last moment is told of its end when nobody else has the cluster any more.
    private let core: ClusterCore
    let node: BrokerNode
    /// Counts the connections of the cluster.
    let number: UInt64
    private var channel: (any Channel)?
    private var decoder: FrameDecoder
    private var waiting = CircularBuffer<ByteBuffer>()
    private var waitingBytes = 0
    /// How much of what is held the cluster was told of.
    private var countedBytes = 0
    /// What came last is no frame: when the ones before it are answered the connection ends, as Kafka reads one after the other.
    private var isBroken = false
    /// Why the connection ends with the next answer; nil while it goes on.
    private var lastAnswer: CloseReason?
    /// The Fetch that is being served, if it waits for records.
    weak var waitingFetch: DelayedFetch?
    private var isServing = false
    /// Whether `serveWaiting` is on the stack: a request that is answered at once must not nest another.
    private var isLooping = false
    private var isReading = true
    /// Whether its last request took long.
    private var isSlow = false
    /// Whether its next request waits for others' turn.
    private var isPostponed = false
    /// Of answers that the client has not taken yet, and since when there are such.
    private(set) var unsentBytes = 0
    private(set) var unsentSince = Duration.zero
    /// What a fault that swallows requests leaves behind.
    private var isStalled = false
    /// Non-nil as soon as it is clear why the connection ends.
    private(set) var closeReason: CloseReason?
    var login: LoginState
    /// Whether the cluster was told whose connection it is.
    var isIdentified = false
    var isClosed: Bool { channel == nil || closeReason != nil }
    /// The client's address without its port.
    private(set) var host = ""

    /// Over so many bytes of requests that wait their turn no more is read.
    private static let readAhead = 4 << 20
    /// What a frame takes besides its bytes, so that empty ones are counted too.
    private static let frameOverhead = 64

    init(core: ClusterCore, node: BrokerNode) {
        self.core = core
        self.node = node
        number = core.nextConnectionNumber()
        decoder = FrameDecoder(maxFrameLength: core.maximumRequestBytes)
        login = core.options.users.isEmpty ? .notNeeded : .expectsHandshake
    }

    func channelActive(context: ChannelHandlerContext) {
        channel = context.channel
        guard node.isUp, !core.isClosed,
            node.connectionCount < Int(core.configs.settings(of: node.id).maximumConnections)
        else {
            // Accepted while the broker went down, or one more than `max.connections`.
            context.close(promise: nil)
            return
        }
        host = context.remoteAddress?.ipAddress ?? ""
        node.add(self)
        core.connectionOpened(self)
        // Accepted while the broker was going down.
        if !node.isUp { close(.brokerDown) }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        channel = nil
        waiting.removeAll()
        waitingBytes = 0
        core.buffered(-countedBytes)
        countedBytes = 0
        waitingFetch?.end(with: nil)
        guard node.remove(self) else { return }
        core.connectionClosed(self, closeReason ?? .byClient)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard closeReason == nil, !isBroken else { return }
        do {
            decoder.append(unwrapInboundIn(data))
            while let frame = try decoder.next() {
                waiting.append(frame)
                waitingBytes += frame.readableBytes + Self.frameOverhead
            }
            decoder.trim()
        } catch {
            isBroken = true
        }
        guard countBytes() else {
            close(.tooMuchBuffered)
            return
        }
        serveWaiting()
        if waitingBytes > Self.readAhead, isReading { setReading(false) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        // A client that does not read its answers gets no more of them.
        if context.channel.isWritable { core.resume(self) }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent, !isServing {
            close(.idle)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func serveWaiting() {
        guard !isLooping else { return }
        isLooping = true
        defer { isLooping = false }
        while !isServing, !isStalled, closeReason == nil, let channel, channel.isWritable, let frame = waiting.first {
            if core.turns.isOver, isSlow || frame.readableBytes >= Turns.shortRequestBytes {
                postpone()
                break
            }
            waiting.removeFirst()
            waitingBytes -= frame.readableBytes + Self.frameOverhead
            countBytes()
            isServing = true
            isSlow = core.serve(frame, on: self) > Turns.longTime
        }
        if isBroken, !isServing, waiting.isEmpty { closeAfterAnswers(.badFrame) }
        if !isReading, waitingBytes <= Self.readAhead, closeReason == nil { setReading(true) }
    }

    private func postpone() {
        guard !isPostponed else { return }
        isPostponed = true
        core.postpone {
            self.isPostponed = false
            self.serveWaiting()
        }
    }

    /// Ends the request that is being served; nil: it gets no answer.
    func finish(_ answer: ByteBuffer?) {
        isServing = false
        guard let channel, closeReason == nil else { return }
        if let answer { send(answer, on: channel) }
        if let lastAnswer { return closeAfterAnswers(lastAnswer) }
        // Its own loop goes on by itself.
        if !isLooping { core.resume(self) }
    }

    /// Sends an answer, and has the cluster count it until the client has taken it.
    private func send(_ answer: ByteBuffer, on channel: any Channel) {
        let bytes = answer.readableBytes
        let sent = channel.writeAndFlush(answer)
        guard !channel.isWritable else { return }
        if unsentBytes == 0 { unsentSince = core.now.uptime }
        unsentBytes += bytes
        core.unsent(bytes, by: self)
        sent.assumeIsolated().whenComplete { _ in
            self.unsentBytes -= bytes
            self.core.unsent(-bytes, by: self)
        }
    }

    /// The next answer is the last one; then the connection is closed.
    func isLast(because reason: CloseReason) {
        lastAnswer = reason
    }

    /// Serves nothing any more, and waits for the client to give up.
    func stall() {
        isStalled = true
    }

    /// Closes once what was answered has been sent.
    func closeAfterAnswers(_ reason: CloseReason) {
        guard let channel, closeReason == nil else { return }
        closeReason = reason
        channel.writeAndFlush(ByteBuffer()).whenComplete { _ in channel.close(promise: nil) }
    }

    @discardableResult
    func close(_ reason: CloseReason) -> EventLoopFuture<Void> {
        if closeReason == nil { closeReason = reason }
        return channel?.close() ?? core.loop.makeSucceededVoidFuture()
    }

    /// Tells the cluster what is held here.
    ///
    /// - Returns: false if the cluster holds too much.
    @discardableResult
    private func countBytes() -> Bool {
        let more = decoder.pendingBytes + waitingBytes - countedBytes
        countedBytes += more
        return core.buffered(more)
    }

    private func setReading(_ on: Bool) {
        isReading = on
        channel?.setOption(.autoRead, value: on).whenFailure { _ in }
    }
}

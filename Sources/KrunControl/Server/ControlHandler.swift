import KrunConnection
import KrunReports
internal import NIOCore
internal import NIOHTTP1

/// Serves one request, which is all that a connection has.
final class ControlHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Asks for the end of whatever is served.
    struct Ending {}

    private enum State {
        case waiting
        case reading(ControlRoute, ByteBuffer)
        /// A step; it is ended where the client goes away.
        case running(Interruption)
        case streaming(EventFeed)
        /// Everything is said.
        case answered
    }

    /// How long the rest of a request is passed over, so that the client comes to read why it was refused.
    private static let farewell = TimeAmount.seconds(2)

    private let steps: ControlSteps
    private let events: EventSource
    private let version: String
    private let requestBudget: TimeAmount
    private let isOneTooMany: Bool
    private var state = State.waiting
    private var deadline: Scheduled<Void>?
    private var method = HTTPMethod.GET

    /// - Parameters:
    ///   - version: of krun.
    ///   - requestBudget: how long a request may take to arrive.
    ///   - isOneTooMany: whether there are so many connections that this one is refused.
    init(
        steps: ControlSteps, events: EventSource, version: String, requestBudget: TimeAmount, isOneTooMany: Bool
    ) {
        self.steps = steps
        self.events = events
        self.version = version
        self.requestBudget = requestBudget
        self.isOneTooMany = isOneTooMany
    }

    func channelActive(context: ChannelHandlerContext) {
        let own = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: requestBudget) {
            let (handler, context) = own.value
            handler.requestIsLate(context)
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        switch state {
        case .running(let interruption): interruption.request()
        case .streaming(let feed): feed.stop()
        case .waiting, .reading, .answered: break
        }
        state = .answered
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(var part): take(&part, context)
        case .end: serve(context)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if case .streaming(let feed) = state { send(feed, context) }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is Ending else { return context.fireUserInboundEventTriggered(event) }
        if case .streaming(let feed) = state {
            feed.stop()
            send(feed, context)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
        state = .answered
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch (state, error) {
        case (.waiting, let error as HTTPParserError), (.reading, let error as HTTPParserError):
            let isTooLong = error == .headerOverflow
            refuse(
                ControlRefusal(
                    status: isTooLong ? .requestHeaderFieldsTooLarge : .badRequest,
                    title: isTooLong ? "the head of the request is too long" : "this is no request of HTTP/1.1"),
                context)
        default: context.close(promise: nil)
        }
    }

    // MARK: The request

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard case .waiting = state else { return }
        method = head.method
        do throws(ControlRefusal) {
            if isOneTooMany {
                throw ControlRefusal(status: .serviceUnavailable, title: "there are too many connections")
            }
            state = .reading(try ControlRules.route(head), ByteBuffer())
        } catch {
            return refuse(error, context)
        }
        if head.headers["expect"].contains(where: { $0.lowercased() == "100-continue" }) {
            context.writeAndFlush(wrapOutboundOut(.head(.init(version: .http1_1, status: .continue))), promise: nil)
        }
    }

    private func take(_ part: inout ByteBuffer, _ context: ChannelHandlerContext) {
        guard case .reading(let route, var body) = state else { return }
        guard body.readableBytes + part.readableBytes <= ControlRules.maximumBody else {
            return refuse(ControlRules.tooLarge, context)
        }
        state = .waiting
        body.writeBuffer(&part)
        state = .reading(route, body)
    }

    private func requestIsLate(_ context: ChannelHandlerContext) {
        switch state {
        case .waiting, .reading:
            let budget = Amounts.duration(.nanoseconds(requestBudget.nanoseconds))
            refuse(
                ControlRefusal(status: .requestTimeout, title: "the request did not arrive within \(budget)"),
                context)
        case .running, .streaming, .answered: break
        }
    }

    private func serve(_ context: ChannelHandlerContext) {
        guard case .reading(let route, let body) = state else { return }
        deadline?.cancel()
        switch route {
        case .step: run(Array(body.readableBytesView), context)
        case .events(let withRequests): stream(withRequests: withRequests, context)
        }
    }

    // MARK: Steps

    private func run(_ body: [UInt8], _ context: ChannelHandlerContext) {
        let interruption = Interruption()
        state = .running(interruption)
        let own = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        steps.run(body, interruption: interruption) { [loop = context.eventLoop] answer in
            loop.execute {
                let (handler, context) = own.value
                guard case .running = handler.state else { return }
                handler.answer(answer.ending.status, answer.text, [], context)
            }
        }
    }

    private func refuse(_ refusal: ControlRefusal, _ context: ChannelHandlerContext) {
        let text = StepAnswer.text(status: "refused", [refusal.diagnostic], version: version)
        answer(refusal.status, text, refusal.allow.map { [("Allow", $0)] } ?? [], context)
    }

    private func answer(
        _ status: HTTPResponseStatus, _ text: String, _ more: [(String, String)], _ context: ChannelHandlerContext
    ) {
        deadline?.cancel()
        state = .answered
        var headers = Self.headers(of: "application/json")
        headers.add(name: "Content-Length", value: String(text.utf8.count))
        headers.add(contentsOf: more)
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        // To close at once while the client still sends would take the answer from it.
        context.close(mode: .output, promise: nil)
        let own = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.farewell) { own.value.close(promise: nil) }
    }

    /// No page of another origin is to read, keep or run what is answered.
    private static func headers(of type: String) -> HTTPHeaders {
        HTTPHeaders([
            ("Content-Type", type), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
            ("Cross-Origin-Resource-Policy", "same-origin"), ("Connection", "close"),
        ])
    }

    // MARK: Events

    private func stream(withRequests: Bool, _ context: ChannelHandlerContext) {
        let own = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        let feed = events.feed(withRequests: withRequests) { [loop = context.eventLoop] in
            loop.execute {
                let (handler, context) = own.value
                if case .streaming(let feed) = handler.state { handler.send(feed, context) }
            }
        }
        state = .streaming(feed)
        let head = HTTPResponseHead(
            version: .http1_1, status: .ok, headers: Self.headers(of: "application/x-ndjson"))
        // It is read before the first event comes: who has it misses nothing from then on.
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        send(feed, context)
    }

    /// As much as the connection takes.
    private func send(_ feed: EventFeed, _ context: ChannelHandlerContext) {
        var isAny = false
        while context.channel.isWritable, let lines = feed.lines() {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: lines)))), promise: nil)
            isAny = true
        }
        if isAny { context.flush() }
    }
}

extension ControlSteps.Ending {
    fileprivate var status: HTTPResponseStatus {
        switch self {
        case .passed: .ok
        case .invalid: .badRequest
        case .failed: .unprocessableEntity
        case .trouble: .conflict
        case .unavailable: .serviceUnavailable
        }
    }
}

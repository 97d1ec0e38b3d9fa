internal import KrunWire
internal import NIOCore

extension ClusterCore {
    /// Reads one frame and does what it asks for; the connection is told when that is over.
    ///
    /// - Returns: how long it took, without what waits for something.
    @discardableResult
    func serve(_ frame: ByteBuffer, on connection: Connection) -> Duration {
        isServing = true
        let start = now.uptime
        perform(frame, on: connection)
        let duration = now.uptime - start
        isServing = false
        recordTime(duration)
        resumeUnblocked()
        return duration
    }

    /// Goes on with a request that is being served.
    func serving(_ body: (ClusterCore) -> Void) {
        guard !isClosed else { return }
        isServing = true
        body(self)
        finishTouchedFetches()
        armTimer()
        isServing = false
        resumeUnblocked()
    }

    /// A connection's request was answered: the next one's turn is when nothing else is being served.
    func resume(_ connection: Connection) {
        unblocked.append(connection)
        if !isServing { resumeUnblocked() }
    }

    private func resumeUnblocked() {
        guard !isResuming else { return }
        isResuming = true
        defer { isResuming = false }
        while let connection = unblocked.popFirst() { connection.serveWaiting() }
    }

    private func perform(_ frame: ByteBuffer, on connection: Connection) {
        let now = now
        if connection.login == .expectsBareToken { return takeBareToken(frame, connection) }
        let header: RequestHeader
        let request: Request
        do {
            (header, request) = try Request.decode(frame)
        } catch .unsupportedVersion(.apiVersions, _, let correlationID) {
            let answer = try? ApiVersionsRequest.responseFrame(
                Self.unknownApiVersions, version: 0, correlationId: correlationID)
            return connection.finish(answer)
        } catch .unknownApiKey, .unsupportedVersion {
            tellNotServed(frame, connection)
            connection.closeAfterAnswers(.notServed)
            return
        } catch {
            connection.closeAfterAnswers(.badRequest)
            return
        }
        guard KafkaVersion.served(request.apiKey)?.contains(header.apiVersion) == true else {
            tellNotServed(frame, connection)
            connection.closeAfterAnswers(.notServed)
            return
        }
        guard connection.login.allows(request) else {
            connection.closeAfterAnswers(.noLogin)
            return
        }
        if !connection.isIdentified { identify(connection, header, request) }
        let kind = RequestKind(rawValue: header.apiKey)
        let decision =
            faults.concerns(kind)
            ? faults.decide(
                RequestFacts(request, header, broker: connection.node.id) { self.topicsByID[$0]?.name }, now: now)
            : FaultDecision()
        let exchange = Exchange(
            header: header, connection: connection, started: now.uptime, bytesIn: frame.readableBytes, faults: decision)
        let context = RequestContext(
            version: header.apiVersion, clientID: header.clientId, connection: connection, now: now, faults: decision)
        if begin(request, exchange) { dispatch(request, context, exchange) }
        finishTouchedFetches()
        armTimer()
    }

    /// Encodes an answer and sends it.
    func answer<R: KafkaRequest>(_: R, _ response: R.Response, _ exchange: Exchange, error: ErrorCode = .none) {
        let frame: ByteBuffer
        do {
            frame = try R.responseFrame(
                response, version: exchange.header.apiVersion, correlationId: exchange.header.correlationId)
        } catch .tooLong {
            // What a client chose may be as long as a text may be, and more with what the answer adds to it.
            exchange.connection.close(.tooLongAnswer)
            return
        } catch {
            // An answer that its version has no place for would be a mistake of this broker's.
            assertionFailure("\(R.apiKey.name) v\(exchange.header.apiVersion): \(error)")
            exchange.connection.close(.badRequest)
            return
        }
        end(exchange, frame, error: error)
    }

    /// Names the request that ends a connection: its client learns no more than that it was closed.
    private func tellNotServed(_ frame: ByteBuffer, _ connection: Connection) {
        guard let header = RequestHeader(of: frame) else { return }
        if !connection.isIdentified, header.clientId != nil { identify(connection, header, nil) }
        tell(
            .requestNotServed(
                BrokerEvent.UnservedRequest(
                    broker: connection.node.id, connection: connection.number, peer: connection.host,
                    request: RequestKind(rawValue: header.apiKey), version: header.apiVersion, client: header.clientId,
                    servedVersions: ApiKey(rawValue: header.apiKey).flatMap { KafkaVersion.served($0) })))
    }

    /// Tells who is there, which the first request says.
    private func identify(_ connection: Connection, _ header: RequestHeader, _ request: Request?) {
        connection.isIdentified = true
        var software: (name: String, version: String)?
        if case .apiVersions(let r) = request, header.apiVersion >= 3 {
            software = (r.clientSoftwareName, r.clientSoftwareVersion)
        }
        tell(
            .clientIdentified(
                BrokerEvent.IdentifiedClient(
                    broker: connection.node.id, connection: connection.number, peer: connection.host,
                    client: header.clientId, softwareName: software?.name, softwareVersion: software?.version)))
    }

    private func takeBareToken(_ frame: ByteBuffer, _ connection: Connection) {
        guard let user = user(of: Array(frame.readableBytesView)) else {
            return afterLogin(isRefused: true, connection) { connection.close(.loginFailed) }
        }
        connection.login = .done(user: user)
        connection.finish(ByteBuffer(integer: Int32(0)))
    }
}

extension LoginState {
    /// Before the login only what belongs to it is served.
    fileprivate func allows(_ request: Request) -> Bool {
        switch self {
        case .notNeeded, .done: return true
        case .expectsHandshake, .expectsAuthenticate, .expectsBareToken:
            switch request {
            case .apiVersions, .saslHandshake, .saslAuthenticate: return true
            default: return false
            }
        }
    }
}

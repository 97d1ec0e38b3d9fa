internal import KrunWire
internal import NIOCore

/// A request that is being served: what its answer needs, and what its end is told with.
struct Exchange {
    let header: RequestHeader
    let connection: Connection
    let started: Duration
    let bytesIn: Int
    let faults: FaultDecision
}

extension ClusterCore {
    /// What a fault does before a request is performed.
    ///
    /// - Returns: false if it is not to be performed; then the exchange is over, or has been delayed to its end.
    func begin(_ request: Request, _ exchange: Exchange) -> Bool {
        for id in exchange.faults.fired {
            guard let rule = faults.anyRule(id) else { continue }
            tell(
                .faultFired(
                    id, rule: "\(rule)", request: RequestKind(rawValue: exchange.header.apiKey),
                    client: exchange.header.clientId))
        }
        switch exchange.faults.course {
        case .proceed, .performAndLose: return true
        case .fail(let code):
            refuse(request, with: code, exchange)
        case .loseHeartbeat:
            // Not told to the coordinator; the member believes that it was. To swallow it would stall the connection.
            refuse(request, with: .none, exchange)
        case .silence: exchange.connection.stall()
        case .disconnect:
            later(exchange) { exchange.connection.close(.fault) }
        }
        return false
    }

    /// Sends an answer, unless a fault wants it late or lost.
    func end(_ exchange: Exchange, _ frame: ByteBuffer, error: ErrorCode) {
        tellServed(exchange, bytesOut: frame.readableBytes, error: error)
        switch exchange.faults.course {
        case .performAndLose(.disconnect): later(exchange) { exchange.connection.close(.fault) }
        case .performAndLose(.silence): exchange.connection.stall()
        default: later(exchange) { exchange.connection.finish(frame) }
        }
    }

    /// Ends a Produce with acks=0, which gets no answer; as Kafka does, the connection of one that failed is closed.
    func endWithoutAnswer(_ exchange: Exchange, error: ErrorCode) {
        tellServed(exchange, bytesOut: 0, error: error)
        later(exchange) {
            if error == .none {
                exchange.connection.finish(nil)
            } else {
                exchange.connection.close(.unacknowledged)
            }
        }
    }

    private func later(_ exchange: Exchange, _ body: @escaping () -> Void) {
        guard exchange.faults.delay > .zero else { return body() }
        loop.assumeIsolated().scheduleTask(in: TimeAmount(exchange.faults.delay)) { body() }
    }

    private func tellServed(_ exchange: Exchange, bytesOut: Int, error: ErrorCode) {
        tell(
            .requestServed(
                BrokerEvent.ServedRequest(
                    broker: exchange.connection.node.id, request: RequestKind(rawValue: exchange.header.apiKey),
                    version: exchange.header.apiVersion, client: exchange.header.clientId,
                    correlationId: exchange.header.correlationId, latency: now.uptime - exchange.started,
                    error: error == .none ? nil : KafkaErrorName(error), bytesIn: exchange.bytesIn, bytesOut: bytesOut))
        )
    }
}

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

/// Who asks, of which broker, how and when.
struct RequestContext {
    let version: Int16
    let clientID: String?
    let connection: Connection
    let now: Now
    let faults: FaultDecision

    /// The broker that was asked.
    var broker: Int32 { connection.node.id }
    var clientHost: String { "/" + connection.host }
}

/// Why a part of a request is refused: a code and, where the answer has a place for it, a sentence.
struct RequestProblem: Error, Equatable {
    let code: ErrorCode
    let message: String?

    init(_ code: ErrorCode, _ message: String? = nil) {
        self.code = code
        // What a client sent may be in it, and a text of the protocol has 32 767 bytes at most.
        self.message = message.map { $0.utf8.count > 2048 ? String(decoding: $0.utf8.prefix(2048), as: UTF8.self) : $0 }
    }
}

// MARK: - Lookup

extension ClusterCore {
    /// A partition as its leader would find it.
    ///
    /// - Parameter leaderEpoch: what the client takes for the current one; negative: it does not say (KIP-320).
    func leading(_ topic: String, _ index: Int32, on broker: Int32, leaderEpoch: Int32 = -1) -> Result<
        Partition, WireFailure
    > {
        guard let partition = topics[topic]?.partition(index) else { return .failure(.unknownTopicOrPartition) }
        return leading(partition, on: broker, leaderEpoch: leaderEpoch)
    }

    func leading(_ partition: Partition, on broker: Int32, leaderEpoch: Int32) -> Result<Partition, WireFailure> {
        // A broker without a replica knows no epoch to compare with.
        guard partition.replicas.contains(broker) else { return .failure(.notLeaderOrFollower) }
        if leaderEpoch >= 0, leaderEpoch < partition.leaderEpoch { return .failure(.fencedLeaderEpoch) }
        if leaderEpoch > partition.leaderEpoch { return .failure(.unknownLeaderEpoch) }
        guard partition.leader == broker else { return .failure(.notLeaderOrFollower) }
        return .success(partition)
    }
}

/// An error code as an `Error`, for `Result`.
struct WireFailure: Error, Equatable {
    let code: ErrorCode

    static let unknownTopicOrPartition = WireFailure(code: .unknownTopicOrPartition)
    static let notLeaderOrFollower = WireFailure(code: .notLeaderOrFollower)
    static let fencedLeaderEpoch = WireFailure(code: .fencedLeaderEpoch)
    static let unknownLeaderEpoch = WireFailure(code: .unknownLeaderEpoch)
}

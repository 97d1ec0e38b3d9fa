public import KrunSecrets
internal import Synchronization

/// The last things a client said: its log lines and the errors it reported on its own, both bounded; shared by threads.
public final class ClientLog: Sendable {
    /// One line of librdkafka's log.
    public struct Line: Hashable, Sendable {
        /// As in syslog: 3 is an error, 4 a warning, 6 information, 7 debugging.
        public let level: Int
        /// Such as `FAIL` or `CONFWARN`.
        public let facility: String
        public let text: String
        public let at: ContinuousClock.Instant
    }

    private struct State {
        var lines: [Line] = []
        var errors: [KafkaError] = []
    }

    private let state = Mutex(State())
    private let limit: Int
    /// What is in no line and no error, beside the client's own passwords.
    let secrets: Secrets
    private let isKept: (@Sendable (Line) -> Bool)?
    private let handler: (@Sendable (Line) -> Void)?

    /// Keeps the last `limit` lines, of those for which `isKept` is true, and as many errors. The handler sees every line as
    /// it comes. Both are called on librdkafka's threads: they must be quick and must not call the client.
    public init(
        limit: Int = 200, hiding secrets: Secrets = .none, isKept: (@Sendable (Line) -> Bool)? = nil,
        handler: (@Sendable (Line) -> Void)? = nil
    ) {
        precondition(limit > 0)
        self.limit = limit
        self.secrets = secrets
        self.isKept = isKept
        self.handler = handler
    }

    /// The last lines, oldest first.
    public var lines: [Line] { state.withLock { $0.lines } }

    /// The last errors that no call of ours returned, oldest first: a refused connection, a failed login.
    public var errors: [KafkaError] { state.withLock { $0.errors } }

    func append(_ line: Line) {
        if isKept?(line) ?? true { state.withLock { Self.push(line, to: &$0.lines, limit: limit) } }
        handler?(line)
    }

    func append(_ error: KafkaError) {
        state.withLock { Self.push(error, to: &$0.errors, limit: limit) }
    }

    private static func push<Element>(_ element: Element, to ring: inout [Element], limit: Int) {
        if ring.count == limit { ring.removeFirst() }
        ring.append(element)
    }
}

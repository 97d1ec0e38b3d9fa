internal import NIOCore

/// Keeps long requests that took long from standing before everybody else's: a compressed batch of a few hundred kilobytes can keep
/// the only thread busy for a fifth of a second, and a hundred clients can send one at the same time.
///
/// After one that took long no other long one is served until the event loop has looked at all connections again. Short ones never wait.
struct LargeRequests {
    /// Shorter frames cannot hold enough to take long.
    static let shortest = 16 << 10
    /// What nobody notices.
    static let longTime = Duration.milliseconds(5)

    /// Whether one took long since the event loop looked at all connections.
    private(set) var isTurnOver = false
    private var postponed = CircularBuffer<Connection>()

    static func includes(_ frame: ByteBuffer) -> Bool { frame.readableBytes >= shortest }

    /// - Returns: whether the next turn is to be arranged for.
    mutating func took(_ duration: Duration) -> Bool {
        guard duration > Self.longTime, !isTurnOver else { return false }
        isTurnOver = true
        return true
    }

    mutating func postpone(_ connection: Connection) {
        postponed.append(connection)
    }

    /// - Returns: who waited, in the order in which they came.
    mutating func beginTurn() -> CircularBuffer<Connection> {
        isTurnOver = false
        defer { postponed.removeAll() }
        return postponed
    }
}

extension ClusterCore {
    /// Serves a frame that can take long, and has others wait if it did.
    func serveLarge(_ frame: ByteBuffer, on connection: Connection) {
        let start = now.uptime
        serve(frame, on: connection)
        guard largeRequests.took(now.uptime - start) else { return }
        // Not at once: the loop looks at its connections only when it has nothing else to do.
        loop.assumeIsolated().scheduleTask(in: .milliseconds(1)) { [weak self] () -> Void in self?.beginTurn() }
    }

    private func beginTurn() {
        // The first that takes long ends the turn; the others wait again, before those that come later.
        for connection in largeRequests.beginTurn() { connection.servePostponed() }
    }
}

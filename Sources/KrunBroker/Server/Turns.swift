internal import NIOCore

/// Keeps work that takes long from standing before everybody else's: a compressed batch of a few kilobytes can keep the only thread busy
/// for a fifth of a second, a search by time in stored ones as well, and a hundred clients can ask for such things at the same time.
///
/// Work is done in pieces. After one that took long no other of the kind is done until the event loop has looked at all connections
/// again. What is short, and comes from a connection whose last request did not take long, never waits.
struct Turns {
    /// What nobody notices.
    static let longTime = Duration.milliseconds(5)
    /// Of requests that come from a connection whose last one did not take long, shorter ones do not wait.
    static let shortRequestBytes = 1 << 10

    /// Whether a piece took long since the event loop looked at all connections.
    private(set) var isOver = false
    private var isArranged = false
    private var pieces = CircularBuffer<() -> Void>()

    mutating func record(_ duration: Duration) {
        if duration > Self.longTime { isOver = true }
    }

    mutating func postpone(_ piece: @escaping () -> Void) {
        pieces.append(piece)
    }

    /// - Returns: whether somebody has to see to it that the next turn begins.
    mutating func arrange() -> Bool {
        guard !isArranged, isOver || !pieces.isEmpty else { return false }
        isArranged = true
        return true
    }

    mutating func begin() {
        isOver = false
        isArranged = false
    }

    /// The piece that has waited longest; nil where there is none, or the turn is over.
    mutating func next() -> (() -> Void)? {
        isOver ? nil : pieces.popFirst()
    }
}

extension ClusterCore {
    /// Does what a request asks for, piece by piece; what follows a piece that took long is done in a later turn.
    ///
    /// - Parameter piece: does one, and says whether another is left.
    func work(_ piece: @escaping () -> Bool, then done: @escaping () -> Void) {
        let start = now.uptime
        while piece() {
            guard now.uptime - start > Turns.longTime else { continue }
            return postpone { [weak self] in
                self?.serving { $0.work(piece, then: done) }
            }
        }
        done()
    }

    /// Has it done in its turn.
    func postpone(_ piece: @escaping () -> Void) {
        turns.postpone(piece)
        arrangeTurn()
    }

    /// Takes note of how long something took that was done.
    func recordTime(_ duration: Duration) {
        turns.record(duration)
        arrangeTurn()
    }

    private func arrangeTurn() {
        guard turns.arrange() else { return }
        // Not at once: the loop looks at its connections only when it has nothing else to do.
        loop.assumeIsolated().scheduleTask(in: .milliseconds(1)) { [weak self] () -> Void in self?.beginTurn() }
    }

    private func beginTurn() {
        turns.begin()
        while let piece = turns.next() {
            let start = now.uptime
            piece()
            turns.record(now.uptime - start)
        }
        arrangeTurn()
    }
}

/// Each index of lists in a list, one after the other.
struct NestedIndices {
    private let counts: [Int]
    private var outer = 0
    private var inner = 0

    /// - Parameter counts: how long each list is.
    init(_ counts: [Int]) {
        self.counts = counts
        skipEmpty()
    }

    var isAtEnd: Bool { outer == counts.count }

    mutating func next() -> (outer: Int, inner: Int)? {
        guard !isAtEnd else { return nil }
        defer {
            inner += 1
            skipEmpty()
        }
        return (outer, inner)
    }

    private mutating func skipEmpty() {
        while outer < counts.count, inner >= counts[outer] {
            outer += 1
            inner = 0
        }
    }
}

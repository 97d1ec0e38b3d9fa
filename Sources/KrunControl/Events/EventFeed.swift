import KrunBroker
import KrunConnection
import Synchronization

/// What happens in a cluster, for those who ask for it.
struct EventSource: Sendable {
    private let events: EventStream

    init(_ events: EventStream) {
        self.events = events
    }

    /// All that happens from now on.
    ///
    /// - Parameters:
    ///   - withRequests: whether those that are served are told of, of which there are very many.
    ///   - wake: called on the thread on which something happens, where lines wait and nobody was called for them; must be quick.
    func feed(withRequests: Bool, wake: @escaping @Sendable () -> Void) -> EventFeed {
        let feed = EventFeed(wake: wake)
        feed.keep(
            events.observe { [weak feed] event in
                if !withRequests, case .requestServed = event.kind { return }
                feed?.take(event.kind)
            })
        return feed
    }
}

/// The lines that wait for one reader: one who stalls holds up nobody, but loses lines and is told how many.
final class EventFeed: Sendable {
    private struct Waiting {
        var events: [(time: Int64, event: BrokerEvent.Kind)] = []
        /// How many of them were handed out.
        var read = 0
        /// Behind them so many are missing.
        var missing = 0
        var isAwake = false
        var observation: EventObservation?
        var isStopped = false
    }

    /// How many are handed out at a time.
    private static let portion = 64

    private let waiting = Mutex(Waiting())
    private let capacity: Int
    private let time: @Sendable () -> Int64
    private let wake: @Sendable () -> Void

    /// - Parameters:
    ///   - capacity: how many lines wait to be read; what comes beyond is dropped.
    ///   - time: milliseconds since 1970.
    init(
        capacity: Int = 10_000, time: @escaping @Sendable () -> Int64 = WallClock.millisecondsSince1970,
        wake: @escaping @Sendable () -> Void
    ) {
        self.capacity = capacity
        self.time = time
        self.wake = wake
    }

    fileprivate func keep(_ observation: EventObservation) {
        let isStopped = waiting.withLock { waiting in
            waiting.observation = observation
            return waiting.isStopped
        }
        if isStopped { observation.cancel() }
    }

    /// Takes what happened; never waits.
    func take(_ event: BrokerEvent.Kind) {
        let time = time()
        let isToWake = waiting.withLock { waiting in
            if waiting.isStopped { return false }
            // Once one is missing the others are too, until the reader has come so far.
            if waiting.missing > 0 || waiting.events.count - waiting.read >= capacity {
                waiting.missing += 1
            } else {
                waiting.events.append((time, event))
            }
            defer { waiting.isAwake = true }
            return !waiting.isAwake
        }
        if isToWake { wake() }
    }

    /// The next lines, with their line ends; nil where there are none: then `wake` is called for the next.
    func lines() -> String? {
        let (events, missing) = waiting.withLock { waiting in
            let end = min(waiting.events.count, waiting.read + Self.portion)
            let events = Array(waiting.events[waiting.read..<end])
            waiting.read = end
            if waiting.read < waiting.events.count { return (events, 0) }
            defer { (waiting.events, waiting.read, waiting.missing) = ([], 0, 0) }
            if events.isEmpty, waiting.missing == 0 { waiting.isAwake = false }
            return (events, waiting.missing)
        }
        if events.isEmpty, missing == 0 { return nil }
        let lines = events.map { BrokerEventLine.text($0.event, at: $0.time) }.joined()
        return missing == 0 ? lines : lines + BrokerEventLine.missing(missing, at: time())
    }

    /// Nothing more is taken.
    func stop() {
        waiting.withLock { waiting in
            waiting.isStopped = true
            return waiting.observation
        }?.cancel()
    }
}

internal import Synchronization

/// What happened in a cluster: the newest events kept, and whoever listens told of each.
///
/// May be used from any thread. Recording an event takes one short lock, about 150 ns in all in release
/// (`EventStreamTests.whatAnEventCosts` prints it), and one call for each listener; a slow reader of `events(buffering:)` loses the
/// oldest ones and holds up nobody.
public final class EventStream: Sendable {
    private struct State {
        var ring: [BrokerEvent] = []
        /// Where the oldest event is once the ring is full.
        var oldest = 0
        var recorded: UInt64 = 0
        var observers: [(id: UInt64, handler: @Sendable (BrokerEvent) -> Void)] = []
        var readers: [UInt64: AsyncStream<BrokerEvent>.Continuation] = [:]
        var nextId: UInt64 = 0
        var isFinished = false
    }

    private let state = Mutex(State())
    /// How many events are kept.
    public let capacity: Int

    /// Keeps the newest `capacity` events; none if it is 0 or less.
    public init(capacity: Int = 4096) {
        self.capacity = max(0, capacity)
    }

    /// The events that are kept, the oldest first.
    public var recent: [BrokerEvent] {
        state.withLock { Array($0.ring[$0.oldest...] + $0.ring[..<$0.oldest]) }
    }

    /// How many events happened, kept or not.
    public var recorded: UInt64 { state.withLock { $0.recorded } }

    /// How many events are not kept any more.
    public var overwritten: UInt64 { state.withLock { $0.recorded - UInt64($0.ring.count) } }

    /// Every event from now on; ends when the cluster is closed.
    ///
    /// - Parameter capacity: how many events wait to be read; beyond that the oldest are dropped.
    public func events(buffering capacity: Int = 1024) -> AsyncStream<BrokerEvent> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: BrokerEvent.self, bufferingPolicy: .bufferingNewest(max(1, capacity)))
        let id: UInt64? = state.withLock { state in
            if state.isFinished { return nil }
            state.nextId += 1
            state.readers[state.nextId] = continuation
            return state.nextId
        }
        guard let id else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            // The continuation is destroyed outside the lock: its own end may call back here.
            _ = self?.state.withLock { $0.readers.removeValue(forKey: id) }
        }
        return stream
    }

    /// Calls `handler` with every event from now on, on the thread that it happens on: it must be quick, and may be called from several
    /// threads.
    public func observe(_ handler: @escaping @Sendable (BrokerEvent) -> Void) -> EventObservation {
        let id = state.withLock { state in
            state.nextId += 1
            if !state.isFinished { state.observers.append((state.nextId, handler)) }
            return state.nextId
        }
        return EventObservation { [weak self] in
            self?.state.withLock { state in
                state.observers.removeAll { $0.id == id }
            }
        }
    }

    package func record(_ event: BrokerEvent) {
        let (observers, readers) = state.withLock { state in
            state.recorded += 1
            if state.ring.count < capacity {
                state.ring.append(event)
            } else if capacity > 0 {
                state.ring[state.oldest] = event
                state.oldest = state.oldest + 1 == capacity ? 0 : state.oldest + 1
            }
            return (state.observers, state.readers)
        }
        for observer in observers { observer.handler(event) }
        for reader in readers.values { reader.yield(event) }
    }

    /// Ends every `events(buffering:)`: the cluster is closed. What was kept can still be read.
    package func finish() {
        let readers = state.withLock { state in
            state.isFinished = true
            state.observers = []
            defer { state.readers = [:] }
            return state.readers
        }
        for reader in readers.values { reader.finish() }
    }
}

/// A handler that was added to an `EventStream`; it is called until `cancel()`, whether this value is kept or not.
public struct EventObservation: Sendable {
    private let remove: @Sendable () -> Void

    init(remove: @escaping @Sendable () -> Void) {
        self.remove = remove
    }

    /// The handler is not called again, but for a call that is under way on another thread. Safe to call from the handler.
    public func cancel() {
        remove()
    }
}

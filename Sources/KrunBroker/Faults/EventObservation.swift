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

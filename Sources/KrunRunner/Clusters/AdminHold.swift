import Synchronization

/// Says when calls of a cluster's admin client are to end: when somebody wants the end, or when they are not worth waiting for.
final class AdminHold: Sendable {
    private let interruption: Interruption
    private let patience = Mutex<Patience?>(nil)

    init(_ interruption: Interruption) {
        self.interruption = interruption
    }

    var isOver: Bool {
        interruption.isRequested || patience.withLock { $0?.isOver ?? false }
    }

    /// Calls in the body end with this patience.
    func with<Value, Failure: Error>(
        _ patience: Patience, _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        self.patience.withLock { $0 = patience }
        defer { self.patience.withLock { $0 = nil } }
        return try body()
    }
}

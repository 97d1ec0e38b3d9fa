import Synchronization

/// Says when calls of a cluster's admin client are to end: when somebody wants the end, or when they are not worth waiting for.
package final class AdminHold: Sendable {
    private let interruption: Interruption
    private let patience = Mutex<Patience?>(nil)

    package init(_ interruption: Interruption) {
        self.interruption = interruption
    }

    package var isOver: Bool {
        interruption.isRequested || patience.withLock { $0?.isOver ?? false }
    }

    /// From now on calls end with this patience.
    package func hold(_ patience: Patience) {
        self.patience.withLock { $0 = patience }
    }

    /// Calls in the body end with this patience.
    package func with<Value, Failure: Error>(
        _ patience: Patience, _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let before = self.patience.withLock { current in
            defer { current = patience }
            return current
        }
        defer { self.patience.withLock { $0 = before } }
        return try body()
    }
}

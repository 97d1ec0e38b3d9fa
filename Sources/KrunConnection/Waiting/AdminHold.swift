import Synchronization

/// Says when calls of a cluster's admin client are to end: when somebody wants the end, or when they are not worth waiting for.
package final class AdminHold: Sendable {
    /// Of the thread that asks: steps side by side use one client.
    @TaskLocal private static var ofThisThread: Patience?

    private let interruption: Interruption
    private let patience = Mutex<Patience?>(nil)

    package init(_ interruption: Interruption) {
        self.interruption = interruption
    }

    /// To be looked at by the thread whose call waits.
    package var isOver: Bool {
        interruption.isRequested || (Self.ofThisThread ?? patience.withLock { $0 })?.isOver ?? false
    }

    /// From now on calls end with this patience, whoever makes them.
    package func hold(_ patience: Patience) {
        self.patience.withLock { $0 = patience }
    }

    /// Calls of this thread in the body end with this patience.
    package func with<Value, Failure: Error>(
        _ patience: Patience, _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        // `withValue` rethrows untyped errors; the result carries the typed one across.
        let result = Self.$ofThisThread.withValue(patience) {
            Result { () throws(Failure) in try body() }
        }
        return try result.get()
    }
}

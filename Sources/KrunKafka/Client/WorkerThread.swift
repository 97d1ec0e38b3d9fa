/// A thread of our own for calls that block; never on the cooperative pool.
public final class WorkerThread: Sendable {
    /// Starts a thread that runs `body` once. The name is for debuggers; systems cut it short (15 bytes on Linux).
    public init(name: String, body: @escaping @Sendable () -> Void) {
        fatalError("not built yet")
    }

    /// Blocks until the body has returned; must be called once, and not from the thread itself.
    public func join() {
        fatalError("not built yet")
    }
}

import KrunDiagnostics
import KrunKafka
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A thread that comes to a result.
final class ResultThread<Result: Sendable>: Sendable {
    private final class Box: Sendable {
        let result = Mutex<Result?>(nil)
    }

    private let box: Box
    private let thread: WorkerThread

    /// - Throws: a `Diagnostic` when the system gives no thread.
    init(name: String, body: @escaping @Sendable () -> Result) throws(Diagnostic) {
        let box = Box()
        self.box = box
        do {
            thread = try WorkerThread(name: name) {
                let result = body()
                box.result.withLock { $0 = result }
            }
        } catch {
            throw Diagnostic(.runtime, "the system gives no thread", notes: [error.reason])
        }
    }

    /// Blocks until it has ended; must be called once.
    func join() -> Result {
        thread.join()
        return box.result.withLock { $0! }
    }
}

/// Waiting for nothing but time, on a thread of our own.
enum Pause {
    /// Blocks for so long, below a second.
    static func block(_ duration: Duration) {
        usleep(UInt32(max(0, min(999_999, duration / .microseconds(1)))))
    }
}

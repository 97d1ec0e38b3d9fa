internal import CKrunShims
internal import Dispatch
internal import Synchronization

#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A thread of our own for calls that block; never on the cooperative pool.
///
/// Whoever starts one joins it, or waits for it as long as it is worth and leaves it: letting it go otherwise is a mistake in the
/// program and ends it.
public final class WorkerThread: Sendable {
    /// What the new thread takes over, and frees.
    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void
        let ended: DispatchSemaphore

        init(name: String, ended: DispatchSemaphore, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.ended = ended
            self.body = body
        }
    }

    /// The thread's handle as a number (on macOS it is a pointer, which must not be shared); nil once it was joined.
    private let handle: Mutex<UInt?>
    private let name: String
    /// Signalled when the body has returned.
    private let ended = DispatchSemaphore(value: 0)

    /// Starts a thread that runs `body` once. The name is for debuggers; systems cut it short (15 bytes on Linux).
    ///
    /// `stackSize` is in bytes; nil leaves it to the system. Throws when the system gives no thread, and then nothing runs.
    public init(
        name: String, stackSize: Int? = nil, body: @escaping @Sendable () -> Void
    ) throws(WorkerThreadError) {
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        pthread_attr_init(attributes)
        defer {
            pthread_attr_destroy(attributes)
            attributes.deallocate()
        }
        let isSizeRefused = stackSize.map { pthread_attr_setstacksize(attributes, $0) != 0 } ?? false
        guard !isSizeRefused else { throw WorkerThreadError(thread: name, code: EINVAL) }
        let start = Unmanaged.passRetained(Start(name: name, ended: ended, body: body))
        #if canImport(Darwin)
            var thread: pthread_t?
            let result = pthread_create(&thread, attributes, runThread, start.toOpaque())
            let number = UInt(bitPattern: thread)
        #else
            var thread = pthread_t()
            let result = pthread_create(&thread, attributes, runThread, start.toOpaque())
            let number = UInt(thread)
        #endif
        guard result == 0 else {
            start.release()
            throw WorkerThreadError(thread: name, code: result)
        }
        self.name = name
        handle = Mutex(number)
    }

    deinit {
        handle.withLock { precondition($0 == nil, "thread \(name) was not joined") }
    }

    /// Blocks until the body has returned; must be called once, and not from the thread itself.
    public func join() {
        let taken = handle.withLock { handle in
            defer { handle = nil }
            return handle
        }
        guard let taken else { preconditionFailure("thread \(name) was joined before") }
        #if canImport(Darwin)
            let result = pthread_join(pthread_t(bitPattern: taken)!, nil)
        #else
            let result = pthread_join(pthread_t(taken), nil)
        #endif
        precondition(result == 0, "thread \(name) could not be joined: error \(result)")
    }

    /// Whether the body has returned, after waiting for it so long at most; it is to be joined all the same.
    public func wait(for timeout: Duration) -> Bool {
        guard ended.wait(timeout: .now() + .milliseconds(Int(timeout.timeoutMilliseconds))) == .success else {
            return false
        }
        ended.signal()
        return true
    }

    /// As `join`, but waits so long at most; false when the body still runs. The thread is then left to itself, until the end of the
    /// process if need be.
    public func join(within timeout: Duration) -> Bool {
        if ended.wait(timeout: .now() + .milliseconds(Int(timeout.timeoutMilliseconds))) == .success {
            join()
            return true
        }
        let taken = handle.withLock { handle in
            defer { handle = nil }
            return handle
        }
        guard let taken else { preconditionFailure("thread \(name) was joined before") }
        #if canImport(Darwin)
            pthread_detach(pthread_t(bitPattern: taken)!)
        #else
            pthread_detach(pthread_t(taken))
        #endif
        return false
    }

    fileprivate static func run(_ argument: UnsafeMutableRawPointer) {
        let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        krun_name_this_thread(start.name)
        start.body()
        start.ended.signal()
    }
}

#if canImport(Darwin)
    private nonisolated func runThread(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        WorkerThread.run(argument)
        return nil
    }
#else
    private nonisolated func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        WorkerThread.run(argument!)
        return nil
    }
#endif

/// The system gave no thread: too many of them, or no memory for its stack.
public struct WorkerThreadError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name the thread was to have.
    public let thread: String
    /// The system's error number, most often `EAGAIN`.
    public let code: Int32

    /// The system's text for the code.
    public var reason: String { String(cString: strerror(code)) }

    public var description: String { "starting thread \(thread): \(reason)" }
}

/// A call that blocks inside librdkafka, on a thread of its own so that whoever waits for it can give it up.
enum LongCall {
    private final class Box<Answer: Sendable>: Sendable {
        let answer = Mutex<Result<Answer, KafkaError>?>(nil)
        let isAbandoned = Atomic(false)
    }

    private static let abandoned = Atomic(0)

    /// Whether some that were given up are not over yet.
    static var areAbandoned: Bool { abandoned.load(ordering: .relaxed) > 0 }

    /// - Parameters:
    ///   - look: called every 100 ms; what it throws ends the waiting, and the call goes on alone.
    ///   - body: keeps what it works on.
    static func run<Answer: Sendable>(
        activity: String, look: () throws(KafkaError) -> Void,
        _ body: @escaping @Sendable () throws(KafkaError) -> Answer
    ) throws(KafkaError) -> Answer {
        let box = Box<Answer>()
        let ended = DispatchSemaphore(value: 0)
        let thread: WorkerThread
        do {
            thread = try WorkerThread(name: "krun asks") {
                let answer = Result { () throws(KafkaError) in try body() }
                box.answer.withLock { $0 = answer }
                if box.isAbandoned.exchange(true, ordering: .acquiringAndReleasing) {
                    abandoned.subtract(1, ordering: .relaxed)
                }
                ended.signal()
            }
        } catch {
            throw KafkaError.noThread(activity, reason: error.reason)
        }
        while ended.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
            do {
                try look()
            } catch {
                abandoned.add(1, ordering: .relaxed)
                // Who comes second knows that the other has been here.
                if box.isAbandoned.exchange(true, ordering: .acquiringAndReleasing) {
                    abandoned.subtract(1, ordering: .relaxed)
                }
                _ = thread.join(within: .zero)
                throw error
            }
        }
        thread.join()
        guard let answer = box.answer.withLock({ $0 }) else { preconditionFailure("the call ended without a result") }
        return try answer.get()
    }
}

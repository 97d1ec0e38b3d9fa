internal import Dispatch
internal import Synchronization

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

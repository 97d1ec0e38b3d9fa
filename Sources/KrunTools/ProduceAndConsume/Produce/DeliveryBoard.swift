import Dispatch
import KrunKafka
import Synchronization

/// What the thread that sends and the thread that serves delivery reports tell each other.
final class DeliveryBoard: Sendable {
    /// A message that librdkafka did not take.
    struct Refusal: Sendable {
        var number: Int
        var partition: Int32
        var key: [UInt8]?
        var value: [UInt8]?
        var headers: [RecordHeader]
        var timestamp: Int64?
        var name: String
        var reason: String

        /// What it takes up, nearly.
        var size: Int {
            headers.reduce(200 + (key?.count ?? 0) + (value?.count ?? 0)) {
                $0 + $1.key.utf8.count + ($1.value?.count ?? 0)
            }
        }
    }

    private struct Refusals {
        var waiting: [Refusal] = []
        var size = 0
    }

    /// Before more than so many bytes of them wait to be told, the sender waits.
    private static let maximumRefusedBytes = 16 << 20
    /// A sender who waits looks at `mustStop` so often.
    private static let patience: DispatchTimeInterval = .milliseconds(100)

    private let sentCount = Atomic(0)
    private let closed = Atomic(false)
    private let stopping = Atomic(false)
    private let waiting = Atomic(false)
    private let room = DispatchSemaphore(value: 0)
    private let refusals = Mutex(Refusals())

    // MARK: - The sender's side

    /// Notes how many messages librdkafka has taken.
    func setSent(_ count: Int) {
        sentCount.store(count, ordering: .relaxed)
    }

    /// No more messages come.
    func close() {
        closed.store(true, ordering: .releasing)
    }

    /// Whether no more messages should be sent.
    var mustStop: Bool { stopping.load(ordering: .relaxed) }

    /// Blocks until reports were served, or a moment.
    func waitForRoom() {
        waiting.store(true, ordering: .relaxed)
        _ = room.wait(timeout: .now() + Self.patience)
    }

    func refuse(_ refusal: Refusal) {
        let size = refusals.withLock { refusals in
            refusals.waiting.append(refusal)
            refusals.size += refusal.size
            return refusals.size
        }
        if size > Self.maximumRefusedBytes { waitForRoom() }
    }

    // MARK: - The reports' side

    /// How many messages librdkafka has taken so far, and whether that is all.
    var sent: (count: Int, isAll: Bool) {
        let isAll = closed.load(ordering: .acquiring)
        return (sentCount.load(ordering: .relaxed), isAll)
    }

    /// Lets a sender who waits go on.
    func makeRoom() {
        if waiting.exchange(false, ordering: .relaxed) { room.signal() }
    }

    /// Lets the sender stop.
    func stop() {
        stopping.store(true, ordering: .relaxed)
        makeRoom()
    }

    func takeRefusals() -> [Refusal] {
        refusals.withLock { refusals in
            defer { refusals = Refusals() }
            return refusals.waiting
        }
    }
}

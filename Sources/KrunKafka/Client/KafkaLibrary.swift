internal import CKrunShims
internal import CRdKafka
internal import Synchronization

/// The librdkafka that this process runs with.
public enum KafkaLibrary {
    /// Such as `2.0.2`.
    public static var version: String { String(cString: rd_kafka_version_str()) }

    /// Major, minor and revision, such as `[2, 0, 2]`.
    public static var versionNumbers: [Int] {
        let number = Int(rd_kafka_version())
        return [number >> 24 & 0xff, number >> 16 & 0xff, number >> 8 & 0xff]
    }

    /// Gives back to the system what closed clients held: each of their threads had an arena of its own, and those of the
    /// next clients would come on top.
    public static func giveBackFreedMemory() {
        krun_give_back_memory()
    }

    /// From now on clients that are let go are not destroyed: they end with the process, for which it must have left its groups and
    /// flushed its messages.
    ///
    /// For programs that end when their client has done its work.
    public static func keepClientsUntilExit() {
        keepsClients.store(true, ordering: .relaxed)
    }

    /// Whether threads of librdkafka still run for clients that nobody has any more: such a process ends without waiting for anything,
    /// with `_exit`.
    public static var hasClientsLeft: Bool {
        keepsClientsUntilExit || ClientDisposal.isUnfinished || LongCall.areAbandoned
    }

    static var keepsClientsUntilExit: Bool { keepsClients.load(ordering: .relaxed) }

    private static let keepsClients = Atomic(false)
}

/// Destroys clients with a deadline: after brokers were lost librdkafka 2.0 may take a minute for it, or for ever.
///
/// Each is destroyed on a thread of its own. Whoever let it go waits a moment, so that it is gone in the ordinary case; one that
/// takes longer is left to itself, until the end of the process if need be.
enum ClientDisposal {
    /// How long a client is waited for.
    private static let patience = Duration.milliseconds(700)
    /// The same while another is not destroyed that was waited for: it will be no better.
    private static let impatience = Duration.milliseconds(50)

    /// How many are being destroyed.
    private static let unfinished = Atomic(0)
    /// How many of them nobody waits for any more.
    private static let overdue = Atomic(0)

    /// Whether some client is not gone yet, so that its threads run.
    static var isUnfinished: Bool { unfinished.load(ordering: .relaxed) > 0 }

    private enum Progress {
        case running, overdue, ended
    }

    private final class Disposal: Sendable {
        let progress = Mutex(Progress.running)
    }

    /// - Parameter sink: what the client's callbacks end up in; it is kept as long as they may come.
    static func destroy(_ pointer: OpaquePointer, _ sink: ClientSink) {
        let address = UInt(bitPattern: pointer)
        let disposal = Disposal()
        unfinished.add(1, ordering: .relaxed)
        let thread: WorkerThread
        do {
            thread = try WorkerThread(name: "krun destroys") {
                guard let pointer = OpaquePointer(bitPattern: address) else { return }
                // Neither waits for a broker that may never answer: messages are dropped, the group is not told.
                if rd_kafka_type(pointer) == RD_KAFKA_PRODUCER {
                    rd_kafka_purge(pointer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
                }
                rd_kafka_destroy_flags(pointer, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)
                withExtendedLifetime(sink) {}
                unfinished.subtract(1, ordering: .relaxed)
                disposal.progress.withLock { progress in
                    if progress == .overdue { overdue.subtract(1, ordering: .relaxed) }
                    progress = .ended
                }
            }
        } catch {
            // Without a thread it is left as it is; its threads go on calling back.
            _ = Unmanaged.passRetained(sink)
            return
        }
        let isHopeless = overdue.load(ordering: .relaxed) > 0
        guard !thread.join(within: isHopeless ? impatience : patience) else { return }
        disposal.progress.withLock { progress in
            guard progress == .running else { return }
            progress = .overdue
            overdue.add(1, ordering: .relaxed)
        }
    }
}

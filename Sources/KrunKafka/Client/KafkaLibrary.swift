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
    public static func leaveClientsToTheEnd() {
        leavesClients.store(true, ordering: .relaxed)
    }

    /// Whether threads of librdkafka still run for clients that nobody has any more: such a process ends without waiting for anything,
    /// with `_exit`.
    public static var hasClientsLeft: Bool {
        isLeavingClients || ClientDisposal.isUnfinished || LongCall.areAbandoned
    }

    static var isLeavingClients: Bool { leavesClients.load(ordering: .relaxed) }

    private static let leavesClients = Atomic(false)
}

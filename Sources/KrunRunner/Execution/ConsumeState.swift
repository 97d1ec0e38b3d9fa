import Dispatch
import KrunChecks
import KrunKafka
import Synchronization

/// What the members of a `consume` step and the step itself share.
final class ConsumeState: Sendable {
    enum Phase {
        /// Members join; partitions are paused.
        case joining
        case reading
        /// Members that own partitions commit where they stand.
        case committing
        /// Members read no more for the step: they leave the group, or remain in it and read nothing.
        case over
    }

    struct Shared {
        var phase: Phase
        var group: GroupProgress
        var progress: ReadingProgress
        /// What is asked of single records; nil where nothing is.
        var records: RecordWatch?
        /// When reading began; nil before.
        var readingBegan: ContinuousClock.Instant?
        /// How many had been read at the end, where the step settles; nil before that.
        var messagesAtEnd: Int?
        /// When the last record came; the beginning of reading before that.
        var lastRecord: ContinuousClock.Instant = .now
        /// Those that the coordinator gave the members.
        var memberIDs: Set<String> = []
        /// Members that have done what `committing` asks of them.
        var committedMembers: Set<Int> = []
        /// Members that remain in the group and read no more.
        var returnedMembers: Set<Int> = []
        /// When the budget of reading runs out; nil before reading began.
        var budgetEnd: ContinuousClock.Instant?
        var error: KafkaError?
        /// By topic and partition: what a member of this step committed last; nil where none did.
        var committed: [[Int64?]]

        /// Partitions were added to a topic: there are so many now.
        mutating func grow(topic: Int, to count: Int) {
            progress.grow(topic: topic, to: count)
            committed[topic] += Array(repeating: nil, count: max(0, count - committed[topic].count))
        }
    }

    private let shared: Mutex<Shared>
    private let changed = DispatchSemaphore(value: 0)

    init(group: GroupProgress, progress: ReadingProgress, phase: Phase) {
        let committed = progress.starts.map { $0.map { _ in Int64?.none } }
        shared = Mutex(Shared(phase: phase, group: group, progress: progress, committed: committed))
    }

    func withLock<Result: Sendable>(_ body: (inout sending Shared) -> sending Result) -> Result {
        shared.withLock(body)
    }

    /// The member has left its group, or ended.
    func left(_ member: Int) {
        shared.withLock { $0.group.left(member: member) }
        notify()
    }

    /// The member reads no more for the step, and remains in its group.
    func returned(_ member: Int) {
        shared.withLock { _ = $0.returnedMembers.insert(member) }
        notify()
    }

    var phase: Phase { shared.withLock { $0.phase } }

    /// Tells the step to look again.
    func notify() {
        changed.signal()
    }

    /// Waits for `notify`, for at most a short while.
    func waitForChange() {
        _ = changed.wait(timeout: .now() + .milliseconds(50))
    }

    func fail(_ error: KafkaError) {
        shared.withLock { $0.error = $0.error ?? error }
        notify()
    }
}

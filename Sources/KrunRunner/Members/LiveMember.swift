import Dispatch
import KrunConnection
import KrunKafka
import KrunOutcome
import Synchronization

/// One consumer on a thread of its own, as whoever tells it what to do has it: a member of a group that outlives steps or ends with one,
/// or the only reader without a group.
///
/// It is alive while it reads nothing: it polls, heartbeats and takes part in rebalances. What it is told it does between two polls.
final class LiveMember: Sendable {
    /// How it ends.
    enum Ending: Sendable {
        /// It closes its consumer, which tells the group; a static member's does not.
        case leave
        /// Its consumer is dropped: the group hears nothing.
        case crash
    }

    /// What it has been told and has not done yet.
    struct Mailbox: Sendable {
        var reading: ReadingTask?
        var stall: Duration?
        var requests: [PositionRequest] = []
        var ending: Ending?
    }

    let name: String
    private let mailbox: Mutex<Mailbox>
    private let woken = DispatchSemaphore(value: 0)
    private let thread = Mutex<WorkerThread?>(nil)
    private let isGivenUp = Atomic(false)

    private init(name: String, reading: ReadingTask?) {
        self.name = name
        mailbox = Mutex(Mailbox(reading: reading))
    }

    /// Starts the member, which joins its group at once.
    ///
    /// - Parameter reading: what it reads from the beginning; nil: nothing.
    /// - Throws: when the system gives no thread; then nothing was started.
    static func start(_ settings: MemberSettings, reading: ReadingTask? = nil) throws(WorkerThreadError) -> LiveMember {
        let member = LiveMember(name: settings.name, reading: reading)
        let started = try WorkerThread(name: "krun member \(settings.name)") { MemberThread.run(settings, member) }
        member.thread.withLock { $0 = started }
        return member
    }

    // MARK: - For whoever tells it

    func read(_ task: ReadingTask) { mailbox.withLock { $0.reading = task } }

    /// It does not poll for so long from now on.
    func stall(for duration: Duration) { mailbox.withLock { $0.stall = duration } }

    /// Where it stands, and what its coordinator knows it by; answered between two of its polls, once it knows what it owns.
    ///
    /// - Throws: when it does not answer in time.
    func position(within patience: Patience) throws(KafkaError) -> MemberPosition {
        let request = PositionRequest()
        mailbox.withLock { $0.requests.append(request) }
        while true {
            if let position = request.wait() { return position }
            if patience.isOver || isEnding { throw .unanswered("asking member \(name) where it stands") }
        }
    }

    /// It ends; the first time counts.
    func end(_ ending: Ending) {
        mailbox.withLock { $0.ending = $0.ending ?? ending }
        woken.signal()
    }

    /// Waits for its end; one that does not come back from librdkafka is left there.
    func join(within patience: Patience) {
        let thread = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        guard let thread else { return }
        // When it is over for the member, too, its client is given a moment to be destroyed.
        while !patience.isOverOrHurried, !thread.wait(for: .milliseconds(100)) {}
        _ = thread.join(within: .seconds(1))
    }

    // MARK: - For its thread

    var isEnding: Bool { mailbox.withLock { $0.ending != nil } }
    var ending: Ending? { mailbox.withLock { $0.ending } }

    /// What it was told last, each once, but for the end.
    func takeOrders() -> Mailbox {
        mailbox.withLock { box in
            defer { (box.reading, box.stall) = (nil, nil) }
            return box
        }
    }

    func takeStall() -> Duration? {
        mailbox.withLock { box in
            defer { box.stall = nil }
            return box.stall
        }
    }

    func takeRequests() -> [PositionRequest] {
        mailbox.withLock { box in
            defer { box.requests = [] }
            return box.requests
        }
    }

    /// Does nothing for so long, or until it is to end.
    func sleep(_ duration: Duration) {
        guard !isEnding else { return }
        _ = woken.wait(timeout: .now() + .nanoseconds(Int(duration / .nanoseconds(1))))
    }
}

/// Where a member stands in the partitions that it owns and has read, and what its coordinator knows it by.
struct MemberPosition: Sendable {
    let metadata: GroupMetadata
    let offsets: [TopicPartitionOffset]
}

/// A question to a member, with room for its answer.
final class PositionRequest: Sendable {
    private let position = Mutex<MemberPosition?>(nil)
    private let answered = DispatchSemaphore(value: 0)

    func answer(_ position: MemberPosition) {
        self.position.withLock { $0 = position }
        answered.signal()
    }

    /// Waits for a short while; nil when there is no answer yet.
    func wait() -> MemberPosition? {
        _ = answered.wait(timeout: .now() + .milliseconds(50))
        return position.withLock { $0 }
    }
}

/// What a member is: its client, and the group it belongs to.
struct MemberSettings: Sendable {
    let name: String
    /// The names on the broker that it subscribes to; none without a group.
    let topics: [String]
    /// How many partitions each of them has.
    let partitionCounts: [Int]
    let isStatic: Bool
    let properties: ClientProperties
    let log: ClientLog
    let interruption: Interruption
    let watch: ClusterWatch?
    /// When topics have changed.
    let topicNews: TopicNews
    /// How many partitions a topic has by now, by its name on the broker.
    let partitionCount: @Sendable (String) -> Int?
    /// Is told what it owns; nil for one that ends with its step.
    let group: LiveGroup?
    /// Tells what happens to it; nil where nobody listens.
    let events: EventTeller?
    /// As it is told who it is.
    let identity: RunEvent.Member
    /// Is told the id that the coordinator gave it.
    let remember: @Sendable (String) -> Void

    var isInGroup: Bool { !topics.isEmpty }

    /// After which the group does without a member that says nothing, as librdkafka has it where nobody sets it.
    var sessionTimeout: Duration {
        .milliseconds(properties["session.timeout.ms"].flatMap { Int($0) } ?? 45_000)
    }

    /// How long it may go without polling, as librdkafka has it where nobody sets it.
    var pollInterval: Duration {
        .milliseconds(properties["max.poll.interval.ms"].flatMap { Int($0) } ?? 300_000)
    }

    func patience(_ budget: Duration, earliest: ContinuousClock.Instant? = nil) -> Patience {
        Patience(budget: budget, earliest: earliest, watch: watch, interruption: interruption)
    }
}

import Dispatch
import KrunChecks
import KrunConnection
import KrunKafka
import KrunOutcome
import KrunScenario
import Synchronization

/// A group of the scenario's, over all steps: its members that are alive, what they own, and what reads with them.
final class LiveGroup: Sendable {
    /// How members join it, as the last step that said so has it.
    struct Joining: Sendable {
        /// The names in the file.
        var topics: [String] = []
        var assignor: ConsumeStep.Assignor?
        var isStatic = false
        var isolation = ConsumeStep.Isolation.readUncommitted
        var client: [ClientProperty] = []
    }

    private struct State {
        var roster = GroupRoster()
        /// In the order in which they came.
        var live: [LiveMember] = []
        /// Those that have ended, or were told to.
        var ended: [LiveMember] = []
        var joining = Joining()
        /// Where members stand that read in an earlier step, in what they still own.
        var positions: [TopicPartition: Int64] = [:]
        /// What reads with the members just now.
        var session: ReadingSession?
        var error: KafkaError?
    }

    /// The name in the file.
    let name: String
    /// Who owned what, judged whichever step is on.
    let ledger = GroupLedger()
    /// Names on the broker → names in the file.
    private let topicNames: @Sendable (String) -> String
    private let state = Mutex(State())
    private let changed = DispatchSemaphore(value: 0)
    /// How many steps change who is in it just now.
    private let changes = Atomic(0)

    init(name: String, topicNames: @escaping @Sendable (String) -> String) {
        self.name = name
        self.topicNames = topicNames
    }

    // MARK: - For steps

    /// Those that are alive and were not told to end.
    var members: [LiveMember] { state.withLock { $0.live } }
    var joining: Joining { state.withLock { $0.joining } }
    var roster: GroupRoster { state.withLock { $0.roster } }
    var positions: [TopicPartition: Int64] { state.withLock { $0.positions } }

    /// Partitions that the group keeps for members that are away, with their names.
    var kept: [TopicPartition: String] {
        roster.away.reduce(into: [:]) { kept, member in
            for partition in member.owned { kept[partition] = member.name }
        }
    }

    func joins(as joining: Joining) { state.withLock { $0.joining = joining } }

    /// Starts a member; what reads with the others just now reads with it, too.
    ///
    /// - Parameter reading: what it reads from the beginning, made for whoever begins to read with all members.
    /// - Throws: when the system gives no thread.
    func start(_ settings: MemberSettings, reading: ReadingTask? = nil) throws(WorkerThreadError) {
        let partitions = Set(
            zip(settings.topics, settings.partitionCounts).flatMap { topic, count in
                (0..<Int32(count)).map { TopicPartition(topic, $0) }
            })
        let session = state.withLock { state in
            state.roster.join(settings.name, topics: settings.topics, partitions: partitions)
            return state.session
        }
        do throws(WorkerThreadError) {
            let member = try LiveMember.start(settings, reading: reading ?? session?.enlist(settings.name))
            state.withLock { $0.live.append(member) }
        } catch {
            state.withLock { $0.roster.left(settings.name, isAway: false) }
            throw error
        }
    }

    /// Tells a member to end; it is none of those that are alive from now on.
    func end(_ name: String, _ ending: LiveMember.Ending) {
        let member = state.withLock { state -> LiveMember? in
            guard let index = state.live.firstIndex(where: { $0.name == name }) else { return nil }
            let member = state.live.remove(at: index)
            state.ended.append(member)
            return member
        }
        member?.end(ending)
    }

    /// Waits for those that were told to end.
    func joinEnded(within patience: Patience) {
        let ended = state.withLock { state in
            defer { state.ended = [] }
            return state.ended
        }
        for member in ended { member.join(within: patience) }
    }

    /// Lets this read with all members; false where something else does already.
    func begin(_ session: ReadingSession) -> Bool {
        state.withLock { state in
            guard state.session == nil else { return false }
            state.session = session
            return true
        }
    }

    func endSession() { state.withLock { $0.session = nil } }

    func update<Result>(_ body: (inout GroupRoster) -> Result) -> Result { state.withLock { body(&$0.roster) } }

    /// How many partitions a topic has from now on, by its name on the broker; 0 for one that is not there any more.
    func topicHas(_ topic: String, partitions: Int) {
        report { state in
            state.roster.topicHas(topic, partitions: partitions)
            state.positions = state.positions.filter { $0.key.topic != topic || $0.key.partition < partitions }
        }
    }

    /// What a member met that it cannot recover from; nil where none did.
    var error: KafkaError? { state.withLock { $0.error } }

    /// The same, and it is forgotten.
    func takeError() -> KafkaError? {
        state.withLock { state in
            defer { state.error = nil }
            return state.error
        }
    }

    /// While the body runs members look often whether they are to rejoin.
    func whileChanging<Result>(_ body: () throws(RunStop) -> Result) throws(RunStop) -> Result {
        changes.add(1, ordering: .relaxed)
        defer { changes.subtract(1, ordering: .relaxed) }
        return try body()
    }

    /// Waits until a member has reported something, for at most a short while.
    func waitForChange() { _ = changed.wait(timeout: .now() + .milliseconds(20)) }

    /// The partition by the name in the file.
    func place(_ partition: TopicPartition) -> GroupLedger.Place {
        GroupLedger.Place(topicNames(partition.topic), partition.partition)
    }

    /// The same, sorted.
    func places(_ partitions: some Sequence<TopicPartition>) -> [GroupLedger.Place] {
        partitions.map { place($0) }.sorted()
    }

    // MARK: - For members

    /// How long a poll of a member that reads nothing may last, and with it how late it notices that it is told something: longer for
    /// many, which share the processors.
    var patience: Duration { .milliseconds(min(100, max(10, state.withLock { $0.live.count }))) }

    /// Whether somebody comes or goes, so that a rebalance is to be heard of soon.
    var isChanging: Bool { changes.load(ordering: .relaxed) > 0 }

    func assigned(_ name: String, _ partitions: [TopicPartition], generation: Int32?, id: String?) {
        ledger.assigned(name, places(partitions))
        report { $0.roster.assigned(name, partitions, generation: generation, id: id) }
    }

    func revoked(_ name: String, _ partitions: [TopicPartition], isLeaving: Bool, isAway: Bool) {
        ledger.revoked(name, places(partitions))
        report { state in
            state.roster.revoked(name, partitions, isLeaving: isLeaving, isAway: isAway)
            for partition in partitions { state.positions[partition] = nil }
        }
    }

    /// Its ownership is not to be counted on for now.
    func suspended(_ name: String, _ partitions: [TopicPartition]) {
        ledger.revoked(name, places(partitions))
    }

    func resumed(_ name: String, _ partitions: [TopicPartition]) {
        ledger.assigned(name, places(partitions))
    }

    func stalled(_ name: String, _ isStalled: Bool, isLost: Bool = false) {
        report { $0.roster.stalled(name, isStalled, isLost: isLost) }
    }

    /// It reads no more, and goes on from there when it reads again.
    func stopped(_ name: String, at positions: [(TopicPartition, Int64)]) {
        report { state in
            for (partition, position) in positions { state.positions[partition] = position }
        }
    }

    func left(_ name: String, isAway: Bool) {
        ledger.gone(name)
        report { state in
            if let owned = state.roster.members.first(where: { $0.name == name })?.owned {
                for partition in owned { state.positions[partition] = nil }
            }
            state.roster.left(name, isAway: isAway)
            guard let index = state.live.firstIndex(where: { $0.name == name }) else { return }
            state.ended.append(state.live.remove(at: index))
        }
    }

    func trespassed(_ name: String, _ record: ConsumedRecord, of topics: [String]) {
        ledger.trespassed(
            name, GroupLedger.Place(topicNames(topics[record.topicIndex]), record.partition), offset: record.offset)
    }

    func fail(_ error: KafkaError) { report { $0.error = $0.error ?? error } }

    private func report(_ body: (inout State) -> Void) {
        state.withLock { body(&$0) }
        changed.signal()
    }
}

/// What reads with the members of a group just now: a consume step.
final class ReadingSession: Sendable {
    private let state: ConsumeState
    private let ledger: ConsumeLedger
    /// What the member with that number is to read.
    let task: @Sendable (Int) -> ReadingTask

    init(state: ConsumeState, ledger: ConsumeLedger, task: @escaping @Sendable (Int) -> ReadingTask) {
        self.state = state
        self.ledger = ledger
        self.task = task
    }

    /// What a member is to read that comes while the others do; nil when that is over.
    func enlist(_ name: String) -> ReadingTask? {
        let number = state.withLock { [ledger] shared -> Int? in
            guard shared.phase == .joining || shared.phase == .reading else { return nil }
            let number = ledger.join(name)
            _ = shared.group.join()
            return number
        }
        guard let number else { return nil }
        var task = task(number)
        // It has none of the names that the step began with.
        task.reader.name = name
        return task
    }
}

import Synchronization

/// What happened in a scenario, event by event, for somebody who reads it as a story: bounded, with a count of what is left out.
public struct Story: Hashable, Sendable {
    /// Something that happened, with what can be said of it only by who has heard of all that was before.
    public struct Turn: Hashable, Sendable {
        public var event: RunEvent
        /// Of a member that is assigned something, or nothing: what it had before and still has. Of one that stays away: what its group
        /// keeps for it. Sorted.
        public var kept: [RunEvent.Partition] = []
    }

    /// What happened in one of the scenario's own steps, also in those within it.
    public struct Scene: Hashable, Sendable {
        public var number: Int
        /// In the order in which they happened.
        public var events: [Turn] = []
        /// How many records were sent, and read, beyond those.
        public var omittedSent = 0
        public var omittedRead = 0
        /// How many other things happened beyond those.
        public var omittedOthers = 0
        /// How the partitions stood when it ended, where that had changed.
        public var lanes: [Lane] = []
        /// What happened when it was over, before the next one began or the run ended: members that leave their groups.
        public var afterwards: [Turn] = []
        /// How many things happened then beyond those.
        public var omittedAfterwards = 0

        init(number: Int) { self.number = number }
    }

    /// A partition at some moment.
    public struct Lane: Hashable, Sendable {
        public struct Entry: Hashable, Sendable {
            public var offset: Int64
            public var key: [UInt8]?
            /// Which one of the partition's it is, in the order in which they became known.
            var number: Int
        }

        /// Where a group stands in it.
        public struct Group: Hashable, Sendable {
            public var name: String
            /// Who owns it; nil for nobody.
            public var owner: String?
            /// nil where nothing is committed.
            public var committed: Int64?
        }

        public var partition: RunEvent.Partition
        /// The last records of it, by offset.
        public var last: [Entry] = []
        /// How many are known to stand in it: acknowledged, or read.
        public var count = 0
        /// In the order of their names.
        public var groups: [Group] = []
    }

    public var scenes: [Scene] = []
    /// What happened before the first step: topics that are made.
    public var beforehand: [Turn] = []
}

/// Makes a story of events.
public final class StoryRecorder: Sendable {
    /// How many records a step's scene tells of one by one, each of those sent and of those read.
    static let recordLimit = 24
    static let otherLimit = 60
    static let laneLength = 40
    static let laneLimit = 24

    private struct State {
        var story = Story()
        var lanes: [RunEvent.Partition: Story.Lane] = [:]
        var known: [RunEvent.Partition: KnownRecords] = [:]
        /// In the order in which topics came.
        var topics: [String] = []
        var groups: [RunEvent.Partition: [String: Story.Lane.Group]] = [:]
        /// What each member of a group has.
        var owned: [RunEvent.Member: Set<RunEvent.Partition>] = [:]
        /// What each gave up last, until it is assigned something again.
        var givenUp: [RunEvent.Member: Set<RunEvent.Partition>] = [:]
        var shown: [Story.Lane] = []
        var sent = 0
        var read = 0
        var others = 0
        /// Whether the last scene's step has ended.
        var isOver = false
    }

    private let state = Mutex(State())

    public init() {}

    public var story: Story { state.withLock { $0.story } }

    public func note(_ event: RunEvent) { state.withLock { Self.note(event, in: &$0) } }

    private static func note(_ event: RunEvent, in state: inout State) {
        let turn = Story.Turn(event: event, kept: kept(at: event.kind, state).sorted())
        follow(event, in: &state)
        guard let number = event.step?.numbers.first else {
            return noteElsewhere(turn, in: &state)
        }
        if event.step?.numbers.count == 1, case .stepStarted = event.kind {
            state.story.scenes.append(.init(number: number))
            (state.sent, state.read, state.others, state.isOver) = (0, 0, 0, false)
            return
        }
        guard let scene = state.story.scenes.indices.last, state.story.scenes[scene].number == number else { return }
        if event.step?.numbers.count == 1, case .stepEnded = event.kind {
            (state.others, state.isOver) = (0, true)
            let lanes = Self.lanes(of: state)
            if lanes != state.shown {
                state.story.scenes[scene].lanes = lanes
                state.shown = lanes
            }
            return
        }
        keep(turn, in: scene, &state)
    }

    private static func noteElsewhere(_ turn: Story.Turn, in state: inout State) {
        guard let scene = state.story.scenes.indices.last else {
            if state.story.beforehand.count < otherLimit { state.story.beforehand.append(turn) }
            return
        }
        // By members that outlive the step that started them.
        keep(turn, in: scene, &state)
    }

    private static func keep(_ turn: Story.Turn, in scene: Int, _ state: inout State) {
        if state.isOver { return keepOther(turn, in: scene, \.afterwards, \.omittedAfterwards, &state) }
        switch turn.event.kind {
        case .stepEnded: return
        case .sent, .notSent:
            state.sent += 1
            guard state.sent <= recordLimit else {
                state.story.scenes[scene].omittedSent += 1
                return
            }
        case .read:
            state.read += 1
            guard state.read <= recordLimit else {
                state.story.scenes[scene].omittedRead += 1
                return
            }
        case .topic, .stepStarted, .assigned, .revoked, .ended, .committed, .transactionEnded, .fault:
            return keepOther(turn, in: scene, \.events, \.omittedOthers, &state)
        }
        state.story.scenes[scene].events.append(turn)
    }

    private static func keepOther(
        _ turn: Story.Turn, in scene: Int, _ turns: WritableKeyPath<Story.Scene, [Story.Turn]>,
        _ omitted: WritableKeyPath<Story.Scene, Int>, _ state: inout State
    ) {
        let told = state.story.scenes[scene][keyPath: turns]
        // What a member lets go of when it stays away waits for it: nobody gets it.
        if case .ended(let member, _, isAway: true) = turn.event.kind,
            let last = told.lastIndex(where: { $0.event.kind.member == member }),
            case .revoked(_, _, isLost: false) = told[last].event.kind
        {
            state.story.scenes[scene][keyPath: turns][last] = turn
            return
        }
        state.others += 1
        if state.others <= otherLimit {
            state.story.scenes[scene][keyPath: turns].append(turn)
        } else {
            state.story.scenes[scene][keyPath: omitted] += 1
        }
    }

    /// What a member has besides what the event says.
    private static func kept(at kind: RunEvent.Kind, _ state: State) -> Set<RunEvent.Partition> {
        switch kind {
        case .assigned(let member, let partitions): (state.owned[member] ?? []).subtracting(partitions)
        case .ended(let member, _, isAway: true): state.givenUp[member] ?? []
        default: []
        }
    }

    /// Keeps track of how the partitions stand.
    private static func follow(_ event: RunEvent, in state: inout State) {
        switch event.kind {
        case .topic(let name, let partitions):
            if !state.topics.contains(name) { state.topics.append(name) }
            if partitions == 0 {
                state.lanes = state.lanes.filter { $0.key.topic != name }
                state.known = state.known.filter { $0.key.topic != name }
                state.groups = state.groups.filter { $0.key.topic != name }
                state.owned = state.owned.mapValues { $0.filter { $0.topic != name } }
            }
            for number in 0..<Int32(clamping: min(partitions, 10 * laneLimit)) {
                let partition = RunEvent.Partition(name, number)
                if state.lanes[partition] == nil { state.lanes[partition] = .init(partition: partition) }
            }
        case .sent(let record, _):
            let partition = RunEvent.Partition(record.topic, record.partition)
            note(record, state.known[partition, default: .init()].noteSent(record), in: partition, &state)
        case .read(let record, _):
            let partition = RunEvent.Partition(record.topic, record.partition)
            note(record, state.known[partition, default: .init()].noteRead(record), in: partition, &state)
        case .assigned(let member, let partitions):
            guard let group = member.group else { return }
            state.owned[member, default: []].formUnion(partitions)
            state.givenUp[member] = nil
            for partition in partitions {
                state.groups[partition, default: [:]][group, default: .init(name: group)].owner = member.name ?? ""
            }
        case .revoked(let member, let partitions, _):
            guard let group = member.group else { return }
            state.owned[member]?.subtract(partitions)
            state.givenUp[member] = Set(partitions)
            for partition in partitions where state.groups[partition]?[group]?.owner == member.name {
                state.groups[partition]?[group]?.owner = nil
            }
        case .ended(let member, _, _):
            guard let group = member.group else { return }
            (state.owned[member], state.givenUp[member]) = (nil, nil)
            for partition in state.groups.keys where state.groups[partition]?[group]?.owner == member.name {
                state.groups[partition]?[group]?.owner = nil
            }
        case .committed(let member, let offsets):
            guard let group = member.group else { return }
            for (partition, offset) in offsets {
                state.groups[partition, default: [:]][group, default: .init(name: group)].committed = offset
            }
        case .stepStarted, .stepEnded, .notSent, .transactionEnded, .fault: return
        }
    }

    private static func note(
        _ record: RecordOutcome, _ news: KnownRecords.News, in partition: RunEvent.Partition, _ state: inout State
    ) {
        switch news {
        case .new(let number):
            state.lanes[partition, default: .init(partition: partition)].count += 1
            state.lanes[partition]?.last.append(.init(offset: record.offset, key: record.key, number: number))
            if state.lanes[partition]!.last.count > 2 * laneLength {
                state.lanes[partition]?.last.removeFirst(laneLength)
            }
        case .placed(let number):
            guard let index = state.lanes[partition]?.last.firstIndex(where: { $0.number == number }) else { return }
            state.lanes[partition]?.last[index].offset = record.offset
        case .acknowledged, .known: return
        }
    }

    private static func lanes(of state: State) -> [Story.Lane] {
        let order = Dictionary(state.topics.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        return state.lanes.values
            .sorted {
                (order[$0.partition.topic] ?? .max, $0.partition.number)
                    < (order[$1.partition.topic] ?? .max, $1.partition.number)
            }
            .map { lane in
                var lane = lane
                lane.last = Array(lane.last.sorted { $0.offset < $1.offset }.suffix(laneLength))
                lane.groups = (state.groups[lane.partition] ?? [:]).values.sorted { $0.name < $1.name }
                    .filter { $0.owner != nil || $0.committed != nil }
                return lane
            }
    }
}

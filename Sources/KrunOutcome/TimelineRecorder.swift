import Synchronization

/// Makes a timeline of events, with a bound on what it keeps of them.
public final class TimelineRecorder: Sendable {
    /// How many records are kept one by one, over all partitions.
    public static let recordLimit = 100_000
    /// Of how many the values are kept, how much of each, and how many bytes of all together.
    static let valueLimit = 10_000
    static let valueLength = 200
    static let valueBytes = 1 << 20
    static let keyLimit = 1_000
    static let keyLength = 80
    static let portionSize = 1_000
    static let portionLimit = 2_000
    /// How many points of a group's progress in a partition are kept.
    static let pointLimit = 2_000
    static let markLimit = 200
    static let spanLimit = 10_000

    private struct LaneKey: Hashable {
        let topic: String
        let partition: Int32
    }

    private struct ReaderKey: Hashable {
        let group: String?
        let lane: LaneKey
    }

    private struct State {
        var timeline = Timeline()
        var lanes: [LaneKey: Int] = [:]
        /// Beside the timeline's lanes.
        var known: [KnownRecords] = []
        /// In the order in which topics came.
        var topics: [String] = []
        var keys: [[UInt8]: Int32] = [:]
        var steps: [StepPath: Int] = [:]
        var records = 0
        var valueBytes = 0
        var reads: [ReaderKey: Int] = [:]
        var commits: [ReaderKey: Int] = [:]
        /// Faults that end with the step after them: they strike so many times.
        var passing: [Int] = []
    }

    private let state = Mutex(State())

    public init() {}

    /// What was noted so far, as if it were over.
    public func timeline(duration: Duration) -> Timeline {
        state.withLock { state in
            var timeline = state.timeline
            timeline.duration = duration.microseconds
            let order = Dictionary(state.topics.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
            timeline.lanes.sort { (order[$0.topic] ?? 0, $0.partition) < (order[$1.topic] ?? 0, $1.partition) }
            return timeline
        }
    }

    public func note(_ event: RunEvent) {
        state.withLock { Self.note(event, in: &$0) }
    }

    private static func note(_ event: RunEvent, in state: inout State) {
        let at = event.time.microseconds
        switch event.kind {
        case .topic(let name, let partitions):
            if partitions == 0 {
                mark(at, "topic \(name) is deleted", in: &state)
                for (key, index) in state.lanes where key.topic == name { state.known[index].startAnew() }
            }
            for partition in 0..<Int32(clamping: partitions) {
                _ = lane(.init(topic: name, partition: partition), at, in: &state)
            }
        case .stepStarted(let title, _):
            guard let path = event.step, state.timeline.steps.count < spanLimit else { return }
            state.steps[path] = state.timeline.steps.count
            state.timeline.steps.append(.init(path: path.description, title: title, from: at, to: nil))
        case .stepEnded:
            guard let path = event.step, let index = state.steps[path] else { return }
            state.timeline.steps[index].to = at
            // Not with its own.
            let ended = state.passing.filter { state.timeline.faults[$0].from < state.timeline.steps[index].from }
            for fault in ended { state.timeline.faults[fault].to = at }
            state.passing.removeAll { ended.contains($0) }
        case .sent(let record, _): noteSent(record, at, event.step, in: &state)
        case .notSent(let record, let error):
            mark(at, "\(error): a message to \(record.topic) is not acknowledged", in: &state)
        case .read(let record, let member):
            noteRead(record, at, in: &state)
            let key = ReaderKey(group: member.group, lane: .init(topic: record.topic, partition: record.partition))
            advance(&state.timeline.reads, &state.reads, key, at, record.offset + 1)
        case .assigned(let member, let partitions):
            for partition in partitions where state.timeline.ownerships.count < spanLimit {
                state.timeline.ownerships.append(
                    .init(
                        group: member.group, member: member.name ?? "", topic: partition.topic,
                        partition: partition.number, from: at))
            }
        case .revoked(let member, let partitions, _):
            end(member, Set(partitions), at, in: &state)
        case .ended(let member, let hasCrashed, _):
            end(member, nil, at, hasCrashed: hasCrashed, in: &state)
        case .committed(let member, let offsets):
            for (partition, offset) in offsets {
                let key = ReaderKey(
                    group: member.group, lane: .init(topic: partition.topic, partition: partition.number))
                advance(&state.timeline.commits, &state.commits, key, at, offset)
            }
        case .transactionEnded(let producer, let isCommit):
            mark(at, RunEvent.sentence(ofTransactionBy: producer, isCommit: isCommit), in: &state)
        case .fault(let fault): add(fault, at, in: &state)
        }
    }

    private static func lane(_ key: LaneKey, _ at: Int64, in state: inout State) -> Int {
        if let index = state.lanes[key] { return index }
        if !state.topics.contains(key.topic) { state.topics.append(key.topic) }
        state.lanes[key] = state.timeline.lanes.count
        state.timeline.lanes.append(.init(topic: key.topic, partition: key.partition, from: at))
        state.known.append(KnownRecords())
        return state.timeline.lanes.count - 1
    }

    private static func noteSent(_ record: RecordOutcome, _ at: Int64, _ step: StepPath?, in state: inout State) {
        let index = lane(.init(topic: record.topic, partition: record.partition), at, in: &state)
        let stepIndex = step.flatMap { state.steps[$0] }.map { Int32($0) } ?? -1
        switch state.known[index].noteSent(record) {
        case .new: add(record, at, stepIndex, isAcknowledged: true, to: index, in: &state)
        case .acknowledged(let number):
            // Those beyond are in portions.
            guard number < state.timeline.lanes[index].times.count else { return }
            state.timeline.lanes[index].acknowledged[number] = true
            state.timeline.lanes[index].steps[number] = stepIndex
        case .placed, .known: return
        }
    }

    private static func noteRead(_ record: RecordOutcome, _ at: Int64, in state: inout State) {
        let index = lane(.init(topic: record.topic, partition: record.partition), at, in: &state)
        switch state.known[index].noteRead(record) {
        case .new: add(record, at, -1, isAcknowledged: false, to: index, in: &state)
        case .placed(let number):
            guard number < state.timeline.lanes[index].times.count else { return }
            state.timeline.lanes[index].offsets[number] = record.offset
        case .acknowledged, .known: return
        }
    }

    private static func add(
        _ record: RecordOutcome, _ at: Int64, _ stepIndex: Int32, isAcknowledged: Bool, to index: Int,
        in state: inout State
    ) {
        guard state.records < recordLimit else {
            return addToPortion(record.offset, at, &state.timeline.lanes[index].portions)
        }
        state.records += 1
        let key = keyIndex(record.key, in: &state)
        var value: String?
        let keepsValue = state.records <= valueLimit && state.valueBytes < valueBytes
        if keepsValue {
            value = record.value.map { text($0, upTo: valueLength) }
            state.valueBytes += value?.utf8.count ?? 0
        }
        // In place: a copy of the columns for each record would take the square of their number.
        let isWhole = state.timeline.lanes[index].values.count == state.timeline.lanes[index].times.count
        state.timeline.lanes[index].times.append(at)
        state.timeline.lanes[index].offsets.append(record.offset)
        state.timeline.lanes[index].keys.append(key)
        state.timeline.lanes[index].steps.append(stepIndex)
        state.timeline.lanes[index].acknowledged.append(isAcknowledged)
        if keepsValue, isWhole {
            state.timeline.lanes[index].values.append(value)
            state.timeline.lanes[index].timestamps.append(record.timestamp)
        }
    }

    private static func addToPortion(_ offset: Int64, _ at: Int64, _ portions: inout [Timeline.Portion]) {
        let last = portions.count - 1
        if last >= 0, portions[last].count < portionSize || portions.count >= portionLimit {
            portions[last].count += 1
            portions[last].lastOffset = max(offset, portions[last].lastOffset)
            portions[last].to = at
        } else {
            portions.append(.init(count: 1, firstOffset: offset, lastOffset: offset, from: at, to: at))
        }
    }

    private static func keyIndex(_ key: [UInt8]?, in state: inout State) -> Int32 {
        guard let key else { return -1 }
        if let index = state.keys[key] { return index }
        guard state.keys.count < keyLimit else { return -2 }
        let index = Int32(state.keys.count)
        state.keys[key] = index
        state.timeline.keys.append(text(key, upTo: keyLength))
        return index
    }

    /// As text; bytes that are none as hex digits.
    private static func text(_ bytes: [UInt8], upTo length: Int) -> String {
        let part = bytes.prefix(length)
        // Not within a character.
        let whole = bytes.count > length ? part.dropLast(part.reversed().prefix { $0 & 0xC0 == 0x80 }.count + 1) : part
        let isText = String(validating: whole, as: UTF8.self) != nil
        let end = bytes.count > length ? "…" : ""
        if isText { return String(decoding: whole, as: UTF8.self) + end }
        return "0x" + part.prefix(length / 2).map { String(0x100 + Int($0), radix: 16).dropFirst() }.joined()
            + (bytes.count > length / 2 ? "…" : "")
    }

    private static func end(
        _ member: RunEvent.Member, _ partitions: Set<RunEvent.Partition>?, _ at: Int64, hasCrashed: Bool = false,
        in state: inout State
    ) {
        for index in state.timeline.ownerships.indices {
            let ownership = state.timeline.ownerships[index]
            guard ownership.to == nil, ownership.group == member.group, ownership.member == member.name ?? "",
                partitions?.contains(.init(ownership.topic, ownership.partition)) ?? true
            else { continue }
            state.timeline.ownerships[index].to = at
            state.timeline.ownerships[index].hasCrashed = hasCrashed
        }
    }

    /// Notes where a group stands; points that are near each other in time become one where there are many.
    private static func advance(
        _ list: inout [Timeline.Progress], _ indices: inout [ReaderKey: Int], _ key: ReaderKey, _ at: Int64,
        _ offset: Int64
    ) {
        let index: Int
        if let known = indices[key] {
            index = known
        } else {
            index = list.count
            indices[key] = index
            list.append(.init(group: key.group, topic: key.lane.topic, partition: key.lane.partition))
        }
        let last = list[index].times.count - 1
        let isFull = last + 1 >= pointLimit
        if last >= 0, list[index].times[last] + (isFull ? 100_000 : 1_000) > at, list[index].offsets[last] <= offset {
            list[index].offsets[last] = offset
        } else if last + 1 < 2 * pointLimit {
            list[index].times.append(at)
            list[index].offsets.append(offset)
        } else {
            list[index].times[last] = at
            list[index].offsets[last] = offset
        }
    }

    private static func mark(_ at: Int64, _ text: String, in state: inout State) {
        if state.timeline.marks.count < markLimit {
            state.timeline.marks.append(.init(at: at, text: text))
        } else {
            state.timeline.omittedMarks += 1
        }
    }

    private static func add(_ fault: RunEvent.Fault, _ at: Int64, in state: inout State) {
        func end(_ isMeant: (Timeline.Fault) -> Bool) {
            for index in state.timeline.faults.indices
            where (state.timeline.faults[index].to ?? .max) > at && isMeant(state.timeline.faults[index]) {
                state.timeline.faults[index].to = at
            }
        }
        switch fault.kind {
        case "heal": end { fault.heals == nil || $0.kind == fault.heals }
        case "broker-up": end { $0.kind == "broker-down" && $0.sentence.hasPrefix("broker \(fault.broker ?? -1) ") }
        case "move-leader", "move-coordinator": mark(at, fault.sentence, in: &state)
        default:
            guard state.timeline.faults.count < spanLimit else { return }
            if fault.times != nil { state.passing.append(state.timeline.faults.count) }
            state.timeline.faults.append(
                .init(
                    kind: fault.kind, sentence: fault.sentence, from: at,
                    to: fault.lasting.map { at + $0.microseconds }))
        }
    }
}

extension Duration {
    fileprivate var microseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}

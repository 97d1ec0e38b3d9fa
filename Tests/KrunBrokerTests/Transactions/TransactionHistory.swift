import KrunWire
import Testing

@testable import KrunBroker

/// A seeded random history: producers, zombies, lost answers, late markers, deleted topics and time, step by step against a model.
struct TransactionHistory {
    private typealias Producer = TransactionModel.Producer

    private static let expiration = Duration.seconds(20)
    private static let ids = ["t0", "t1", "t2"]

    private var random: UInt64
    private(set) var coordinator: TransactionCoordinator
    private var now = Now(uptime: .zero, wallMilliseconds: 0)
    private var models: [String: TransactionModel] = [:]
    /// Everybody who was ever given a transactional id: most are zombies by now.
    private var producers: [String: [Producer]] = [:]
    /// Every marker that was asked for, written or not.
    private var asked: [TransactionMarkers] = []
    private var nextProducerId: Int64 = 0
    private var begun: [String: Int] = [:]
    private var ended: [String: Int] = [:]
    private var highestEpoch: [Int64: Int16] = [:]
    /// How often each kind of end was seen, so that a history that proves nothing is noticed.
    private(set) var seen: [TransactionEvent.Cause: Int] = [:]

    init(seed: UInt64) {
        random = seed
        coordinator = TransactionCoordinator(
            settings: TransactionSettings(
                maximumTimeoutMilliseconds: 5000,
                idExpirationMilliseconds: Int32(Self.expiration.components.seconds * 1000)))
    }

    /// SplitMix64.
    private mutating func draw(_ bound: Int) -> Int {
        random &+= 0x9E37_79B9_7F4A_7C15
        var z = random
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)) % UInt64(bound))
    }

    mutating func step() throws {
        let id = Self.ids[draw(Self.ids.count)]
        switch draw(100) {
        case 0..<10: try initialize(id, held: nil)
        case 10..<18: try initialize(id, held: somebody(id))
        case 18..<45: try add(id, somebody(id))
        case 45..<50: try addGroup(id, somebody(id))
        case 50..<68: try end(id, somebody(id), commit: draw(3) > 0)
        case 68..<88: try writeMarkers()
        case 88..<90: try forget("topic\(draw(3))")
        case 90..<99: try pass(.milliseconds(draw(1500)))
        default: try pass(.milliseconds(draw(12000)))
        }
        try check(id)
    }

    /// Bumps an epoch until it is exhausted and a new producer id comes.
    mutating func exhaust() throws {
        for _ in 0...Int(Int16.max) + 3 {
            for markers in coordinator.pendingMarkers { try write(markers) }
            try initialize("t0", held: draw(2) == 0 ? nil : models["t0"]?.holder)
        }
        try check("t0")
    }

    /// Mostly who holds the transactional id, else a zombie, else somebody who never was.
    private mutating func somebody(_ id: String) -> Producer {
        if let holder = models[id]?.holder, draw(10) < 7 { return holder }
        if let known = producers[id], !known.isEmpty, draw(10) < 9 {
            // The newest zombies are the ones that matter.
            return known[max(0, known.count - 1 - draw(6))]
        }
        // The epoch after the next one was never used, not even by fencing.
        guard draw(2) == 0, let model = models[id], model.lastEpoch < 32000 else {
            return Producer(id: 1 << 40, epoch: 0)
        }
        return Producer(id: model.producerId, epoch: model.lastEpoch + 2)
    }

    private mutating func initialize(_ id: String, held: Producer?) throws {
        let timeout = Int32(1000 + draw(4000))
        let answer = coordinator.initProducerId(
            transactionalId: id, timeoutMilliseconds: timeout, producerId: held?.id ?? -1,
            producerEpoch: held?.epoch ?? -1, apiVersion: 4, now: now)
        var expected = ErrorCode.none
        if let model = models[id] {
            let admitted = held.map {
                $0.id == model.producerId || ($0.id == model.previousProducerId && $0.epoch >= 32766)
            }
            switch model.phase {
            case _ where admitted == false: expected = .producerFenced
            case .open: expected = .concurrentTransactions
            case .ending: expected = .concurrentTransactions
            case .idle, .ended:
                if let held, held != model.holder, held != model.bumpedFrom { expected = .producerFenced }
            }
        }
        try #require(answer.errorCode == expected)
        if expected == .concurrentTransactions, case .open = models[id]?.phase { try abort(id) }
        try observe(answer.actions)
        guard expected == .none else { return }

        let granted = Producer(id: answer.producerId, epoch: answer.producerEpoch)
        if var model = models[id] {
            if let held, held == model.bumpedFrom, held != model.holder {
                try #require(granted == model.holder)
                model.grant(granted, to: held, timeout: .milliseconds(timeout), at: now.uptime)
            } else {
                let next =
                    model.lastEpoch >= 32766
                    ? Producer(id: nextProducerId, epoch: 0)
                    : Producer(id: model.producerId, epoch: model.lastEpoch + 1)
                try #require(granted == next)
                model.grant(granted, to: held, timeout: .milliseconds(timeout), at: now.uptime)
            }
            models[id] = model
        } else {
            try #require(granted == Producer(id: nextProducerId, epoch: 0))
            models[id] = TransactionModel(
                producerId: granted.id, holder: granted, lastEpoch: 0, previousProducerId: granted.id,
                timeout: .milliseconds(timeout), touched: now.uptime)
        }
        nextProducerId = max(nextProducerId, granted.id + 1)
        if producers[id]?.last != granted { producers[id, default: []].append(granted) }
        // No epoch of a producer id is ever given out twice, but for a repeated answer, or after a higher one.
        try #require(granted.epoch >= highestEpoch[granted.id] ?? -1)
        highestEpoch[granted.id] = granted.epoch
    }

    private mutating func add(_ id: String, _ producer: Producer) throws {
        let partitions = Set(
            (0...draw(3)).map { _ in TransactionPartition(topic: "topic\(draw(3))", partition: Int32(draw(4))) })
        let answer = coordinator.addPartitions(
            partitions, transactionalId: id, producerId: producer.id, producerEpoch: producer.epoch, apiVersion: 3,
            now: now)
        try judge(answer.errorCode, models[id].map { $0.add(producer) } ?? nil, id, producer)
        if answer.errorCode == .none {
            begin(id)
            models[id]?.partitions.formUnion(partitions)
        }
        try observe(answer.actions)
    }

    private mutating func addGroup(_ id: String, _ producer: Producer) throws {
        let group = "g\(draw(3))"
        let answer = coordinator.addOffsets(
            group: group, transactionalId: id, producerId: producer.id, producerEpoch: producer.epoch, apiVersion: 3,
            now: now)
        try judge(answer.errorCode, models[id].map { $0.add(producer) } ?? nil, id, producer)
        if answer.errorCode == .none {
            begin(id)
            models[id]?.groups.insert(group)
        }
        try observe(answer.actions)
    }

    private mutating func begin(_ id: String) {
        guard let model = models[id] else { return }
        if case .open = model.phase { return }
        models[id]?.phase = .open(until: now.uptime + model.timeout)
        begun[id, default: 0] += 1
    }

    private mutating func end(_ id: String, _ producer: Producer, commit: Bool) throws {
        let answer = coordinator.endTransaction(
            transactionalId: id, producerId: producer.id, producerEpoch: producer.epoch, commit: commit, apiVersion: 3,
            now: now)
        try judge(answer.errorCode, models[id].map { $0.end(producer, commit: commit) } ?? nil, id, producer)
        if answer.errorCode == .none, case .open = models[id]?.phase { try decide(id, commit: commit) }
        try observe(answer.actions)
    }

    /// A shut-out producer never succeeds again, whatever it asks.
    private func judge(_ error: ErrorCode, _ expected: ErrorCode?, _ id: String, _ producer: Producer) throws {
        if let expected {
            try #require(error == expected)
            try #require(models[id]?.fenced.contains(producer) == false)
        } else {
            try #require(TransactionModel.fencedErrors.contains(error))
        }
    }

    private mutating func abort(_ id: String) throws {
        models[id]?.shutOut()
        models[id]?.lastEpoch += 1
        try decide(id, commit: false)
    }

    private mutating func decide(_ id: String, commit: Bool) throws {
        models[id]?.phase = .ending(commit: commit)
        try completeIfWritten(id)
    }

    private mutating func completeIfWritten(_ id: String) throws {
        guard let model = models[id], case .ending(let commit) = model.phase, model.partitions.isEmpty,
            model.groups.isEmpty
        else { return }
        models[id]?.phase = .ended(commit: commit)
        models[id]?.touched = now.uptime
        ended[id, default: 0] += 1
    }

    /// Some markers, or all, or the same again, in any order.
    private mutating func writeMarkers() throws {
        guard !asked.isEmpty else { return }
        let index = max(0, asked.count - 1 - draw(4))
        var markers = asked[index]
        if draw(3) == 0 {
            markers.partitions = markers.partitions.filter { _ in draw(2) == 0 }
            markers.groups = markers.groups.filter { _ in draw(2) == 0 }
        }
        try write(markers)
    }

    private mutating func write(_ markers: TransactionMarkers) throws {
        let id = markers.transactionalId
        let isLast = asked.last { $0.transactionalId == id }?.number == markers.number
        if isLast, case .ending = models[id]?.phase {
            models[id]?.partitions.subtract(markers.partitions)
            models[id]?.groups.subtract(markers.groups)
            try completeIfWritten(id)
        }
        try observe(coordinator.markersWritten(markers, now: now))
    }

    private mutating func forget(_ topic: String) throws {
        for (id, model) in models {
            models[id]?.partitions = model.partitions.filter { $0.topic != topic }
            try completeIfWritten(id)
        }
        try observe(coordinator.forget(topic: topic, now: now))
    }

    private mutating func pass(_ duration: Duration) throws {
        now = now.advanced(by: duration)
        // What ends of the timeouts with nothing to mark expires no sooner than a whole expiration later: one round is enough.
        for (id, model) in models.sorted(by: { $0.key < $1.key }) {
            switch model.phase {
            case .open(let until) where until <= now.uptime: try abort(id)
            case .idle where model.touched + Self.expiration <= now.uptime,
                .ended where model.touched + Self.expiration <= now.uptime:
                models[id] = nil
            default: break
            }
        }
        try observe(coordinator.expire(now: now))
    }

    /// Every event fits what the model went through, and markers are asked for exactly what was added.
    private mutating func observe(_ actions: [TransactionAction]) throws {
        for action in actions {
            switch action {
            case .writeMarkers(let markers):
                let model = try #require(models[markers.transactionalId])
                try #require(model.phase == .ending(commit: markers.commit))
                try #require(markers.partitions == model.partitions.sorted())
                try #require(markers.groups == model.groups.sorted())
                try #require(markers.producerId == model.producerId)
                try #require(markers.producerEpoch == model.lastEpoch)
                // Each transaction is asked for once, and they are numbered in the order in which they were begun.
                try #require(!asked.contains { $0.number == markers.number })
                asked.append(markers)
                if asked.count > 40 { asked.removeFirst(20) }
            case .event(let event):
                seen[event.cause, default: 0] += 1
            }
        }
    }

    private func check(_ id: String) throws {
        let description = coordinator.describe([id])[0]
        if let model = models[id] {
            try #require(description.state == model.stateName)
            try #require(description.producerId == model.producerId)
            try #require(description.producerEpoch == model.lastEpoch)
            try #require(description.partitions == model.partitions.sorted())
            try #require(description.groups == model.groups.sorted())
            var isOpen = 0
            if model.phase == .ending(commit: true) || model.phase == .ending(commit: false) { isOpen = 1 }
            if case .open = model.phase { isOpen = 1 }
            try #require(begun[id, default: 0] == ended[id, default: 0] + isOpen)
        } else {
            try #require(description.errorCode == .transactionalIdNotFound)
        }
        let deadline = models.values.compactMap { $0.deadline(expiration: Self.expiration) }.min()
        try #require(coordinator.nextDeadline == deadline)
        try #require(
            coordinator.pendingMarkers.count == models.values.filter { $0.stateName.hasPrefix("Prepare") }.count)
    }
}

@Suite(.timeLimit(.minutes(2)))
struct TransactionHistoryTests {
    /// 200 000 steps; a failure is repeated by its seed.
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func randomHistories(seed: UInt64) throws {
        var history = TransactionHistory(seed: seed)
        for _ in 0..<25_000 { try history.step() }
        // The history went everywhere.
        for cause in [.initialized, .begun, .ended, .fenced, .timedOut, .markersWritten] as [TransactionEvent.Cause] {
            #expect(history.seen[cause, default: 0] > 50)
        }
        #expect(history.seen[.expired, default: 0] > 0)
    }

    @Test func anEpochThatIsUsedUp() throws {
        var history = TransactionHistory(seed: 99)
        for _ in 0..<1000 { try history.step() }
        try history.exhaust()
        for _ in 0..<1000 { try history.step() }
    }
}

import KrunBroker

/// Makes a cluster suffer a schedule, driven by what clients ask for and never by time.
struct Adversary: Sendable {
    private let cluster: EmbeddedCluster
    private let topic: String
    private let group: String
    private let signs: AsyncStream<Sign>
    private let continuation: AsyncStream<Sign>.Continuation
    private let observation: EventObservation
    private let schedule: FaultSchedule
    private let opening: [FaultID]

    private enum Sign: Equatable {
        case fired(FaultID)
        /// A state of the group.
        case group(String)
    }

    /// The schedule's opening is in force from now on.
    init(_ cluster: EmbeddedCluster, _ schedule: FaultSchedule, topic: String, group: String) throws {
        self.schedule = schedule
        (self.cluster, self.topic, self.group) = (cluster, topic, group)
        let (signs, continuation) = AsyncStream.makeStream(of: Sign.self)
        (self.signs, self.continuation) = (signs, continuation)
        observation = cluster.events.observe { event in
            switch event.kind {
            case .faultFired(let id, _, _, _): continuation.yield(.fired(id))
            case .groupChanged(group, _, let state, _): continuation.yield(.group(state))
            default: break
            }
        }
        opening = try schedule.opening.map { try cluster.inject($0) }
    }

    /// Returns how many turns there were when the schedule, or the scenario, was over. No rule of it is in force then.
    func play() async throws -> Int {
        defer { observation.cancel() }
        var signs = signs.makeAsyncIterator()
        var before = opening
        var unfired = Set(opening)
        while !unfired.isEmpty, let sign = await signs.next() {
            if case .fired(let rule) = sign { unfired.remove(rule) }
        }
        for (number, turn) in schedule.turns.enumerated() {
            // In force before the last one is lifted: nothing slips through.
            let rule = try cluster.inject(turn.rule)
            for lifted in before { try cluster.remove(lifted) }
            before = [rule]
            guard await wait(for: .fired(rule), &signs) else {
                try cluster.remove(rule)
                return number
            }
            for upheaval in turn.upheavals { try await perform(upheaval, &signs) }
        }
        for lifted in before { try cluster.remove(lifted) }
        return schedule.turns.count
    }

    /// Returns false when the scenario is over instead.
    private func wait(for sign: Sign, _ signs: inout AsyncStream<Sign>.Iterator) async -> Bool {
        while let next = await signs.next() {
            if next == sign { return true }
        }
        return false
    }

    /// Ends `play`, which waits for requests that do not come any more.
    func theScenarioIsOver() {
        continuation.finish()
    }

    private func perform(
        _ upheaval: FaultSchedule.Upheaval, _ signs: inout AsyncStream<Sign>.Iterator
    ) async throws {
        switch upheaval {
        case .stopBroker(let id): try cluster.stopBroker(id)
        case .startBroker(let id): try cluster.startBroker(id)
        case .moveLeader(let partition, let id): try cluster.moveLeader(ofTopic: topic, partition: partition, to: id)
        case .moveCoordinator(let id): try cluster.moveCoordinator(ofGroup: group, to: id)
        case .rebalance:
            let rule = try cluster.inject(.fail(.heartbeat, with: "REBALANCE_IN_PROGRESS", group: group))
            // Members other than the group's leader may join again without a rebalance, and hear the same the next time.
            _ = await wait(for: .group("PreparingRebalance"), &signs)
            try cluster.remove(rule)
            _ = await wait(for: .group("Stable"), &signs)
        }
    }
}

import KrunBroker

/// Makes a cluster suffer a schedule, driven by what clients ask for and never by time.
struct Adversary: Sendable {
    private let cluster: EmbeddedCluster
    private let topic: String
    private let group: String
    private let fired: AsyncStream<FaultID>
    private let continuation: AsyncStream<FaultID>.Continuation
    private let observation: EventObservation

    init(_ cluster: EmbeddedCluster, topic: String, group: String) {
        (self.cluster, self.topic, self.group) = (cluster, topic, group)
        let (fired, continuation) = AsyncStream.makeStream(of: FaultID.self)
        (self.fired, self.continuation) = (fired, continuation)
        observation = cluster.events.observe { event in
            if case .faultFired(let id, _, _, _) = event.kind { continuation.yield(id) }
        }
    }

    /// Returns how many turns there were when the schedule, or the scenario, was over. No rule of it is in force then.
    func play(_ turns: [FaultSchedule.Turn]) async throws -> Int {
        defer { observation.cancel() }
        var signs = fired.makeAsyncIterator()
        var before: FaultID?
        for (number, turn) in turns.enumerated() {
            // In force before the last one is lifted: nothing slips through.
            let rule = try cluster.inject(turn.rule)
            if let before { try cluster.remove(before) }
            before = rule
            var sign: FaultID?
            repeat { sign = await signs.next() } while sign != nil && sign != rule
            if sign == nil {
                try cluster.remove(rule)
                return number
            }
            for upheaval in turn.upheavals { try perform(upheaval) }
        }
        if let before { try cluster.remove(before) }
        return turns.count
    }

    /// Ends `play`, which waits for requests that do not come any more.
    func theScenarioIsOver() {
        continuation.finish()
    }

    private func perform(_ upheaval: FaultSchedule.Upheaval) throws {
        switch upheaval {
        case .stopBroker(let id): try cluster.stopBroker(id)
        case .startBroker(let id): try cluster.startBroker(id)
        case .moveLeader(let partition, let id): try cluster.moveLeader(ofTopic: topic, partition: partition, to: id)
        case .moveCoordinator(let id): try cluster.moveCoordinator(ofGroup: group, to: id)
        }
    }
}

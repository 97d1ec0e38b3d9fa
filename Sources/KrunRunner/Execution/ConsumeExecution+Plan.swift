import KrunChecks
import KrunConnection
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunOutcome
import KrunScenario

/// What is looked up before any member starts.
extension ConsumeExecution {
    /// - Parameter kept: where members of an earlier step stand.
    func makePlan(kept: [TopicPartition: Int64] = [:]) throws(RunStop) -> ConsumePlan {
        do {
            return try ConsumePlan(
                topics: consume.topics.map { run.actualName($0) }, names: consume.topics,
                partitionCounts: consume.topics.map { run.partitionCount($0) }, from: consume.from,
                offsets: try offsets(), kept: kept, timeout: run.scenario.timeouts.connect)
        } catch {
            throw run.trouble(
                "cannot look up the offsets of \(consume.topicNames)", error, step: step)
        }
    }

    func offsets() throws(KafkaError) -> GroupOffsets {
        GroupOffsets(
            admin: try run.admin(consume.isolation), group: consume.group.map { run.actualGroup($0) },
            uncommitted: run.cluster.admin)
    }

    /// Whether others know the group's name, so that they may be in it without having to guess.
    var mayBeShared: Bool { consume.group.map { run.mayBeShared(group: $0) } ?? false }

    /// Whether the group has members that are not this scenario's; throws where joining beside one of them would be dangerous.
    func looksBeforeJoining() throws(RunStop) -> Bool {
        guard let group = consume.group, let description = try run.describe(group: group, step: step) else {
            return false
        }
        try run.refuseDangerousMembers(of: description, group: group, step: step)
        return run.hasForeignMembers(description)
    }

    /// The same once the step's own members have joined. Where nobody can say, there may be others.
    func hasForeignMembers(besidesThoseOf state: ConsumeState) -> Bool {
        guard run.cluster.isShared || run.hasCompanion else { return false }
        run.remember(members: state.withLock { $0.memberIDs })
        guard let group = consume.group else { return false }
        return (try? run.describe(group: group, step: step)).map { $0.map(run.hasForeignMembers) ?? false } ?? true
    }

    /// The end that is waited for: what was there when the step began, and what this scenario was acknowledged, which a
    /// follower-acknowledged end offset may not show yet, nor one of committed records.
    func targets(_ plan: ConsumePlan) -> [[Int64]] {
        consume.topics.indices.map { topic in
            let acknowledged = run.ledger.acknowledgedEnds(
                topic: run.topicIndex(consume.topics[topic]), isolation: consume.isolation)
            return zip(plan.ends[topic], acknowledged).map(max)
        }
    }
}

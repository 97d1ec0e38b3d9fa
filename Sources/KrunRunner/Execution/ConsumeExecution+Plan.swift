import KrunChecks
import KrunConnection
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunOutcome
import KrunScenario

/// What is looked up before any member starts.
extension ConsumeExecution {
    func makePlan() throws(RunStop) -> ConsumePlan {
        do {
            return try ConsumePlan(
                topics: consume.topics.map { run.actualName($0) },
                partitionCounts: consume.topics.map { run.partitionCount($0) }, from: consume.from,
                offsets: offsets, timeout: run.scenario.timeouts.connect)
        } catch {
            throw run.trouble(
                "cannot look up the offsets of \(consume.topicNames)", error, step: step)
        }
    }

    var offsets: GroupOffsets {
        let hold = run.cluster.adminHold
        return GroupOffsets(admin: run.cluster.admin, group: consume.group.map { run.actualGroup($0) }) {
            () throws(KafkaError) in
            try AdminClient(
                properties: run.layers.commandLine.merging(run.cluster.mandatory)
                    .merging(["isolation.level": "read_uncommitted"]), log: run.cluster.log
            ) { hold.isOver }
        }
    }

    /// Whether others know the group's name, so that they may be in it without having to guess.
    var mayBeShared: Bool {
        guard let group = consume.group, run.cluster.isShared else { return false }
        return run.isExistingGroup(group) || run.names.suffix.isEmpty
    }

    /// Whether the group has members that are not this scenario's; throws where joining beside one of them would be dangerous.
    func looksBeforeJoining() throws(RunStop) -> Bool {
        guard let group = consume.group, let description = try describeGroup() else { return false }
        if let member = description.memberThatKillsLeaders {
            let refusal = JoinRefusal(member, of: run.actualGroup(group))
            throw .trouble(
                Diagnostic(
                    .runtime, refusal.title, at: step.place(of: "group"), label: refusal.label, notes: refusal.notes))
        }
        return hasForeignMembers(description)
    }

    func hasForeignMembers(_ description: GroupDescription) -> Bool {
        description.members.contains { !run.isOwn(member: $0.id) }
    }

    /// Nil without a group.
    func describeGroup() throws(RunStop) -> GroupDescription? {
        guard let group = consume.group else { return nil }
        do {
            let patience = Patience(
                budget: run.scenario.timeouts.connect, watch: run.cluster.watch, interruption: run.interruption)
            return try run.cluster.adminHold.with(patience) { () throws(KafkaError) in
                try run.cluster.admin.describeGroups(
                    [run.actualGroup(group)], timeout: run.scenario.timeouts.connect)
            }.first
        } catch {
            throw run.trouble("cannot look at group \(group)", error, step: step)
        }
    }

    /// The same once the step's own members have joined. Where nobody can say, there may be others.
    func hasForeignMembers(besidesThoseOf state: ConsumeState) -> Bool {
        guard run.cluster.isShared else { return false }
        run.remember(members: state.withLock { $0.memberIDs })
        return (try? describeGroup()).map { $0.map(hasForeignMembers) ?? false } ?? true
    }

    /// The end that is waited for: what was there when the step began, and what this scenario was acknowledged, which a
    /// follower-acknowledged end offset may not show yet.
    func targets(_ plan: ConsumePlan) -> [[Int64]] {
        consume.topics.indices.map { topic in
            let acknowledged = run.ledger.acknowledgedEnds(topic: run.topicIndex(consume.topics[topic]))
            return zip(plan.ends[topic], acknowledged).map(max)
        }
    }
}

import KrunConnection
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunOutcome
import KrunPlanning
import KrunScenario

/// How members of groups are made, and what their coordinator says of them.
extension ScenarioRun {
    /// The group with that name in the file, whoever is in it.
    func liveGroup(_ name: String) -> LiveGroup {
        members.group(name) {
            LiveGroup(name: name) { [topics] in topics.name(ofActual: $0) }
        }
    }

    /// - Parameters:
    ///   - count: how many members there are with it.
    ///   - group: the name in the file; nil for one that reads by assignment.
    ///   - remains: whether the group is told what the member owns, as of one that outlives its step.
    func memberSettings(
        _ name: String, of count: Int, group: String?, joining: LiveGroup.Joining, remains: Bool
    ) -> MemberSettings {
        var mandatory: ClientProperties = [
            "enable.auto.commit": "false", "enable.auto.offset.store": "false", "enable.partition.eof": "true",
            "auto.offset.reset": "earliest", "isolation.level": joining.isolation.rawValue,
        ]
        // Without one the consumer needs no permission on any group.
        if let group { mandatory["group.id"] = actualGroup(group) }
        if let assignor = joining.assignor { mandatory["partition.assignment.strategy"] = assignor.rawValue }
        if joining.isStatic { mandatory["group.instance.id"] = names.actual(name) }
        let ahead = FetchAhead(consumers: count, brokers: cluster.outcome.brokers ?? 1)
        var defaults = ahead.properties.merging(cluster.consumerDefaults(members: count)).merging([
            "client.id": ClientNames.id(name, of: count)
        ])
        // A member that was killed is missed after so long, and a group is deleted no sooner: with Kafka's 45 s that would be beyond
        // `Budget.cleanUp`.
        if remains, cluster.isShared { defaults["session.timeout.ms"] = "10000" }
        if let group { defaults = defaults.merging(absenceDefaults(group, joining)) }
        var properties = layers.properties(defaults: defaults, scenario: joining.client, mandatory: mandatory)
        if group != nil { properties = properties.lookingForCoordinators() }
        return MemberSettings(
            name: name, topics: group == nil ? [] : joining.topics.map { actualName($0) },
            partitionCounts: group == nil ? [] : joining.topics.map { partitionCount($0) },
            isStatic: joining.isStatic, properties: properties, log: cluster.log, interruption: interruption,
            watch: cluster.watch, topicNews: topicNews, partitionCount: { [topics] in topics.partitions(ofActual: $0) },
            group: remains ? group.map { liveGroup($0) } : nil, events: events,
            identity: .init(group: group, name: name)
        ) { [self] id in
            remember(members: [id])
        }
    }

    /// Where the scenario waits until somebody is missed, that is to be soon. librdkafka wants the session to be no longer than the time
    /// without a poll, so each goes by the other where that is set.
    private func absenceDefaults(_ group: String, _ joining: LiveGroup.Joining) -> ClientProperties {
        guard let absences = absences[group] else { return [:] }
        let (session, poll) = ("session.timeout.ms", "max.poll.interval.ms")
        let set = layers.properties(scenario: joining.client, mandatory: [:])
        func value(_ name: String) -> Int? { set[name].flatMap { Int($0) } }
        let short = cluster.shortSession
        var defaults: ClientProperties = [session: String(min(short, value(poll) ?? short))]
        if absences.contains(.poll) { defaults[poll] = String(max(short, value(session) ?? short)) }
        return defaults
    }

    /// Throws where with those that are alive there would be more members than a machine has threads for.
    func checkMembers(adding new: Int, step: Step) throws(RunStop) {
        guard let brokers = cluster.outcome.brokers, brokers > 0,
            let fault = MemberLimit.fault(members: members.count + new, brokers: brokers)
        else { return }
        throw .trouble(
            Diagnostic(.runtime, fault.message, at: step.place(of: "members"), label: fault.label, notes: fault.notes))
    }

    /// That the system gives no more threads for members.
    func tooFewThreads(_ started: Int, of count: Int, _ error: WorkerThreadError, step: Step) -> RunStop {
        .trouble(
            diagnostic(
                .runtime, "only \(started) of \(count) members could be started", step: step,
                notes: [
                    "each member runs on a thread of its own, and the system gave no more: \(error.reason)",
                    "use fewer members, or raise the limit on threads (ulimit -u)",
                ]))
    }

    /// What the coordinator says of a group.
    func describe(group: String, step: Step) throws(RunStop) -> GroupDescription? {
        do {
            let patience = Patience(
                budget: scenario.timeouts.connect, watch: cluster.watch, interruption: interruption)
            return try cluster.adminHold.with(patience) { () throws(KafkaError) in
                try cluster.admin.describeGroups([actualGroup(group)], timeout: scenario.timeouts.connect)
            }.first
        } catch {
            throw trouble("cannot look at group \(group)", error, step: step)
        }
    }

    /// Throws where joining beside a member of the group would be dangerous.
    func refuseDangerousMembers(of description: GroupDescription, group: String, step: Step) throws(RunStop) {
        guard let member = description.memberThatKillsLeaders else { return }
        let refusal = JoinRefusal(member, of: actualGroup(group))
        throw .trouble(
            Diagnostic(
                .runtime, refusal.title, at: step.place(of: "group"), label: refusal.label, notes: refusal.notes))
    }

    /// Whether the group has members that none of the steps started.
    func hasForeignMembers(_ description: GroupDescription) -> Bool {
        description.members.contains { !isOwn(member: $0.id) }
    }

    /// Whether others know the group's name, so that they may be in it without having to guess.
    func mayBeShared(group: String) -> Bool {
        hasCompanion || cluster.isShared && (isExistingGroup(group) || names.suffix.isEmpty)
    }

    /// Lets all members that are still there leave their groups, within `Budget.leave`.
    func endMembers() {
        members.end(within: Patience(budget: Budget.leave, watch: cluster.watch, interruption: interruption))
    }
}

import KrunWire

@testable import KrunBroker

extension GroupHistory {
    mutating func token() -> ReplyToken {
        tokens += 1
        open.insert(ReplyToken(tokens))
        return ReplyToken(tokens)
    }

    /// A member of the group, or one that was, or none.
    mutating func someone(_ group: String) -> String {
        let members = model.groups[group].map { $0.members.map(\.id) + $0.told } ?? []
        return members.isEmpty || random.oneIn(15) ? random.pick(ids) : random.pick(members)
    }

    /// Mostly what the member joined with.
    mutating func instance(of memberId: String, _ group: String) -> String? {
        if random.oneIn(12) { return random.pick(["i", "j", nil]) }
        return random.oneIn(6) ? nil : model.groups[group]?.member(memberId)?.instance
    }

    mutating func generation(_ group: String) -> Int32 {
        let generation = model.groups[group]?.generation ?? 0
        return random.oneIn(12) ? random.pick([generation - 1, generation + 1, -1]) : generation
    }

    mutating func protocols() -> [MemberProtocol] {
        var names = ["range", "sticky", "other"].shuffled(using: &random)
        if random.oneIn(3) { names.removeLast(1 + random.below(2)) }
        if random.oneIn(40) { names = [] }
        let metadata: [UInt8] = random.oneIn(20) ? [7] : random.pick(Self.metadata.keys.sorted { $0.count < $1.count })
        return names.map { MemberProtocol(name: $0, metadata: metadata) }
    }

    mutating func request(_ group: String, _ memberId: String, instance: String?) -> JoinRequest {
        let present = model.groups[group]?.member(memberId)
        return JoinRequest(
            token: token(), groupId: random.oneIn(200) ? "" : group, memberId: memberId, instanceId: instance,
            clientId: random.pick(["c", "d"]), clientHost: "host",
            sessionTimeout: .milliseconds(random.pick([19, 20, 60, 200, 400, 400, 901])),
            rebalanceTimeout: .milliseconds(random.pick([0, 30, 100, 300, 300])),
            protocolType: random.oneIn(50) ? random.pick(["", "connect"]) : "consumer",
            protocols: random.oneIn(4) ? protocols() : present?.protocols ?? protocols(),
            requireKnownMemberId: random.oneIn(2), supportsSkippingAssignment: random.oneIn(2))
    }

    mutating func join(_ request: JoinRequest) {
        take(coordinator.join(request, now: now)) { $0.join(request) }
    }

    mutating func joinNew(_ group: String) {
        join(request(group, "", instance: random.oneIn(3) ? random.pick(["i", "j"]) : nil))
    }

    mutating func joinKnown(_ group: String) {
        let memberId = someone(group)
        join(request(group, memberId, instance: instance(of: memberId, group)))
    }

    /// Whoever is missing from a join phase joins, as good clients do.
    mutating func gather(_ group: String) {
        guard let present = model.groups[group], present.phase == .preparingRebalance else { return joinNew(group) }
        for memberId in present.told + present.members.filter({ $0.join == nil }).map(\.id) {
            join(request(group, memberId, instance: model.groups[group]?.member(memberId)?.instance))
        }
    }

    /// Every member syncs, as good clients do, and the leader somewhere among them.
    mutating func assign(_ group: String) {
        let memberIds = model.groups[group]?.members.map(\.id) ?? []
        for memberId in memberIds.shuffled(using: &random) {
            sync(
                SyncRequest(
                    token: token(), groupId: group, generation: model.groups[group]?.generation ?? 0,
                    memberId: memberId,
                    assignments: memberIds.map { .init(memberId: $0, assignment: [UInt8(random.below(256))]) }))
        }
    }

    mutating func sync(_ group: String) {
        let memberId = random.oneIn(3) ? model.groups[group]?.leader ?? "" : someone(group)
        let known = model.groups[group]?.members.map(\.id) ?? []
        let all = (known + (random.oneIn(5) ? ids.suffix(2) : [])).filter { _ in !random.oneIn(9) }
        let request = SyncRequest(
            token: token(), groupId: random.oneIn(200) ? "" : group, generation: generation(group), memberId: memberId,
            instanceId: instance(of: memberId, group), protocolType: random.oneIn(30) ? "connect" : "consumer",
            protocolName: random.oneIn(4) ? random.pick(["range", "sticky"]) : model.groups[group]?.assignor,
            assignments: all.map { .init(memberId: $0, assignment: [UInt8(random.below(256))]) })
        sync(request)
    }

    mutating func sync(_ request: SyncRequest) {
        let before = coordinator[request.groupId]
        take(coordinator.sync(request, now: now)) { $0.sync(request) }
        if let before, before.state == .completingRebalance, before.leader == request.memberId,
            coordinator[request.groupId]?.state == .stable
        {
            var byMember: [String: [UInt8]] = [:]
            for assignment in request.assignments { byMember[assignment.memberId] = assignment.assignment }
            assigned[request.groupId] = (request.generation, byMember)
        }
    }

    mutating func heartbeat(_ group: String) {
        let memberId = someone(group)
        let request = MemberHeartbeat(
            groupId: random.oneIn(100) ? "" : group, generation: generation(group), memberId: memberId,
            instanceId: instance(of: memberId, group))
        let error = coordinator.heartbeat(request, now: now)
        take([], error) { $0.heartbeat(request) }
        errorsSeen.insert(error)
    }

    mutating func leave(_ group: String) {
        let members = (0..<(1 + random.below(3))).map { _ in
            let memberId = random.oneIn(6) ? "" : someone(group)
            return LeaveRequest.Member(memberId: memberId, instanceId: instance(of: memberId, group))
        }
        let request = LeaveRequest(groupId: random.oneIn(50) ? "" : group, members: members)
        let (answer, actions) = coordinator.leave(request, now: now)
        take(actions, answer) { $0.leave(request) }
        for member in answer.members { errorsSeen.insert(member.error) }
    }

    mutating func commit(_ group: String) {
        let memberId = random.oneIn(5) ? "" : someone(group)
        var request = CommitRequest(
            groupId: random.oneIn(100) ? "" : group, generation: memberId.isEmpty ? -1 : generation(group),
            memberId: memberId, instanceId: instance(of: memberId, group), offsets: [],
            knowsGroupIdNotFound: random.oneIn(2))
        for _ in 0..<random.below(4) {
            request.offsets.append(
                .init(
                    partition: partition(), offset: Int64(random.below(1000)), leaderEpoch: random.pick([nil, 1]),
                    metadata: random.pick([nil, "", "four", "fives"]),
                    timestamp: random.oneIn(9) ? now.wallMilliseconds - 300 : nil))
        }
        if random.oneIn(9) { request.retentionMilliseconds = 100 }
        let producer: Int64? = random.oneIn(3) ? Int64(random.below(3)) : nil
        let before = coordinator[request.groupId]
        let (errors, actions) =
            producer.map { coordinator.commitTransactional(request, producerId: $0, now: now) }
            ?? coordinator.commit(request, now: now)
        take(actions, errors) { $0.commit(request, producer: producer) }
        errorsSeen.formUnion(errors)
        if producer == nil, errors.contains(.none) {
            let isSimple = request.generation < 0 && before?.state ?? .empty == .empty
            let isMember = before?.members[memberId] != nil && before?.generation == request.generation
            if !isSimple, !isMember { fail("\(memberId) committed as a stranger") }
        }
    }

    mutating func partition() -> GroupPartition {
        GroupPartition(topic: random.pick(["t", "u"]), partition: Int32(random.below(2)))
    }

    mutating func endTransaction() {
        let producer = Int64(random.below(3))
        let commit = random.oneIn(2)
        take(coordinator.completeTransaction(producerId: producer, commit: commit, now: now)) {
            $0.endTransaction(of: producer, commit: commit)
        }
    }

    mutating func delete(_ group: String) {
        switch random.below(5) {
        case 0:
            let (errors, actions) = coordinator.delete(groups: [group], now: now)
            take(actions, errors) { [$0.deleteGroup(group)] }
        case 1:
            let topic = random.pick(["t", "u"])
            take(coordinator.deleteOffsets(ofTopic: topic, now: now)) { $0.deleteTopic(topic) }
        default:
            let partitions = (0..<2).map { _ in partition() }
            let (answer, actions) = coordinator.deleteOffsets(group: group, partitions: partitions, now: now)
            take(actions, answer) { $0.deleteOffsets(group, partitions) }
            errorsSeen.formUnion(answer.partitions)
        }
    }

    mutating func expel(_ group: String) {
        let memberId = someone(group)
        take(coordinator.expelMember(group: group, memberId: memberId, now: now)) { $0.expel(group, memberId) }
    }

    mutating func abort(_ group: String) {
        take(coordinator.abortPending(group: group, now: now)) { $0.abort(group) }
    }

    mutating func advance(milliseconds: Int) {
        now = now.advanced(by: .milliseconds(milliseconds))
        model.now = now
        take(coordinator.expire(now: now)) { $0.expire() }
        if let due = coordinator.nextDeadline, due < now.uptime { fail("left something undone") }
    }
}

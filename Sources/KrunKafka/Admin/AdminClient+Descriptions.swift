internal import CRdKafka
import KrunNames

extension AdminClient {
    /// How long brokers that say nothing are waited for when others have answered.
    private static let patience = Duration.seconds(1)

    /// Each group as its coordinator knows it, in this order.
    ///
    /// What the members chose is never read by librdkafka, and what they say of partitions is checked against the cluster's topics.
    /// Every broker is asked for its groups, so more than one are better asked about at once.
    public func describeGroups(_ groups: [String], timeout: Duration) throws(KafkaError) -> [GroupDescription] {
        guard !groups.isEmpty else { return [] }
        defer { serveErrors() }
        try ProtocolString.check(groups: groups, "describing groups")
        let activity = "describing " + Self.list(groups, one: "group", many: "groups")
        let deadline = Deadline(after: timeout)
        var found = try rawGroups(groups, until: deadline, activity: activity)
        var refused = NameMap<KafkaError>()
        let missing = groups.filter { found[ExactName($0)] == nil }
        for group in missing { refused[group] = try refusal(to: group, until: deadline) }
        // Its coordinator may have been about to take over.
        if refused.count < missing.count {
            found.merge(try rawGroups(missing, until: deadline, activity: activity)) { $1 }
        }
        let counts = try partitionCounts(in: found.values, until: deadline)
        return groups.map { group in
            if let raw = found[ExactName(group)] { return GroupDescription(raw, partitionCounts: counts) }
            return GroupDescription(group: group, state: "Dead", members: [], error: refused[group])
        }
    }

    /// A member of the group beside whom nobody should join; nil also where there is no such group.
    /// See `GroupDescription.memberThatKillsLeaders`.
    public func memberThatKillsLeaders(
        of group: String, timeout: Duration
    ) throws(KafkaError) -> GroupDescription.Member? {
        defer { serveErrors() }
        try ProtocolString.check(groups: [group], "describing groups")
        let groups = try rawGroups(
            [group], until: Deadline(after: timeout), activity: "describing group \(group)")
        return groups[ExactName(group)].flatMap { GroupDescription($0, partitionCounts: [:]).memberThatKillsLeaders }
    }

    /// Those of these groups that some broker coordinates and lets this user see.
    private func rawGroups(
        _ groups: [String], until deadline: Deadline, activity: String
    ) throws(KafkaError) -> [ExactName: RawGroup] {
        let (client, wanted) = (client, Set(groups.map { ExactName($0) }))
        return try client.retrying(until: deadline, activity: activity) { deadline throws(KafkaError) in
            try client.attempting(until: deadline, activity: activity, inSlices: true) { timeout throws(KafkaError) in
                let answer: (groups: [RawGroup], isComplete: Bool)
                do throws(KafkaError) {
                    answer = try RawGroup.ask(
                        client, only: groups.count == 1 ? groups[0] : nil, timeout: timeout, activity: activity)
                } catch  where error.isTimeout && timeout >= Self.patience {
                    // Nobody knows any group, and somebody does not answer: whoever coordinates these is asked by itself.
                    return [:]
                }
                var found: [ExactName: RawGroup] = [:]
                for group in answer.groups where wanted.contains(ExactName(group.name)) {
                    let name = ExactName(group.name)
                    if found[name]?.error == nil, found[name] != nil { continue }
                    found[name] = group
                }
                let passing = found.values.lazy.compactMap(\.error).first { $0.isRetriable || $0.isTimeout }
                if let passing { throw passing }
                guard answer.isComplete || found.count == wanted.count || timeout >= Self.patience else {
                    try KafkaError.fail(RD_KAFKA_RESP_ERR__TIMED_OUT, activity)
                }
                return found
            }
        }
    }

    /// Why no broker tells of a group: its coordinator's error, or nil where it answers and there is no such group.
    private func refusal(to group: String, until deadline: Deadline) throws(KafkaError) -> KafkaError? {
        do {
            _ = try groupOffsets(group, partitions: nil, timeout: deadline.remaining)
            return nil
        } catch {
            let isAnswer = !error.isRetriable && !error.isTimeout && !error.isCancelled
            // In an answer librdkafka names the request, which is not what was asked.
            let error = KafkaError(
                code: error.code, activity: "describing group \(group)", reason: isAnswer ? "" : error.reason,
                isFatal: error.isFatal, isRetriable: error.isRetriable)
            guard isAnswer else { throw error }
            return error
        }
    }

    /// How many partitions each topic has; nothing is asked where no member was given any.
    private func partitionCounts(
        in groups: some Collection<RawGroup>, until deadline: Deadline
    ) throws(KafkaError) -> [String: Int] {
        guard groups.contains(where: { $0.members.contains { !$0.assignment.isEmpty } }) else { return [:] }
        let topics = try metadata(timeout: deadline.remaining).topics
        return Dictionary(topics.map { ($0.name, $0.partitions.count) }, uniquingKeysWith: { $1 })
    }
}

extension GroupDescription {
    fileprivate init(_ raw: RawGroup, partitionCounts: [String: Int]) {
        self.init(
            group: raw.name, state: raw.error == nil ? raw.state : "Unknown", coordinator: raw.coordinator,
            assignor: raw.assignor.isEmpty ? nil : raw.assignor,
            members: raw.error == nil
                ? raw.members.map { Member($0, isStable: raw.state == "Stable", partitionCounts: partitionCounts) }
                : [],
            error: raw.error)
    }
}

extension GroupDescription.Member {
    fileprivate init(_ raw: RawGroup.Member, isStable: Bool, partitionCounts: [String: Int]) {
        let assignment = MemberAssignment(raw.assignment, partitionCounts: partitionCounts)
        self.init(
            id: raw.id, clientID: raw.clientID, host: raw.host,
            instanceID: Self.instanceID(in: raw.id, clientID: raw.clientID),
            partitions: assignment?.partitions ?? [], unknownPartitions: assignment?.unknown ?? 0,
            hasUnreadableAssignment: assignment == nil, subscriptionSize: isStable ? raw.subscriptionSize : nil)
    }

    /// Brokers make the id of a static member of its `group.instance.id`, that of another of its client id, and a UUID.
    static func instanceID(in id: String, clientID: String) -> String? {
        guard
            let match = id.wholeMatch(
                of: /(.*)-[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/.dotMatchesNewlines()),
            match.output.1 != clientID
        else { return nil }
        return String(match.output.1)
    }
}

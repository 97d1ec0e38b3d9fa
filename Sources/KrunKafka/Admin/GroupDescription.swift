internal import CRdKafka
import KrunNames

/// A consumer group as its coordinator knows it.
public struct GroupDescription: Hashable, Sendable {
    public struct Member: Hashable, Sendable {
        /// Made by the coordinator: `rdkafka-0f1e…`.
        public var id: String
        public var clientID: String
        /// As the coordinator sees the member's address: `/127.0.0.1`.
        public var host: String
        /// `group.instance.id`, read from the member's id; nil for a member that is not static, and for one whose client id is the same.
        public var instanceID: String?
        /// What it was given of what the cluster has, in order; empty while a rebalance is under way.
        public var partitions: [TopicPartition]
        /// How many more partitions its assignment names: those that the cluster does not have, and repetitions.
        public var unknownPartitions: Int
        /// Whether the bytes of its assignment are not what consumers write.
        public var hasUnreadableAssignment: Bool
        /// In bytes; nil while the group is not stable, when brokers do not tell it.
        public var subscriptionSize: Int?

        public init(
            id: String, clientID: String, host: String, instanceID: String? = nil, partitions: [TopicPartition] = [],
            unknownPartitions: Int = 0, hasUnreadableAssignment: Bool = false, subscriptionSize: Int? = nil
        ) {
            self.id = id
            self.clientID = clientID
            self.host = host
            self.instanceID = instanceID
            self.partitions = partitions
            self.unknownPartitions = unknownPartitions
            self.hasUnreadableAssignment = hasUnreadableAssignment
            self.subscriptionSize = subscriptionSize
        }

        /// The longest subscription that a client of librdkafka can be trusted to read.
        private static let maximumSubscription = 1 << 20

        /// Whether a client of librdkafka that is made the leader of this member's group dies of it.
        ///
        /// In every version up to 2.15 it ends the process when it is handed an empty subscription, and it puts all names of a
        /// subscription on its stack.
        public var killsLeaders: Bool {
            subscriptionSize.map { $0 == 0 || $0 > Self.maximumSubscription } ?? false
        }
    }

    public var group: String
    /// As the coordinator says: `Stable`, `Empty`, `PreparingRebalance`, `CompletingRebalance`, or `Dead` (there is no such group);
    /// `Unknown` where the error says why.
    ///
    /// A group of the next-generation protocol (KIP-848) is `Dead` too: librdkafka asks about it in the classic way.
    public var state: String
    /// Nil for a group that no broker tells of.
    public var coordinator: ClusterMetadata.Broker?
    /// Such as `range`; nil while the group has none.
    public var assignor: String?
    public var members: [Member]
    /// Such as `GROUP_AUTHORIZATION_FAILED`; nil when all is well.
    public var error: KafkaError?

    public init(
        group: String, state: String, coordinator: ClusterMetadata.Broker? = nil, assignor: String? = nil,
        members: [Member], error: KafkaError? = nil
    ) {
        self.group = group
        self.state = state
        self.coordinator = coordinator
        self.assignor = assignor
        self.members = members
        self.error = error
    }
}

extension GroupDescription {
    /// A member beside whom nobody should join with librdkafka; nil where there is none.
    public var memberThatKillsLeaders: Member? { members.first(where: \.killsLeaders) }
}

/// What a member of a group was given, as the group's leader wrote it (ConsumerProtocolAssignment): bytes that nobody vouches for.
///
/// Only partitions that the cluster has are kept, each once, so that a few bytes cannot ask for more memory than topics are there.
package struct MemberAssignment: Hashable, Sendable {
    /// In the order of topics and partitions.
    package private(set) var partitions: [TopicPartition] = []
    /// How many more it names: partitions that the cluster does not have, and repetitions.
    package private(set) var unknown = 0

    /// - Parameter counts: how many partitions each topic has.
    /// - Returns: nil where the bytes end before the partitions do. No bytes are no partitions.
    package init?(_ bytes: [UInt8], partitionCounts counts: [String: Int]) {
        guard !bytes.isEmpty else { return }
        var rest = bytes[...]
        // Its first fields have the same places in every version; what follows them is not read.
        guard Self.integer(&rest, bytes: 2) != nil, let topics = Self.integer(&rest, bytes: 4), topics >= 0,
            topics <= rest.count / 6
        else { return nil }
        var known: Set<TopicPartition> = []
        for _ in 0..<topics {
            guard let length = Self.integer(&rest, bytes: 2), (0...rest.count).contains(length) else { return nil }
            let name = rest.prefix(length)
            rest = rest.dropFirst(length)
            guard let count = Self.integer(&rest, bytes: 4), (0...rest.count / 4).contains(count) else { return nil }
            // Kafka's names are ASCII; others may be equal to one of them in Swift and are none of them.
            let isName = name.allSatisfy { $0 < 0x80 }
            let topic = isName ? String(decoding: name, as: UTF8.self) : ""
            let partitionCount = counts[topic] ?? 0
            for _ in 0..<count {
                guard let number = Self.integer(&rest, bytes: 4) else { return nil }
                let isKnown = (0..<partitionCount).contains(number)
                if !isKnown || !known.insert(TopicPartition(topic, Int32(number))).inserted { unknown += 1 }
            }
        }
        partitions = known.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
    }

    /// Nil when there are not so many bytes.
    private static func integer(_ rest: inout ArraySlice<UInt8>, bytes count: Int) -> Int? {
        guard rest.count >= count else { return nil }
        let bits = rest.prefix(count).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        rest = rest.dropFirst(count)
        return count == 2 ? Int(Int16(truncatingIfNeeded: bits)) : Int(Int32(bitPattern: bits))
    }
}

/// A group as its coordinator sent it; what its members chose are bytes that nobody has read yet.
///
/// librdkafka's `DescribeConsumerGroups` reads the assignments itself and ends the process when one of them cannot be read, in every
/// version up to 2.15. So groups are asked for with `rd_kafka_list_groups`, which hands out the bytes.
struct RawGroup: Sendable {
    struct Member: Sendable {
        var id: String
        var clientID: String
        var host: String
        /// How many bytes its subscription has; 0 also while the group is not stable, when brokers do not tell it.
        var subscriptionSize: Int
        var assignment: [UInt8]
    }

    var name: String
    var state: String
    /// `consumer`, or empty where nobody has joined yet.
    var protocolType: String
    /// Such as `range`; empty while the group has none.
    var assignor: String
    var coordinator: ClusterMetadata.Broker
    var members: [Member]
    var error: KafkaError?

    /// Asks every broker for its groups, and then about them.
    ///
    /// - Parameters:
    ///   - only: the group to ask about; nil for all.
    ///   - timeout: also of a broker that does not answer; the others' groups are returned then.
    /// - Throws: a timeout where nobody told of any group in time.
    static func ask(
        _ client: Client, only: String?, timeout: Duration, activity: String
    ) throws(KafkaError) -> (groups: [RawGroup], isComplete: Bool) {
        var list: UnsafePointer<rd_kafka_group_list>?
        let code = rd_kafka_list_groups(client.pointer, only, &list, timeout.timeoutMilliseconds)
        defer { if let list { rd_kafka_group_list_destroy(list) } }
        if code != RD_KAFKA_RESP_ERR__PARTIAL { try KafkaError.check(code, activity) }
        guard let list else { return ([], code != RD_KAFKA_RESP_ERR__PARTIAL) }
        let groups = UnsafeBufferPointer(start: list.pointee.groups, count: Int(list.pointee.group_cnt))
        return (groups.map(RawGroup.init), code != RD_KAFKA_RESP_ERR__PARTIAL)
    }

    private init(_ group: rd_kafka_group_info) {
        func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
        name = text(group.group)
        state = text(group.state)
        protocolType = text(group.protocol_type)
        assignor = text(group.protocol)
        coordinator = ClusterMetadata.Broker(
            id: group.broker.id, host: text(group.broker.host), port: Int(group.broker.port))
        members = UnsafeBufferPointer(start: group.members, count: Int(group.member_cnt)).map { member in
            Member(
                id: text(member.member_id), clientID: text(member.client_id), host: text(member.client_host),
                subscriptionSize: Int(member.member_metadata_size),
                assignment: [UInt8](
                    UnsafeRawBufferPointer(
                        start: member.member_assignment, count: Int(member.member_assignment_size))))
        }
        let activity = "describing group \(name)"
        if group.err != RD_KAFKA_RESP_ERR_NO_ERROR {
            error = KafkaError(code: group.err.rawValue, activity: activity)
        } else if !protocolType.isEmpty, protocolType != "consumer" {
            error = KafkaError(
                code: RD_KAFKA_RESP_ERR__INVALID_ARG.rawValue, activity: activity,
                reason: "it is no group of consumers (its protocol type is \(protocolType))")
        }
    }
}

// MARK: - Descriptions

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
        let deadline = CallDeadline(after: timeout)
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
            [group], until: CallDeadline(after: timeout), activity: "describing group \(group)")
        return groups[ExactName(group)].flatMap { GroupDescription($0, partitionCounts: [:]).memberThatKillsLeaders }
    }

    /// Those of these groups that some broker coordinates and lets this user see.
    private func rawGroups(
        _ groups: [String], until deadline: CallDeadline, activity: String
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
    private func refusal(to group: String, until deadline: CallDeadline) throws(KafkaError) -> KafkaError? {
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
        in groups: some Collection<RawGroup>, until deadline: CallDeadline
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

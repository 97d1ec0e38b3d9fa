package import KrunWire

/// The rules in force, and the decision for each request.
///
/// Rules are tried in the order in which they were added: every delay counts, and of the rest the first that decides the course of the
/// whole request; a rule that is not reached keeps its turn.
package struct FaultPlan: Sendable {
    struct Entry {
        let id: FaultID
        let rule: FaultRule
        /// Of an effect that fails.
        let errorCode: ErrorCode?
        let until: Duration?
        var skipped = 0
        var fired = 0

        var isSpent: Bool { rule.times.map { fired >= $0 } ?? false }
    }

    private(set) var entries: [Entry] = []
    /// Rules that are spent, ran out or were removed, with their counts.
    private var past: [FaultID: (rule: FaultRule, fired: Int)] = [:]
    private var nextNumber: UInt64 = 1

    package init() {}

    /// Whether some rule may match requests of this kind.
    package func concerns(_ kind: RequestKind) -> Bool {
        entries.contains { $0.rule.kind == nil || $0.rule.kind == kind }
    }

    /// Puts a rule in force; throws if the error it answers with is none of Kafka's.
    package mutating func add(_ rule: FaultRule, now: Now) throws(UnknownKafkaErrorName) -> FaultID {
        var errorCode: ErrorCode?
        if case .fail(let error) = rule.effect { errorCode = try error.code() }
        let id = FaultID(number: nextNumber)
        nextNumber += 1
        let entry = Entry(id: id, rule: rule, errorCode: errorCode, until: rule.lasting.map { now.uptime + $0 })
        if entry.isSpent {
            past[id] = (rule, 0)
        } else {
            entries.append(entry)
        }
        return id
    }

    /// Takes a rule out of force; false if it was not any more.
    @discardableResult
    package mutating func remove(_ id: FaultID) -> Bool {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return false }
        let entry = entries.remove(at: index)
        past[id] = (entry.rule, entry.fired)
        return true
    }

    package mutating func removeAll() {
        for entry in entries { past[entry.id] = (entry.rule, entry.fired) }
        entries = []
    }

    /// How many requests suffered by the rule; nil for one that was never added.
    package func timesFired(_ id: FaultID) -> Int? {
        entries.first { $0.id == id }?.fired ?? past[id]?.fired
    }

    /// The rule of that id, in force or not any more.
    package func anyRule(_ id: FaultID) -> FaultRule? {
        entries.first { $0.id == id }?.rule ?? past[id]?.rule
    }

    /// What happens to a request; counts as suffered for every rule that fires.
    package mutating func decide(_ request: RequestFacts, now: Now) -> FaultDecision {
        var decision = FaultDecision()
        var isOver = false
        for index in entries.indices {
            let entry = entries[index]
            if let until = entry.until, until <= now.uptime {
                isOver = true
                continue
            }
            guard decision.course == .proceed || entry.rule.isDelay, entry.rule.matches(request) else { continue }
            let failures = entry.errorCode.map { entry.rule.failures(of: request, with: $0, beyond: decision) }
            // Every part it would fail already fails by another rule: its turn comes later.
            if entry.rule.topic != nil || entry.rule.partition != nil, failures?.isEmpty == true { continue }
            if entry.skipped < entry.rule.skipping {
                entries[index].skipped += 1
                continue
            }
            entries[index].fired += 1
            decision.fired.append(entry.id)
            switch entry.rule.effect {
            case .fail:
                if entry.rule.topic == nil, entry.rule.partition == nil, let code = entry.errorCode {
                    decision.course = .fail(code)
                } else {
                    decision.failures += failures ?? []
                }
            case .delay(let duration): decision.delay += max(duration, .zero)
            case .silence: decision.course = .silence
            case .loseHeartbeat: decision.course = .loseHeartbeat
            case .disconnect: decision.course = .disconnect
            case .loseAcknowledgement(let loss): decision.course = .performAndLose(loss)
            }
            if entries[index].isSpent { isOver = true }
        }
        if isOver {
            for entry in entries where entry.isSpent || entry.until.map({ $0 <= now.uptime }) ?? false {
                past[entry.id] = (entry.rule, entry.fired)
            }
            entries.removeAll { past[$0.id] != nil }
        }
        return decision
    }
}

/// What happens to one request.
package struct FaultDecision: Equatable, Sendable {
    package enum Course: Equatable, Sendable {
        /// Performed and answered, but for what `failures` holds.
        case proceed
        /// Not performed; answered with the error throughout.
        case fail(ErrorCode)
        /// Not performed and not answered, nor anything that comes after it on the connection.
        case silence
        /// Not performed, and answered as if it were.
        case loseHeartbeat
        /// Not performed; the connection is closed.
        case disconnect
        /// Performed, but for what `failures` holds; then the answer is lost.
        case performAndLose(FaultEffect.Loss)
    }

    /// A part of the request that is not performed and answered with an error.
    package struct Failure: Equatable, Sendable {
        package let topic: String
        /// Nil: every partition of the topic, or the topic itself.
        package let partition: Int32?
        package let errorCode: ErrorCode
    }

    package var course = Course.proceed
    /// By how much the answer, or the closing of the connection, comes later.
    package var delay = Duration.zero
    package var failures: [Failure] = []
    /// The rules that fired, in the order in which they were added.
    package var fired: [FaultID] = []

    package init() {}

    /// The error that this part of the request is answered with, or nil when it is performed.
    package func error(topic: String, partition: Int32?) -> ErrorCode? {
        failures.first { $0.topic == topic && ($0.partition == nil || $0.partition == partition) }?.errorCode
    }
}

/// What is known of a request when it is decided whether it suffers a fault.
package struct RequestFacts: Sendable {
    package struct Topic: Equatable, Sendable {
        package let name: String
        /// Empty for a request about the topic as a whole, such as CreateTopics.
        package let partitions: [Int32]

        package init(name: String, partitions: [Int32]) {
            self.name = name
            self.partitions = partitions
        }
    }

    package var kind: RequestKind
    package var broker: Int32
    package var client: String?
    package var topics: [Topic]
    package var transactionalId: String?
    package var group: String?
    package var member: String?
    /// The `group.instance.id` of a static member.
    package var instance: String?

    package init(
        kind: RequestKind, broker: Int32, client: String?, topics: [Topic] = [], transactionalId: String? = nil,
        group: String? = nil, member: String? = nil, instance: String? = nil
    ) {
        self.kind = kind
        self.broker = broker
        self.client = client
        self.topics = topics
        self.transactionalId = transactionalId
        self.group = group
        self.member = member
        self.instance = instance
    }
}

// MARK: - Of a request

extension RequestFacts {
    /// What a request is about, for the rules that tell by it.
    ///
    /// - Parameter topicName: the name of a topic that is named by its id (Fetch v13).
    init(_ request: Request, _ header: RequestHeader, broker: Int32, topicName: (KafkaUUID) -> String?) {
        self.init(kind: RequestKind(rawValue: header.apiKey), broker: broker, client: header.clientId)
        topics = Self.topics(of: request, topicName)
        switch request {
        case .produce(let r): transactionalId = r.transactionalId
        case .findCoordinator(let r):
            let keys = r.coordinatorKeys.isEmpty ? [r.key] : r.coordinatorKeys
            if r.keyType == 0 { group = keys.first } else { transactionalId = keys.first }
        case .joinGroup(let r): (group, member, instance) = (r.groupId, r.memberId, r.groupInstanceId)
        case .consumerGroupHeartbeat(let r): (group, member, instance) = (r.groupId, r.memberId, r.instanceId)
        case .syncGroup(let r): (group, member, instance) = (r.groupId, r.memberId, r.groupInstanceId)
        case .heartbeat(let r): (group, member, instance) = (r.groupId, r.memberId, r.groupInstanceId)
        case .leaveGroup(let r):
            let first = r.members.first
            (group, member, instance) = (r.groupId, first?.memberId ?? r.memberId, first?.groupInstanceId)
        case .offsetCommit(let r): (group, member, instance) = (r.groupId, r.memberId, r.groupInstanceId)
        case .offsetFetch(let r): group = r.groups.first?.groupId ?? r.groupId
        case .offsetDelete(let r): group = r.groupId
        case .describeGroups(let r): group = r.groups.first
        case .deleteGroups(let r): group = r.groupsNames.first
        case .initProducerId(let r): transactionalId = r.transactionalId
        case .addPartitionsToTxn(let r): transactionalId = r.v3AndBelowTransactionalId
        case .addOffsetsToTxn(let r): (transactionalId, group) = (r.transactionalId, r.groupId)
        case .endTxn(let r): transactionalId = r.transactionalId
        case .txnOffsetCommit(let r):
            (transactionalId, group, member, instance) = (r.transactionalId, r.groupId, r.memberId, r.groupInstanceId)
        case .describeTransactions(let r): transactionalId = r.transactionalIds.first
        default: break
        }
    }

    private static func topics(of request: Request, _ topicName: (KafkaUUID) -> String?) -> [Topic] {
        switch request {
        case .produce(let r):
            r.topicData.map { Topic(name: $0.name, partitions: $0.partitionData.map(\.index)) }
        case .fetch(let r):
            r.topics.map { topic in
                let name = topic.topicId == .zero ? topic.topic : topicName(topic.topicId) ?? ""
                return Topic(name: name, partitions: topic.partitions.map(\.partition))
            }
        case .listOffsets(let r):
            r.topics.map { Topic(name: $0.name, partitions: $0.partitions.map(\.partitionIndex)) }
        case .offsetForLeaderEpoch(let r):
            r.topics.map { Topic(name: $0.topic, partitions: $0.partitions.map(\.partition)) }
        case .deleteRecords(let r):
            r.topics.map { Topic(name: $0.name, partitions: $0.partitions.map(\.partitionIndex)) }
        case .metadata(let r):
            (r.topics ?? []).map { Topic(name: $0.name ?? topicName($0.topicId) ?? "", partitions: []) }
        case .createTopics(let r): r.topics.map { Topic(name: $0.name, partitions: []) }
        case .deleteTopics(let r):
            r.topics.map { Topic(name: $0.name ?? topicName($0.topicId) ?? "", partitions: []) }
                + r.topicNames.map { Topic(name: $0, partitions: []) }
        case .createPartitions(let r): r.topics.map { Topic(name: $0.name, partitions: []) }
        case .describeTopicPartitions(let r): r.topics.map { Topic(name: $0.name, partitions: []) }
        case .offsetCommit(let r):
            r.topics.map { Topic(name: $0.name, partitions: $0.partitions.map(\.partitionIndex)) }
        case .txnOffsetCommit(let r):
            r.topics.map { Topic(name: $0.name, partitions: $0.partitions.map(\.partitionIndex)) }
        case .addPartitionsToTxn(let r):
            r.v3AndBelowTopics.map { Topic(name: $0.name, partitions: $0.partitions) }
        case .describeProducers(let r): r.topics.map { Topic(name: $0.name, partitions: $0.partitionIndexes) }
        default: []
        }
    }
}

internal import KrunWire

/// Which requests suffer, how, and how often.
///
/// What is nil matches everything; what is given must all match. A rule that names a topic, a partition or a group matches only
/// requests that are about one.
public struct FaultRule: Hashable, Sendable {
    public var effect: FaultEffect
    public var kind: RequestKind?
    /// The number of the broker that is asked.
    public var broker: Int32?
    public var topic: String?
    public var partition: Int32?
    /// A client id, or, with `*` at its end, how it begins.
    public var client: String?
    /// Client ids, one of which it must be.
    package var clients: Set<String>?
    /// Client ids that never suffer.
    package var sparedClients: Set<String> = []
    public var transactionalId: String?
    public var group: String?
    /// A member id of the group, or its `group.instance.id`.
    public var member: String?
    /// How many requests suffer; nil: all.
    public var times: Int?
    /// How many requests that match pass unharmed first.
    public var skipping: Int
    /// For how long after it was added the rule holds; nil: until it is removed.
    public var lasting: Duration?

    public init(
        _ effect: FaultEffect, kind: RequestKind? = nil, broker: Int32? = nil, topic: String? = nil,
        partition: Int32? = nil, client: String? = nil, transactionalId: String? = nil, group: String? = nil,
        member: String? = nil, times: Int? = nil, skipping: Int = 0, lasting: Duration? = nil
    ) {
        self.effect = effect
        self.kind = kind
        self.broker = broker
        self.topic = topic
        self.partition = partition
        self.client = client
        self.transactionalId = transactionalId
        self.group = group
        self.member = member
        self.times = times
        self.skipping = skipping
        self.lasting = lasting
    }
}

extension FaultRule {
    /// Requests of this kind fail: those about the topic and partition only, if they are given.
    public static func fail(
        _ kind: RequestKind, with error: KafkaErrorName, topic: String? = nil, partition: Int32? = nil,
        broker: Int32? = nil, client: String? = nil, transactionalId: String? = nil, group: String? = nil,
        times: Int? = nil, skipping: Int = 0, lasting: Duration? = nil
    ) -> FaultRule {
        FaultRule(
            .fail(with: error), kind: kind, broker: broker, topic: topic, partition: partition, client: client,
            transactionalId: transactionalId, group: group, times: times, skipping: skipping, lasting: lasting)
    }

    /// Answers come later by a duration; several delays add up.
    public static func delay(
        _ kind: RequestKind? = nil, by duration: Duration, topic: String? = nil, partition: Int32? = nil,
        broker: Int32? = nil, client: String? = nil, group: String? = nil, times: Int? = nil, skipping: Int = 0,
        lasting: Duration? = nil
    ) -> FaultRule {
        FaultRule(
            .delay(by: duration), kind: kind, broker: broker, topic: topic, partition: partition, client: client,
            group: group, times: times, skipping: skipping, lasting: lasting)
    }

    /// Requests are swallowed.
    public static func silence(
        _ kind: RequestKind? = nil, topic: String? = nil, partition: Int32? = nil, broker: Int32? = nil,
        client: String? = nil, group: String? = nil, times: Int? = nil, skipping: Int = 0, lasting: Duration? = nil
    ) -> FaultRule {
        FaultRule(
            .silence, kind: kind, broker: broker, topic: topic, partition: partition, client: client, group: group,
            times: times, skipping: skipping, lasting: lasting)
    }

    /// Connections are closed instead of an answer.
    public static func disconnect(
        _ kind: RequestKind? = nil, topic: String? = nil, partition: Int32? = nil, broker: Int32? = nil,
        client: String? = nil, group: String? = nil, times: Int? = nil, skipping: Int = 0, lasting: Duration? = nil
    ) -> FaultRule {
        FaultRule(
            .disconnect, kind: kind, broker: broker, topic: topic, partition: partition, client: client, group: group,
            times: times, skipping: skipping, lasting: lasting)
    }

    /// Requests are performed, records appended or offsets committed, and their answers lost.
    public static func loseAcknowledgement(
        of kind: RequestKind = .produce, topic: String? = nil, partition: Int32? = nil, broker: Int32? = nil,
        client: String? = nil, transactionalId: String? = nil, group: String? = nil, times: Int? = nil,
        skipping: Int = 0, lasting: Duration? = nil, by loss: FaultEffect.Loss = .disconnect
    ) -> FaultRule {
        FaultRule(
            .loseAcknowledgement(loss), kind: kind, broker: broker, topic: topic, partition: partition, client: client,
            transactionalId: transactionalId, group: group, times: times, skipping: skipping, lasting: lasting)
    }

    /// The heartbeats of a group, of one member or of one client in it, do not arrive.
    public static func loseHeartbeats(
        group: String, member: String? = nil, client: String? = nil, times: Int? = nil, skipping: Int = 0,
        lasting: Duration? = nil
    ) -> FaultRule {
        FaultRule(
            .loseHeartbeat, kind: .heartbeat, client: client, group: group, member: member, times: times,
            skipping: skipping, lasting: lasting)
    }
}

/// What a fault does to the requests that its rule matches.
public enum FaultEffect: Hashable, Sendable {
    /// How a client loses an answer.
    public enum Loss: Hashable, Sendable {
        /// The connection is closed instead.
        case disconnect
        /// Nothing comes, ever.
        case silence
    }

    /// The request is not performed and answered with the error: for the whole request, or, if the rule names a topic, for what is
    /// of that topic; the rest is performed.
    case fail(with: KafkaErrorName)
    /// The request is performed, its answer comes later.
    case delay(by: Duration)
    /// The request is neither performed nor answered, and its connection stalls: nothing that comes after it is served either.
    case silence
    /// The connection is closed; the request is not performed.
    case disconnect
    /// The request is performed and its answer lost: the cause of duplicates.
    case loseAcknowledgement(Loss)
    /// The heartbeat does not reach the group coordinator, which sees the member's session run out; the member believes that it did.
    case loseHeartbeat
}

/// Names a rule that was added, to count what it did and to remove it.
public struct FaultID: Hashable, Comparable, Sendable, CustomStringConvertible {
    let number: UInt64

    public static func < (a: FaultID, b: FaultID) -> Bool { a.number < b.number }

    public var description: String { "fault \(number)" }
}

// MARK: - Matching

extension FaultRule {
    var isDelay: Bool {
        if case .delay = effect { true } else { false }
    }

    func matches(_ request: RequestFacts) -> Bool {
        if let kind, kind != request.kind { return false }
        if case .loseHeartbeat = effect, request.kind != .heartbeat { return false }
        if let broker, broker != request.broker { return false }
        if let client {
            guard let id = request.client else { return false }
            if client.hasSuffix("*") {
                if !id.hasPrefix(client.dropLast()) { return false }
            } else if id != client {
                return false
            }
        }
        if let clients, request.client.map(clients.contains) != true { return false }
        if let id = request.client, sparedClients.contains(id) { return false }
        if let transactionalId, transactionalId != request.transactionalId { return false }
        if let group, group != request.group { return false }
        if let member, member != request.member, member != request.instance { return false }
        return topic == nil && partition == nil || request.topics.contains { touches($0) }
    }

    /// The parts of the request that the rule fails, without those that fail already.
    func failures(
        of request: RequestFacts, with errorCode: ErrorCode, beyond decision: FaultDecision
    ) -> [FaultDecision.Failure] {
        request.topics.filter(touches).flatMap { topic -> [FaultDecision.Failure] in
            let parts: [Int32?] = topic.partitions.isEmpty ? [nil] : topic.partitions.filter { partition ?? $0 == $0 }
            return parts.filter { decision.error(topic: topic.name, partition: $0) == nil }.map {
                FaultDecision.Failure(topic: topic.name, partition: $0, errorCode: errorCode)
            }
        }
    }

    private func touches(_ topic: RequestFacts.Topic) -> Bool {
        (self.topic ?? topic.name) == topic.name && (partition.map(topic.partitions.contains) ?? true)
    }
}

// MARK: - Description

extension FaultRule: CustomStringConvertible {
    /// One line: "Produce to orders 0 fails with NOT_LEADER_OR_FOLLOWER, 2 times".
    public var description: String {
        var text = kind?.name ?? "every request"
        if let topic { text += " to \(topic.oneLine)" }
        if let partition { text += topic == nil ? " to partition \(partition)" : " \(partition)" }
        if let group { text += " of group \(group.oneLine)" }
        if let member { text += " of member \(member.oneLine)" }
        if let transactionalId { text += " of transactional id \(transactionalId.oneLine)" }
        if let client { text += " from \(client.oneLine)" }
        if let broker { text += " at broker \(broker)" }
        switch effect {
        case .fail(let error): text += " fails with \(error)"
        case .delay(let duration): text += " is answered \(duration.shown) later"
        case .silence: text += " is swallowed"
        case .disconnect: text += " closes its connection"
        case .loseAcknowledgement(.disconnect): text += " is performed, then its connection closed"
        case .loseAcknowledgement(.silence): text += " is performed and never answered"
        case .loseHeartbeat: text += " is lost"
        }
        if let times { text += times == 1 ? ", once" : ", \(times) times" }
        if skipping > 0 { text += ", after \(skipping) that pass" }
        if let lasting { text += ", for \(lasting.shown)" }
        return text
    }
}

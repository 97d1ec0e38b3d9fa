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

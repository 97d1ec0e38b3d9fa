import KrunJSON
import KrunProtocol

/// What a step can do to the cluster, by its name in a file.
package enum FaultKind: String, CaseIterable, Sendable {
    case brokerDown = "broker-down"
    case brokerUp = "broker-up"
    case moveLeader = "move-leader"
    case moveCoordinator = "move-coordinator"
    case fail
    case delay
    case loseAcknowledgement = "lose-acknowledgement"
    case loseHeartbeats = "lose-heartbeats"
    case disconnect
    case heal

    /// Fields without which it says nothing.
    var required: [String] {
        switch self {
        case .brokerDown, .brokerUp: [FaultFields.broker.name]
        case .moveLeader: [FaultFields.topic.name, FaultFields.partition.name]
        case .moveCoordinator: [FaultFields.to.name]
        case .fail: [FaultFields.request.name, FaultFields.error.name]
        case .delay: [FaultFields.by.name]
        case .loseAcknowledgement: [FaultFields.topic.name]
        case .loseHeartbeats: [FaultFields.group.name]
        case .disconnect, .heal: []
        }
    }

    /// Fields that it may have beside those.
    var optional: [String] {
        let bounds = [FaultFields.times.name, FaultFields.duration.name]
        switch self {
        case .brokerDown: return [FaultFields.duration.name]
        case .brokerUp: return []
        case .moveLeader: return [FaultFields.to.name]
        case .moveCoordinator: return [FaultFields.group.name, FaultFields.transactionalId.name]
        case .fail:
            return [
                FaultFields.topic.name, FaultFields.partition.name, FaultFields.group.name, FaultFields.client.name,
            ]
                + bounds
        case .delay:
            return [
                FaultFields.request.name, FaultFields.topic.name, FaultFields.partition.name, FaultFields.group.name,
                FaultFields.client.name,
            ] + bounds
        case .loseAcknowledgement: return [FaultFields.partition.name, FaultFields.client.name] + bounds
        case .loseHeartbeats, .disconnect: return [FaultFields.client.name] + bounds
        case .heal: return [FaultFields.of.name]
        }
    }

    /// Whether it lies in wait for requests, so that how often it struck is known at its end.
    var strikesLater: Bool {
        switch self {
        case .fail, .delay, .loseAcknowledgement, .loseHeartbeats, .disconnect: true
        case .brokerDown, .brokerUp, .moveLeader, .moveCoordinator, .heal: false
        }
    }

    /// Whether it may have a field.
    func has(_ name: String) -> Bool {
        name == FaultFields.kind.name || name == FaultFields.expect.name || name == "note" || required.contains(name)
            || optional.contains(name)
    }
}

/// Those that can be healed.
package enum HealedKind: String, CaseIterable, Sendable {
    case brokerDown = "broker-down"
    case fail
    case delay
    case loseAcknowledgement = "lose-acknowledgement"
    case loseHeartbeats = "lose-heartbeats"
    case disconnect
}

/// A step in which the cluster suffers.
enum FaultFields {
    static let kind = Field(
        "fault", ChoiceForm<FaultKind>(), "What happens to the cluster.", isRequired: true, since: "0.2")
    static let broker = Field("broker", brokers, "The broker's number.")
    static let topic = Field(
        "topic", TextForm(summary: "a topic"), "Whose leader moves, or what a request must be about to suffer.")
    static let partition = Field(
        "partition", IntegerForm(0...Int64(Int32.max)), "The partition of it.",
        otherwise: "all, where a request suffers")
    static let to = Field(
        "to", brokers, "The broker that leads or coordinates from now on.",
        otherwise: "of a leader: another replica that is in sync")
    static let group = Field(
        "group", TextForm(minimumLength: 1, summary: "a group"),
        "Whose coordinator moves, or what a request must be about to suffer.")
    static let transactionalId = Field(
        "transactionalId", TextForm(minimumLength: 1), "Whose coordinator moves; instead of `group`.")
    static let request = Field(
        "request",
        NameForm(names: ApiKey.ofClients.map(\.name), summary: "a request's name in Kafka, such as `Produce`"),
        "Which requests suffer.", otherwise: "all")
    static let error = Field(
        "error",
        NameForm(
            names: ErrorCode.allCases.filter { $0 != .none }.map(\.name),
            summary: "an error's name in Kafka, such as `NOT_LEADER_OR_FOLLOWER`"),
        "What they are answered; they are not performed.")
    static let by = Field(
        "by", DurationForm(.milliseconds(1)...(.seconds(3_600))), "By how much answers come later.")
    static let client = Field(
        "client", TextForm(minimumLength: 1, summary: "a member's or a producer's name"), "Whose requests suffer.",
        otherwise: "those of all producers and members")
    static let times = Field(
        "times", IntegerForm(1...1_000_000_000), "How many requests suffer.", otherwise: "all until it is healed")
    static let duration = Field(
        "for", DurationForm(.milliseconds(1)...(.seconds(3_600))), "How long it lasts.", otherwise: "until it is healed"
    )
    static let of = Field("of", ChoiceForm<HealedKind>(), "Which faults are healed.", otherwise: "all")
    static let expect = Field(
        "expect", ObjectForm(shape: FaultExpectationFields.shape, isCalledByName: true), "What it must come to.")

    static let shape = ObjectShape(
        "fault", called: "a fault",
        "Makes the embedded cluster suffer; on another the scenario is skipped. What lasts does so `times` requests, `for` a duration, or until it is healed or the scenario ends.",
        [
            kind, broker, topic, partition, to, group, transactionalId, request, error, by, client, times, duration, of,
            expect,
        ],
        refused: refusals)

    private static let brokers = IntegerForm(1...64)

    /// JSON Schemas of what a fault may not be, by its kind.
    private static var refusals: [JSONValue] {
        func isOne(of kinds: [FaultKind], _ more: (String, JSONValue?)..., having names: [String] = []) -> JSONValue {
            .schema(
                [
                    ("required", .strings([kind.name] + names)),
                    (
                        "properties",
                        .schema((kind.name, .schema(("enum", .strings(kinds.map(\.rawValue))))))
                    ),
                ] + more)
        }
        let tooMuch = allNames.map { name in
            isOne(of: FaultKind.allCases.filter { !$0.has(name) }, having: [name])
        }
        let missing = FaultKind.allCases.filter { !$0.required.isEmpty }.map { kind in
            isOne(of: [kind], ("not", .required(kind.required)))
        }
        let either = [group.name, transactionalId.name]
        return tooMuch + missing + [
            isOne(of: [.moveCoordinator], having: either),
            isOne(of: [.moveCoordinator], ("not", .anyRequired(either))),
        ]
    }

    /// Those that depend on its kind.
    private static let allNames = [
        broker.name, topic.name, partition.name, to.name, group.name, transactionalId.name, request.name, error.name,
        by.name, client.name, times.name, duration.name, of.name,
    ]
}

import KrunBroker

@testable import KrunRunner

/// What a cluster of three brokers goes through while a scenario runs on it: a function of the seed alone.
///
/// A turn begins when a request of a client has suffered its rule. The rule stays in force until the turn's upheaval is there, so that no
/// client gets past it, however slow the machine is.
struct FaultSchedule {
    struct Turn {
        let rule: FaultRule
        let upheavals: [Upheaval]
    }

    enum Upheaval: Hashable {
        case stopBroker(Int32)
        case startBroker(Int32)
        case moveLeader(partition: Int32, to: Int32)
        case moveCoordinator(to: Int32)
    }

    static let brokers: Set<Int32> = [1, 2, 3]
    static let sender = "sender"
    /// How krun names the members of a group.
    static let members = "krun-*"

    let turns: [Turn]

    init(seed: UInt64, partitions: Int32) {
        var generator = SeededGenerator(seed: seed)
        turns =
            Self.turns(.produce, of: Self.sender, Self.whileProducing, partitions, &generator)
            + Self.turns(.fetch, of: Self.members, Self.whileReading, partitions, &generator)
    }

    /// Those that stop and start brokers, in their order.
    var stopsAndStarts: [Upheaval] {
        turns.flatMap(\.upheavals).filter {
            switch $0 {
            case .stopBroker, .startBroker: true
            case .moveLeader, .moveCoordinator: false
            }
        }
    }

    /// Errors after which librdkafka tries again. Records are appended or not, as the client must expect of each of them.
    private static let whileProducing: [FaultEffect] = [
        .fail(with: "NOT_LEADER_OR_FOLLOWER"), .fail(with: "LEADER_NOT_AVAILABLE"),
        .fail(with: "NOT_ENOUGH_REPLICAS"), .fail(with: "NOT_ENOUGH_REPLICAS_AFTER_APPEND"),
        .fail(with: "REQUEST_TIMED_OUT"), .fail(with: "KAFKA_STORAGE_ERROR"), .disconnect, .disconnect,
        .loseAcknowledgement(.disconnect), .loseAcknowledgement(.disconnect), .loseAcknowledgement(.disconnect),
        .loseAcknowledgement(.silence),
    ]

    private static let whileReading: [FaultEffect] = [
        .fail(with: "NOT_LEADER_OR_FOLLOWER"), .fail(with: "NOT_LEADER_OR_FOLLOWER"),
        .fail(with: "LEADER_NOT_AVAILABLE"), .fail(with: "REPLICA_NOT_AVAILABLE"), .fail(with: "KAFKA_STORAGE_ERROR"),
        .disconnect, .disconnect, .disconnect, .loseAcknowledgement(.disconnect), .loseAcknowledgement(.disconnect),
    ]

    /// One turn for each effect, in a random order; all brokers are up again at the end.
    private static func turns(
        _ kind: RequestKind, of client: String, _ effects: [FaultEffect], _ partitions: Int32,
        _ generator: inout SeededGenerator
    ) -> [Turn] {
        var up = brokers
        var turns = effects.shuffled(using: &generator).map { effect in
            let rule = FaultRule(effect, kind: kind, client: client, skipping: .random(in: 0...3, using: &generator))
            return Turn(rule: rule, upheavals: [upheaval(&up, partitions, &generator)])
        }
        let last = turns.removeLast()
        turns.append(
            Turn(rule: last.rule, upheavals: last.upheavals + brokers.subtracting(up).sorted().map { .startBroker($0) })
        )
        return turns
    }

    /// Every broker holds every partition: with one of them up, nothing is without a leader.
    private static func upheaval(
        _ up: inout Set<Int32>, _ partitions: Int32, _ generator: inout SeededGenerator
    ) -> Upheaval {
        let broker = up.sorted().randomElement(using: &generator)!
        switch Int.random(in: 0..<8, using: &generator) {
        case 0..<3 where up.count > 1:
            up.remove(broker)
            return .stopBroker(broker)
        case 3..<5 where up.count < brokers.count:
            let down = brokers.subtracting(up).sorted().randomElement(using: &generator)!
            up.insert(down)
            return .startBroker(down)
        case 5..<6:
            return .moveCoordinator(to: broker)
        default:
            return .moveLeader(partition: .random(in: 0..<partitions, using: &generator), to: broker)
        }
    }
}

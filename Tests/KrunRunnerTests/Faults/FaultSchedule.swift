import KrunBroker
import KrunPlanning

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
        /// The group's members are told by their heartbeats that they must join again.
        case rebalance
    }

    private enum Kind {
        case stop
        case start
        case leader
        case coordinator
        case rebalance
    }

    static let brokers: Set<Int32> = [1, 2, 3]
    static let sender = "sender"
    /// How krun names the members of a group.
    static let members = "krun-*"

    /// In force before the first message is sent, and lifted when each has fired: by then every partition has taken a batch and knows the
    /// producer. Brokers take the first batch of a producer that they do not know with any sequence, Kafka's too: if the batch before it
    /// fails, that one is out of order for good.
    let opening: [FaultRule]
    let turns: [Turn]

    init(seed: UInt64, partitions: Int32) {
        opening = (0..<partitions).map {
            FaultRule(
                .fail(with: "NOT_LEADER_OR_FOLLOWER"), kind: .produce, partition: $0, client: Self.sender, skipping: 1)
        }
        var generator = SeededGenerator(seed: seed)
        turns =
            Self.turns(.produce, of: Self.sender, Self.whileProducing, Self.underProducers, partitions, &generator)
            + Self.turns(.fetch, of: Self.members, Self.whileReading, Self.underReaders, partitions, &generator)
    }

    /// Those that stop and start brokers, in their order.
    var stopsAndStarts: [Upheaval] {
        turns.flatMap(\.upheavals).filter {
            switch $0 {
            case .stopBroker, .startBroker: true
            case .moveLeader, .moveCoordinator, .rebalance: false
            }
        }
    }

    var rebalances: Int { turns.flatMap(\.upheavals).count { $0 == .rebalance } }

    /// What librdkafka tries again after. No connection falls silent: while a request waits for its time-out there, the leader moves and
    /// takes the batch after it, from which librdkafka concludes that the first is in the log, at an offset that nobody tells.
    private static let whileProducing: [FaultEffect] = [
        .fail(with: "NOT_LEADER_OR_FOLLOWER"), .fail(with: "LEADER_NOT_AVAILABLE"),
        .fail(with: "NOT_ENOUGH_REPLICAS"), .fail(with: "NOT_ENOUGH_REPLICAS_AFTER_APPEND"),
        .fail(with: "REQUEST_TIMED_OUT"), .fail(with: "KAFKA_STORAGE_ERROR"), .disconnect, .disconnect,
        .loseAcknowledgement(.disconnect), .loseAcknowledgement(.disconnect), .loseAcknowledgement(.disconnect),
        .loseAcknowledgement(.disconnect),
    ]

    private static let whileReading: [FaultEffect] = [
        .fail(with: "NOT_LEADER_OR_FOLLOWER"), .fail(with: "NOT_LEADER_OR_FOLLOWER"),
        .fail(with: "LEADER_NOT_AVAILABLE"), .fail(with: "REPLICA_NOT_AVAILABLE"), .fail(with: "KAFKA_STORAGE_ERROR"),
        .disconnect, .disconnect, .disconnect, .loseAcknowledgement(.disconnect), .loseAcknowledgement(.disconnect),
    ]

    /// One for each effect.
    private static let underProducers: [Kind] = [
        .stop, .stop, .stop, .stop, .start, .start, .start, .leader, .leader, .leader, .leader, .leader,
    ]
    private static let underReaders: [Kind] = [
        .stop, .stop, .stop, .start, .start, .leader, .leader, .coordinator, .coordinator, .rebalance,
    ]

    /// The effects with the upheavals, both in a random order; all brokers are up again at the end.
    private static func turns(
        _ request: RequestKind, of client: String, _ effects: [FaultEffect], _ kinds: [Kind], _ partitions: Int32,
        _ generator: inout SeededGenerator
    ) -> [Turn] {
        var up = brokers
        var turns: [Turn] = []
        for (effect, kind) in zip(effects.shuffled(using: &generator), kinds.shuffled(using: &generator)) {
            let passing = Int.random(in: 0...3, using: &generator)
            turns.append(
                Turn(
                    rule: FaultRule(effect, kind: request, client: client, skipping: passing),
                    upheavals: [upheaval(kind, &up, partitions, &generator)]))
        }
        let last = turns.removeLast()
        let starts = brokers.subtracting(up).sorted().map(Upheaval.startBroker)
        return turns + [Turn(rule: last.rule, upheavals: last.upheavals + starts)]
    }

    /// Every broker holds every partition: with one of them up, nothing is without a leader. What cannot be done moves a leader instead.
    private static func upheaval(
        _ kind: Kind, _ up: inout Set<Int32>, _ partitions: Int32, _ generator: inout SeededGenerator
    ) -> Upheaval {
        let broker = up.sorted().randomElement(using: &generator)!
        let down = brokers.subtracting(up).sorted().randomElement(using: &generator)
        switch (kind, down) {
        case (.stop, _) where up.count > 1:
            up.remove(broker)
            return .stopBroker(broker)
        case (.start, let down?):
            up.insert(down)
            return .startBroker(down)
        case (.coordinator, _): return .moveCoordinator(to: broker)
        case (.rebalance, _): return .rebalance
        case (.stop, _), (.start, nil), (.leader, _):
            return .moveLeader(partition: .random(in: 0..<partitions, using: &generator), to: broker)
        }
    }
}

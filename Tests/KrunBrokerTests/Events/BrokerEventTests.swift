import Testing

@testable import KrunBroker

@Suite(.timeLimit(.minutes(1)))
struct BrokerEventTests {
    private static let kinds: [BrokerEvent.Kind] = [
        .requestServed(
            BrokerEvent.ServedRequest(
                broker: 1, request: .produce, version: 7, client: "app", correlationId: 12, latency: .microseconds(420),
                error: "NOT_LEADER_OR_FOLLOWER", bytesIn: 120, bytesOut: 60)),
        .requestServed(
            BrokerEvent.ServedRequest(
                broker: 1, request: .fetch, version: 11, client: nil, correlationId: -1, latency: .milliseconds(1500),
                error: nil, bytesIn: 1, bytesOut: 2)),
        .connectionOpened(broker: 1, connection: 3, peer: "127.0.0.1:5000"),
        .connectionClosed(broker: 1, connection: 3, reason: "a frame of 5 GiB"),
        .groupChanged(group: "billing", from: "Empty", to: "PreparingRebalance", generation: 4),
        .memberJoined(group: "billing", member: "m-1", client: "app"),
        .memberLeft(group: "billing", member: "m-1", reason: "session timeout"),
        .recordsAppended(
            BrokerEvent.AppendedRecords(
                topic: "orders", partition: 2, baseOffset: 10, count: 3, bytes: 300, producerId: 7)),
        .recordsAppended(
            BrokerEvent.AppendedRecords(
                topic: "orders", partition: 2, baseOffset: 13, count: 1, bytes: 70, producerId: nil)),
        .leaderChanged(topic: "orders", partition: 2, from: 1, to: nil, epoch: 5),
        .coordinatorMoved(key: "billing", isTransactional: false, from: 1, to: 2),
        .coordinatorMoved(key: "tx", isTransactional: true, from: 1, to: 2), .brokerStopped(1), .brokerStarted(1),
        .topicCreated(topic: "orders", partitions: 3), .topicDeleted(topic: "orders"),
        .topicCreated(topic: "orders", partitions: 1, client: "app", isAutomatic: true),
        .partitionsAdded(topic: "orders", partitions: 6, client: "app"), .topicDeleted(topic: "orders", client: "app"),
        .recordsDeleted(topic: "orders", partition: 2, before: 10, client: "app"),
        .clientIdentified(
            BrokerEvent.IdentifiedClient(
                broker: 1, connection: 3, peer: "127.0.0.1", client: "app", softwareName: "librdkafka",
                softwareVersion: "2.0.2")),
        .clientIdentified(
            BrokerEvent.IdentifiedClient(
                broker: 1, connection: 4, peer: "127.0.0.1", client: nil, softwareName: nil, softwareVersion: nil)),
        .rebalanceStarted(
            BrokerEvent.GroupRebalance(group: "billing", generation: 4, .memberJoined(memberId: "m-1", reason: nil))),
        .rebalanceStarted(
            BrokerEvent.GroupRebalance(
                group: "billing", generation: 4, .leaderRejoined(memberId: "m-1", reason: "metadata changed"))),
        .rebalanceStarted(
            BrokerEvent.GroupRebalance(
                group: "billing", generation: 4, .membersRemoved(memberIds: ["m-1", "m-2"], why: .didNotSync))),
        .partitionsAssigned(
            BrokerEvent.GroupAssignment(
                group: "billing", generation: 5, assignor: "range",
                members: [("m-1", ConsumerAssignment(assigned)), ("m-2", ConsumerAssignment([])), ("m-3", nil)])),
        .offsetsCommitted(
            BrokerEvent.CommittedOffsets(
                group: "billing", member: "m-1", producerId: nil,
                (0..<66).map { committed($0, at: Int64($0) + 10) })),
        .offsetsCommitted(
            BrokerEvent.CommittedOffsets(group: "billing", member: "", producerId: 7, [committed(2, at: 10)])),
        .offsetsDeleted(group: "billing", partitions: 1), .offsetsDeleted(group: "billing", partitions: 2),
        .groupDeleted(group: "billing"),
        .configsChanged(
            BrokerEvent.ConfigsChange(
                resource: .topic("orders"),
                changes: [.init(name: "cleanup.policy", value: "compact"), .init(name: "retention.ms", value: nil)],
                client: "app")),
        .configsChanged(
            BrokerEvent.ConfigsChange(
                resource: .broker(1), changes: [.init(name: "num.partitions", value: "3")], client: nil)),
        .configsChanged(
            BrokerEvent.ConfigsChange(
                resource: .allBrokers, changes: [.init(name: "num.partitions", value: "3")], client: nil)),
        .recordsAppended(
            BrokerEvent.AppendedRecords(
                topic: "orders", partition: 2, baseOffset: 14, count: 1, bytes: 78, producerId: 7, isMarker: true)),
        .memoryLimitReached(topic: "orders", partition: 2, limit: 1024),
        .faultFired(FaultID(number: 4), rule: FaultRule.disconnect(.fetch).description, request: .fetch, client: "app"),
        .transactionChanged(
            BrokerEvent.TransactionChange(
                TransactionEvent(
                    transactionalId: "tx", producerId: 7, producerEpoch: 1, from: .ongoing, to: .prepareAbort,
                    cause: .timedOut))),
    ]

    /// Partitions 0 and 2 of `orders`, and 1 of `payments`, with user data that is not looked at.
    private static let assigned: [UInt8] =
        [0, 1, 0, 0, 0, 2, 0, 6] + "orders".utf8 + [0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2]
        + [0, 8] + "payments".utf8 + [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 9]

    private static func committed(_ partition: Int32, at offset: Int64) -> CommittedPartition {
        CommittedPartition(
            partition: GroupPartition(topic: "orders", partition: partition),
            committed: CommittedOffset(offset: offset, commitTimestamp: 0))
    }

    @Test func oneLineEach() {
        let lines = Self.kinds.map { BrokerEvent(at: .microseconds(1_204_567), $0).description }
        #expect(
            lines == [
                "1.204567 broker 1: Produce v7 from app #12, 0.42 ms, 120 B in, 60 B out, NOT_LEADER_OR_FOLLOWER",
                "1.204567 broker 1: Fetch v11 #-1, 1.5 s, 1 B in, 2 B out",
                "1.204567 broker 1: connection 3 from 127.0.0.1:5000",
                "1.204567 broker 1: connection 3 closed: a frame of 5 GiB",
                "1.204567 group billing: Empty to PreparingRebalance, generation 4",
                "1.204567 group billing: member m-1 of client app joined",
                "1.204567 group billing: member m-1 left: session timeout",
                "1.204567 orders 2: 3 records at 10, 300 B, producer id 7", "1.204567 orders 2: 1 record at 13, 70 B",
                "1.204567 orders 2: leader 1 to none, epoch 5", "1.204567 group billing: coordinator 1 to 2",
                "1.204567 transactional id tx: coordinator 1 to 2", "1.204567 broker 1: stopped",
                "1.204567 broker 1: started", "1.204567 orders: created with 3 partitions", "1.204567 orders: deleted",
                "1.204567 orders: created automatically with 1 partition by app",
                "1.204567 orders: has 6 partitions now by app", "1.204567 orders: deleted by app",
                "1.204567 orders 2: records before 10 deleted by app",
                "1.204567 broker 1: connection 3 is app, librdkafka 2.0.2",
                "1.204567 broker 1: connection 4 is of a client without an id",
                "1.204567 group billing: rebalances after generation 4 (memberJoined): m-1",
                "1.204567 group billing: rebalances after generation 4 (leaderRejoined): m-1, metadata changed",
                "1.204567 group billing: rebalances after generation 4 (membersRemoved): m-1, m-2",
                "1.204567 group billing: generation 5 by range: m-1: orders 0, 2, payments 1; m-2: nothing; m-3: nothing",
                "1.204567 group billing: committed "
                    + (0..<64).map { "orders \($0) at \($0 + 10)" }.joined(separator: ", ") + " and 2 more by m-1",
                "1.204567 group billing: committed orders 2 at 10, producer id 7",
                "1.204567 group billing: offsets of 1 partition deleted",
                "1.204567 group billing: offsets of 2 partitions deleted", "1.204567 group billing: deleted",
                "1.204567 orders: cleanup.policy = compact, retention.ms by default by app",
                "1.204567 broker 1: num.partitions = 3", "1.204567 all brokers: num.partitions = 3",
                "1.204567 orders 2: 1 record at 14, 78 B, producer id 7, a transaction's marker",
                "1.204567 orders 2: records refused, the limit of 1024 B of memory is reached",
                "1.204567 fault 4 fired on Fetch from app: Fetch closes its connection",
                "1.204567 transactional id tx: Ongoing to PrepareAbort (timedOut), producer id 7, epoch 1",
            ])
    }

    /// What a client calls itself neither breaks the line nor fills the memory.
    @Test func hostileNames() {
        let joined = BrokerEvent(
            at: .zero,
            .memberJoined(
                group: "a\nb\u{7F}\u{2028}", member: String(repeating: "m", count: 30_000),
                client: String(repeating: "é", count: 20_000)))
        #expect(
            joined.description
                == "0.000000 group a\u{FFFD}b\u{FFFD}\u{FFFD}: member \(String(repeating: "m", count: 120))… of client "
                + "\(String(repeating: "é", count: 120))… joined")
        guard case .memberJoined(_, let member, let client) = joined.kind else { return }
        #expect(member.utf8.count == 256 && client.utf8.count == 256)
    }

    private static let durations: [(Duration, String, String)] = [
        (.zero, "0 ms", "0.000000"), (.nanoseconds(1), "0 ms", "0.000000"), (.microseconds(5), "0.005 ms", "0.000005"),
        (.milliseconds(999), "999 ms", "0.999000"), (.seconds(61), "61 s", "61.000000"),
        (.milliseconds(-1500), "-1.5 s", "-1.500000"),
    ]

    @Test(arguments: durations)
    func durationsAreShown(duration: Duration, shown: String, timestamp: String) {
        #expect(duration.shown == shown)
        #expect(duration.timestamp == timestamp)
    }
}

import Testing

@testable import KrunBroker
@testable import KrunTools

/// What each event's line says, and which have none.
@Suite(.timeLimit(.minutes(1)))
struct BrokerLogTests {
    private static let member = "app-01234567-89ab-cdef-0123-456789abcdef"
    private static let other = "app-fedcba98-89ab-cdef-0123-456789abcdef"

    private func lines(_ events: [BrokerEvent.Kind], isVerbose: Bool = false) -> [String] {
        var log = BrokerLog(isVerbose: isVerbose)
        return events.flatMap { log.take($0, at: .zero) }.map(\.text) + log.finish().map(\.text)
    }

    private func client(_ connection: UInt64, _ id: String?, _ software: String? = nil) -> [BrokerEvent.Kind] {
        [
            .connectionOpened(broker: 1, connection: connection, peer: "127.0.0.1"),
            .clientIdentified(
                BrokerEvent.IdentifiedClient(
                    broker: 1, connection: connection, peer: "127.0.0.1", client: id, softwareName: software,
                    softwareVersion: software.map { _ in "2.0" })),
        ]
    }

    private func closed(_ connection: UInt64, _ reason: Connection.CloseReason = .byClient) -> BrokerEvent.Kind {
        .connectionClosed(broker: 1, connection: connection, reason: reason.rawValue)
    }

    @Test func clientsComeAndGoWithTheirFirstAndLastConnection() {
        let events =
            client(1, "app", "librdkafka") + client(2, "app", "librdkafka") + client(3, nil) + client(4, "")
            + [closed(1), closed(4, .idle), closed(3), closed(2)]
        #expect(
            lines(events) == [
                "client app (librdkafka 2.0) connected from 127.0.0.1",
                "a client without client.id connected from 127.0.0.1",
                "a client without client.id connected from 127.0.0.1",
                "a client without client.id disconnected: idle for connections.max.idle.ms",
                "a client without client.id disconnected", "client app disconnected",
            ])
    }

    @Test func strangersAreToldOnlyWhereTheyDidWrong() {
        let open = (1...3).map { BrokerEvent.Kind.connectionOpened(broker: 1, connection: $0, peer: "10.0.0.7") }
        #expect(
            lines(open + [closed(1), closed(2, .badFrame), closed(3, .noLogin), closed(9)]) == [
                "a connection from 10.0.0.7 that never said whose it is was closed: a frame that cannot be read",
                "a connection from 10.0.0.7 that never said whose it is was closed: a request before the login",
            ])
    }

    /// The client asks again and again; one line says what to set.
    @Test func aGroupProtocolThatIsNotServedIsToldOnce() {
        let asked = BrokerEvent.Kind.groupProtocolNotServed(group: "billing", client: "app")
        #expect(
            lines([asked, asked, .groupProtocolNotServed(group: "billing", client: nil)]) == [
                "client app asked for the group protocol consumer in group billing; this broker has the classic one: "
                    + "set group.protocol=classic",
                "a client without client.id asked for the group protocol consumer in group billing; this broker has the "
                    + "classic one: set group.protocol=classic",
            ])
    }

    /// A client that speaks another version learns only that its connection was closed.
    @Test func whatIsNotServedIsNamed() {
        func asks(_ connection: UInt64, _ client: String?, _ request: RequestKind, _ version: Int16) -> BrokerEvent.Kind
        {
            .requestNotServed(
                BrokerEvent.UnservedRequest(
                    broker: 1, connection: connection, peer: "10.0.0.7", request: request, version: version,
                    client: client, servedVersions: request == .fetch ? 4...17 : nil))
        }
        let events =
            client(1, "sarama-1") + [asks(1, "sarama-1", .fetch, 2), closed(1, .notServed)]
            + [.connectionOpened(broker: 1, connection: 2, peer: "10.0.0.7")]
            + [asks(2, nil, RequestKind(rawValue: 76), 0), closed(2, .notServed)]
        #expect(
            lines(events) == [
                "client sarama-1 connected from 127.0.0.1",
                "client sarama-1 asked for Fetch v2; v4 to v17 are served; its connection is closed",
                "client sarama-1 disconnected: a request that this broker does not serve",
                "a client at 10.0.0.7 asked for ShareGroupHeartbeat v0; no version of it is; its connection is closed",
            ])
    }

    @Test func requestsAndConnectionsAreForTheVerbose() {
        let events =
            client(1, "app") + [
                .requestServed(
                    BrokerEvent.ServedRequest(
                        broker: 1, request: .produce, version: 7, client: "app\u{1B}", correlationId: 12,
                        latency: .microseconds(420), error: nil, bytesIn: 120, bytesOut: 60)), closed(1),
            ]
        #expect(lines(events) == ["client app connected from 127.0.0.1", "client app disconnected"])
        #expect(
            lines(events, isVerbose: true) == [
                "broker 1: connection 1 from 127.0.0.1", "client app connected from 127.0.0.1",
                "broker 1: Produce v7 from app\u{FFFD} #12, 0.42 ms, 120 B in, 60 B out",
                "broker 1: connection 1 closed: closed by the client", "client app disconnected",
            ])
    }

    @Test func topics() {
        let events: [BrokerEvent.Kind] = [
            .topicCreated(topic: "orders", partitions: 3), .topicCreated(topic: "a", partitions: 1, client: "app"),
            .topicCreated(topic: "b", partitions: 1, client: "app\n", isAutomatic: true),
            .partitionsAdded(topic: "orders", partitions: 6, client: "app"),
            .recordsDeleted(topic: "orders", partition: 2, before: 10, client: nil), .topicDeleted(topic: "a"),
            .topicDeleted(topic: "b", client: ""),
            .configsChanged(
                BrokerEvent.ConfigsChange(
                    resource: .topic("orders"),
                    changes: [
                        .init(name: "cleanup.policy", value: "compact"), .init(name: "retention.ms", value: nil),
                    ],
                    client: "app")),
            .configsChanged(
                BrokerEvent.ConfigsChange(
                    resource: .broker(1), changes: [.init(name: "num.partitions", value: "3")], client: nil)),
            .configsChanged(
                BrokerEvent.ConfigsChange(
                    resource: .allBrokers, changes: [.init(name: "num.partitions", value: "3")], client: nil)),
        ]
        #expect(
            lines(events) == [
                "topic orders: created with 3 partitions", "topic a: created with 1 partition by client app",
                "topic b: created with 1 partition, because client app\\u000A asked for it",
                "topic orders: has 6 partitions now, made by client app",
                "topic orders: what was before offset 10 of partition 2 deleted", "topic a: deleted",
                "topic b: deleted by a client without client.id",
                "topic orders: configs changed by client app: cleanup.policy = compact, retention.ms = (default)",
                "broker 1: configs changed: num.partitions = 3", "all brokers: configs changed: num.partitions = 3",
            ])
    }

    @Test func groups() {
        let (group, member, other) = ("billing", Self.member, Self.other)
        let events: [BrokerEvent.Kind] = [
            .memberJoined(group: group, member: member, client: "app"),
            .groupChanged(group: group, from: "Empty", to: "PreparingRebalance", generation: 0),
            .rebalanceStarted(.init(group: group, generation: 0, .memberJoined(memberId: member, reason: nil))),
            .memberJoined(group: group, member: other, client: "app"),
            .partitionsAssigned(assignment([(member, [0, 2]), (other, [])])),
            .groupChanged(group: group, from: "CompletingRebalance", to: "Stable", generation: 1),
            .rebalanceStarted(.init(group: group, generation: 1, .leaderRejoined(memberId: member, reason: "topics"))),
            .rebalanceStarted(.init(group: group, generation: 1, .leaderRejoined(memberId: member, reason: nil))),
            .rebalanceStarted(.init(group: group, generation: 1, .protocolsChanged(memberId: other, reason: nil))),
            .memberLeft(group: group, member: other, reason: "no heartbeat within its session timeout"),
            // It was only told its id.
            .memberLeft(group: group, member: "somebody", reason: "left"),
            .rebalanceStarted(.init(group: group, generation: 1, .membersRemoved(memberIds: [other], why: .expelled))),
            .memberLeft(group: group, member: member, reason: "left: the consumer is being closed"),
            .groupChanged(group: group, from: "PreparingRebalance", to: "Empty", generation: 2),
            .offsetsDeleted(group: group, partitions: 1), .offsetsDeleted(group: group, partitions: 3),
            .groupDeleted(group: group), .groupDeleted(group: ""),
        ]
        #expect(
            lines(events) == [
                "group billing: member app-01234567… joined", "group billing: member app-fedcba98… joined",
                "group billing: generation 1 (range): app-01234567… has orders 0, 2; app-fedcba98… has nothing",
                "group billing: rebalances, its leader app-01234567… joined again: topics",
                "group billing: rebalances, its leader app-01234567… joined again",
                "group billing: rebalances, member app-fedcba98… joined again with another subscription",
                "group billing: member app-fedcba98… removed: no heartbeat within its session timeout",
                "group billing: member app-01234567… left: the consumer is being closed",
                "group billing: no members any more", "group billing: offsets of 1 partition deleted",
                "group billing: offsets of 3 partitions deleted", "group billing: deleted", "group \"\": deleted",
            ])
    }

    /// Ten members with ten partitions each would fill a screen.
    @Test func longAssignmentsAreCut() {
        let members: [(String, [Int32])] = (0..<10).map { member in
            ("m\(member)", (0..<10).map { Int32(member * 10 + $0) })
        }
        let all: [String] = members.prefix(8).map { name, partitions in
            let shown = partitions.prefix(8).map { String($0) }.joined(separator: ", ")
            return "\(name) has orders \(shown) … 10 in all"
        }
        #expect(
            lines([.partitionsAssigned(assignment(members))])
                == ["group billing: generation 1 (range): \(all.joined(separator: "; ")); … 10 members in all"])
    }

    @Test func transactions() {
        func change(_ from: TransactionState, _ to: TransactionState, _ cause: TransactionEvent.Cause)
            -> BrokerEvent.Kind
        {
            .transactionChanged(
                BrokerEvent.TransactionChange(
                    TransactionEvent(
                        transactionalId: "tx", producerId: 7, producerEpoch: 1, from: from, to: to, cause: cause)))
        }
        let events = [
            change(.empty, .empty, .initialized), change(.empty, .ongoing, .begun),
            change(.ongoing, .prepareCommit, .ended), change(.prepareCommit, .completeCommit, .markersWritten),
            change(.ongoing, .prepareAbort, .ended), change(.ongoing, .prepareAbort, .timedOut),
            change(.ongoing, .prepareAbort, .fenced), change(.prepareAbort, .completeAbort, .markersWritten),
            change(.completeAbort, .dead, .expired),
        ]
        #expect(
            lines(events).map { $0.replacing("transactional id tx: ", with: "") } == [
                "producer id 7, epoch 1", "transaction begun", "transaction committed", "transaction aborted",
                "transaction aborted: its timeout passed",
                "transaction aborted: another producer uses the transactional id now",
                "forgotten, for nothing was heard of it for long",
            ])
    }

    @Test func othersAreToldInTheClustersWords() {
        let events: [BrokerEvent.Kind] = [
            .leaderChanged(topic: "orders", partition: 2, from: 1, to: nil, epoch: 5), .brokerStopped(1),
            .brokerStarted(1), .coordinatorMoved(key: "billing", isTransactional: false, from: 1, to: 2),
        ]
        #expect(
            lines(events) == [
                "orders 2: leader 1 to none, epoch 5", "broker 1: stopped", "broker 1: started",
                "group billing: coordinator 1 to 2",
            ])
    }

    // MARK: What happens often

    private func appended(_ topic: String, _ partition: Int32, _ count: Int, isMarker: Bool = false)
        -> BrokerEvent.Kind
    {
        .recordsAppended(
            BrokerEvent.AppendedRecords(
                topic: topic, partition: partition, baseOffset: 0, count: count, bytes: 9, producerId: nil,
                isMarker: isMarker))
    }

    private func committed(_ offsets: [(Int32, Int64)], of topic: String = "orders", producer: Int64? = nil)
        -> BrokerEvent.Kind
    {
        .offsetsCommitted(
            BrokerEvent.CommittedOffsets(
                group: "billing", member: "m", producerId: producer,
                offsets.map {
                    CommittedPartition(
                        partition: GroupPartition(topic: topic, partition: $0.0),
                        committed: CommittedOffset(offset: $0.1, commitTimestamp: 0))
                }))
    }

    private func assignment(_ members: [(String, [Int32])]) -> BrokerEvent.GroupAssignment {
        BrokerEvent.GroupAssignment(
            group: "billing", generation: 1, assignor: "range",
            members: members.map { member, partitions in
                var bytes: [UInt8] = [0, 0, 0, 0, 0, 1, 0, 6] + Array("orders".utf8)
                bytes += [0, 0, 0, UInt8(partitions.count)] + partitions.flatMap { [0, 0, 0, UInt8($0)] }
                return (member, partitions.isEmpty ? ConsumerAssignment([]) : ConsumerAssignment(bytes))
            })
    }

    @Test func messagesAndCommitsAreGathered() {
        var log = BrokerLog()
        #expect(log.nextDue == nil)
        #expect(log.take(appended("orders", 1, 2), at: .zero).isEmpty)
        #expect(log.take(appended("orders", 0, 3), at: .milliseconds(100)).isEmpty)
        #expect(log.take(appended("orders", 2, 1, isMarker: true), at: .milliseconds(100)).isEmpty)
        #expect(log.take(committed([(0, 1)]), at: .milliseconds(100)).isEmpty)
        #expect(log.take(committed([(0, 3), (1, 1)]), at: .milliseconds(200)).isEmpty)
        #expect(log.nextDue == .milliseconds(250))
        #expect(log.due(at: .milliseconds(249)).isEmpty)
        #expect(log.due(at: .milliseconds(250)).map(\.text) == ["topic orders: 5 messages in partitions 0, 1"])
        #expect(log.nextDue == .milliseconds(350))
        #expect(log.due(at: .milliseconds(350)).map(\.text) == ["group billing: committed orders 0 at 3, 1 at 1"])
        // From then on at most one line a second.
        #expect(log.take(appended("orders", 1, 1), at: .milliseconds(400)).isEmpty)
        #expect(log.take(committed([(1, 2)], of: "payments", producer: 7), at: .milliseconds(400)).isEmpty)
        #expect(log.nextDue == .milliseconds(1250))
        #expect(log.due(at: .milliseconds(1250)).map(\.text) == ["topic orders: 1 message in partition 1"])
        #expect(
            log.due(at: .milliseconds(1350)).map(\.text)
                == ["group billing: committed payments 1 at 2, in a transaction"])
        // What is quiet for a second is forgotten, and soon told again.
        #expect(log.due(at: .milliseconds(2400)).isEmpty)
        #expect(log.nextDue == nil)
        #expect(log.take(appended("orders", 1, 1), at: .seconds(3)).isEmpty)
        #expect(log.nextDue == .milliseconds(3250))
    }

    /// An event names 64 offsets of a commit and how many there are.
    @Test func aLargeCommitIsCounted() {
        let first = (0..<7).map { "\($0) at 5" }.joined(separator: ", ")
        #expect(
            lines([committed((0..<64).map { ($0, 5) })])
                == ["group billing: committed orders \(first), 7 at 5 … 64 in all"])
        #expect(
            lines([committed((0..<1500).map { ($0, 5) }), committed((0..<1500).map { ($0, 5) })])
                == ["group billing: committed orders \(first), 7 at 5 …; at least 1 500 partitions in all"])
        #expect(
            lines([
                committed((0..<70).map { ($0, 5) }), committed([(0, 1)], of: "payments"),
                committed((100..<164).map { ($0, 6) }),
            ]) == [
                "group billing: committed orders \(first), 7 at 5 …; payments 0 at 1; at least 129 partitions in all"
            ])
    }

    /// What is gathered is told before what came later of the same thing.
    @Test func gatheredLinesKeepTheOrder() {
        #expect(
            lines([
                appended("orders", 0, 1), committed([(0, 1)]), .memberJoined(group: "billing", member: "m", client: ""),
                appended("orders", 0, 1), .topicDeleted(topic: "orders"), appended("payments", 0, 1),
                committed([(0, 2)]), committed([(1, 1)], of: "payments"),
                .memoryLimitReached(topic: "t", partition: 0, limit: 17_179_869_184),
                .memoryLimitReached(topic: "t", partition: 0, limit: 17_179_869_184),
            ]) == [
                "topic orders: 1 message in partition 0", "group billing: committed orders 0 at 1",
                "group billing: member m joined", "topic orders: 1 message in partition 0", "topic orders: deleted",
                "topic payments: 1 message in partition 0", "group billing: committed orders 0 at 2; payments 1 at 1",
                "messages refused: the logs take all the memory that they may, 16 384 MiB",
            ])
    }

    @Test func theSummaryCountsWhatIsThere() {
        var log = BrokerLog()
        #expect(log.summary == "0 topics, 0 messages, 0 groups")
        let events: [BrokerEvent.Kind] = [
            .topicCreated(topic: "orders", partitions: 3), .topicCreated(topic: "a", partitions: 1),
            .topicDeleted(topic: "a"), appended("orders", 0, 1234), appended("orders", 0, 1, isMarker: true),
            committed([(0, 1)]), .memberJoined(group: "b", member: "m", client: ""), .groupDeleted(group: "billing"),
        ]
        for event in events { _ = log.take(event, at: .zero) }
        #expect(log.summary == "1 topic, 1 234 messages, 1 group")
    }
}

import KrunBroker
import Testing

@testable import KrunControl

/// Each kind of event as its line.
@Suite(.timeLimit(.minutes(2)))
struct BrokerEventLineTests {
    private static let lines: [(BrokerEvent.Kind, String)] = [
        (
            .connectionOpened(broker: 1, connection: 7, peer: "127.0.0.1:5"),
            #""name":"connection_opened","broker":1,"connection":7,"peer":"127.0.0.1:5""#
        ),
        (
            .connectionClosed(broker: 1, connection: 7, reason: "closed by the client"),
            #""name":"connection_closed","broker":1,"connection":7,"reason":"closed by the client""#
        ),
        (
            .clientIdentified(
                .init(
                    broker: 1, connection: 7, peer: "127.0.0.1", client: "app", softwareName: "librdkafka",
                    softwareVersion: nil)),
            #""name":"client_identified","broker":1,"connection":7,"peer":"127.0.0.1","client":"app","softwareName":"librdkafka""#
        ),
        (
            .groupProtocolNotServed(group: "billing", client: "app"),
            #""name":"group_protocol_not_served","group":"billing","client":"app""#
        ),
        (
            .groupChanged(group: "billing", from: "Empty", to: "Stable", generation: 1),
            #""name":"group_changed","group":"billing","from":"Empty","to":"Stable","generation":1"#
        ),
        (
            .memberJoined(group: "billing", member: "app-1", client: "app"),
            #""name":"member_joined","group":"billing","member":"app-1","client":"app""#
        ),
        (
            .memberLeft(group: "billing", member: "app-1", reason: "left"),
            #""name":"member_left","group":"billing","member":"app-1","reason":"left""#
        ),
        (
            .rebalanceStarted(.init(group: "billing", generation: 1, .memberJoined(memberId: "app-2", reason: nil))),
            #""name":"rebalance_started","group":"billing","generation":1,"cause":"memberJoined","members":["app-2"]"#
        ),
        (
            .partitionsAssigned(.init(group: "billing", generation: 1, assignor: "range", members: [("app-1", nil)])),
            #""name":"partitions_assigned","group":"billing","generation":1,"assignor":"range","memberCount":1,"members":[{"member":"app-1","topics":[]}]"#
        ),
        (
            .offsetsCommitted(
                .init(
                    group: "billing", member: "", producerId: 4,
                    [
                        .init(
                            partition: .init(topic: "orders", partition: 2),
                            committed: .init(offset: 9, commitTimestamp: 0))
                    ])),
            #""name":"offsets_committed","group":"billing","producerId":4,"count":1,"offsets":[{"topic":"orders","partition":2,"offset":9}]"#
        ),
        (
            .offsetsDeleted(group: "billing", partitions: 2),
            #""name":"offsets_deleted","group":"billing","partitions":2"#
        ),
        (.groupDeleted(group: "billing"), #""name":"group_deleted","group":"billing""#),
        (
            .recordsAppended(
                .init(topic: "orders", partition: 1, baseOffset: 3, count: 2, bytes: 90, producerId: nil)),
            #""name":"records_appended","topic":"orders","partition":1,"baseOffset":3,"count":2,"bytes":90"#
        ),
        (
            .recordsAppended(
                .init(topic: "orders", partition: 1, baseOffset: 5, count: 1, bytes: 78, producerId: 8, isMarker: true)),
            #""name":"records_appended","topic":"orders","partition":1,"baseOffset":5,"count":1,"bytes":78,"producerId":8,"marker":true"#
        ),
        (
            .leaderChanged(topic: "orders", partition: 0, from: nil, to: 2, epoch: 4),
            #""name":"leader_changed","topic":"orders","partition":0,"to":2,"epoch":4"#
        ),
        (
            .coordinatorMoved(key: "billing", isTransactional: false, from: 1, to: 2),
            #""name":"coordinator_moved","group":"billing","from":1,"to":2"#
        ),
        (
            .coordinatorMoved(key: "tx", isTransactional: true, from: 1, to: 2),
            #""name":"coordinator_moved","transactionalId":"tx","from":1,"to":2"#
        ),
        (.brokerStopped(2), #""name":"broker_stopped","broker":2"#),
        (.brokerStarted(2), #""name":"broker_started","broker":2"#),
        (
            .topicCreated(topic: "orders", partitions: 3, client: "app", isAutomatic: true),
            #""name":"topic_created","topic":"orders","partitions":3,"client":"app","automatic":true"#
        ),
        (
            .partitionsAdded(topic: "orders", partitions: 6),
            #""name":"partitions_added","topic":"orders","partitions":6"#
        ),
        (.topicDeleted(topic: "orders", client: "app\n"), #""name":"topic_deleted","topic":"orders","client":"app\n""#),
        (
            .recordsDeleted(topic: "orders", partition: 0, before: 5, client: nil),
            #""name":"records_deleted","topic":"orders","partition":0,"before":5"#
        ),
        (
            .configsChanged(
                .init(resource: .topic("orders"), changes: [.init(name: "retention.ms", value: "1000")], client: nil)),
            #""name":"configs_changed","topic":"orders","changes":[{"name":"retention.ms","value":"1000"}]"#
        ),
        (
            .configsChanged(
                .init(resource: .allBrokers, changes: [.init(name: "log.retention.ms", value: nil)], client: "app")),
            #""name":"configs_changed","allBrokers":true,"changes":[{"name":"log.retention.ms"}],"client":"app""#
        ),
        (
            .memoryLimitReached(topic: "orders", partition: 0, limit: 1024),
            #""name":"memory_limit_reached","topic":"orders","partition":0,"limit":1024"#
        ),
        (
            .requestServed(
                .init(
                    broker: 1, request: RequestKind(rawValue: 0), version: 9, client: "app", correlationId: 3,
                    latency: .microseconds(420), error: "NOT_ENOUGH_REPLICAS", bytesIn: 120, bytesOut: 60)),
            #""name":"request_served","broker":1,"request":"Produce","version":9,"client":"app","correlationId":3,"duration":"0.42ms","error":"NOT_ENOUGH_REPLICAS","bytesIn":120,"bytesOut":60"#
        ),
        (
            .requestNotServed(
                .init(
                    broker: 1, connection: 2, peer: "127.0.0.1", request: RequestKind(rawValue: 1), version: 2,
                    client: nil,
                    servedVersions: 4...17)),
            #""name":"request_not_served","broker":1,"connection":2,"peer":"127.0.0.1","request":"Fetch","version":2,"servedVersions":[4,17]"#
        ),
    ]

    @Test(arguments: lines.indices) func eachIsOneLine(_ index: Int) {
        let (event, expected) = Self.lines[index]
        #expect(BrokerEventLine.text(event, at: 1_795_910_400_123) == "{\"timestamp\":1795910400123,\(expected)}\n")
    }

    /// Those that only a cluster makes: a fault that strikes, and a transaction.
    @Test func faultsAndTransactionsAreTold() async throws {
        try await ControlledCluster.with(brokers: 1) { cluster in
            try cluster.cluster.createTopic("orders", partitions: 1)
            let connection = try RawConnection(cluster.server.address)
            connection.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            _ = await connection.read(until: "\r\n\r\n")
            let steps = [
                "{ \"fault\": \"fail\", \"request\": \"Produce\", \"error\": \"NOT_ENOUGH_REPLICAS\", \"times\": 1 }",
                "{ \"produce\": \"orders\", \"transactionalId\": \"tx\", \"transaction\": \"commit\", \"messages\": [{ \"value\": \"tea\" }] }",
            ]
            for step in steps {
                let answer = try await cluster.step(step)
                #expect(answer.status == "HTTP/1.1 200 OK", "\(answer.body)")
            }
            try cluster.cluster.createTopic("end")
            let lines = await connection.read(until: "\"topic\":\"end\"")
            #expect(
                lines.contains(
                    #""name":"fault_fired","fault":"Produce fails with NOT_ENOUGH_REPLICAS, once","request":"Produce","client":"#
                ))
            #expect(lines.contains(#""name":"transaction_changed","transactionalId":"tx","producerId":"#))
            #expect(lines.contains(#""from":"Empty","to":"Ongoing","cause":"begun"}"#))
        }
    }
}

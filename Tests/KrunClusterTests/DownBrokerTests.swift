import KrunWire
import NIOCore
import Testing

@testable import KrunBroker

/// What goes on while a broker is down, and what it gets back.
@Suite(.timeLimit(.minutes(1)))
struct DownBrokerTests {
    @Test
    func topicsAreMadeWithFewerInSync() async throws {
        let cluster = try EmbeddedCluster()
        defer { cluster.close() }
        try cluster.stopBroker(2)
        let client = try await cluster.client()
        let made = try await client.send(Ask.topic("t", 3, factor: 3), version: 7).topics[0]
        #expect(made.errorCode == .none)
        let found = try await client.send(Ask.metadata(["t", "u"], creating: true), version: 12).topics
        #expect(found.map(\.errorCode) == [.none, .none])
        #expect(found[0].partitions.map(\.replicaNodes) == [[1, 3, 2], [3, 1, 2], [1, 3, 2]])
        #expect(found[0].partitions.map(\.isrNodes) == [[1, 3], [3, 1], [1, 3]])
        #expect(found[0].partitions.map(\.leaderId) == [1, 3, 1])
        let factor = try await client.send(Ask.topic("v", 1, factor: 4), version: 7).topics[0]
        #expect(
            factor.errorMessage
                == "Unable to replicate the partition 4 time(s): The target replication factor of 4 cannot be reached "
                + "because only 3 broker(s) are registered.")
        let alone = try await client.send(Ask.topic("w", on: [2]), version: 7).topics[0]
        #expect(alone.errorCode == .invalidReplicaAssignment)
        #expect(
            alone.errorMessage
                == "All brokers specified in the manual partition assignment for partition 0 are fenced or in controlled "
                + "shutdown.")
        #expect(try await client.send(Ask.topic("x", on: [2, 1]), version: 7).topics[0].errorCode == .none)
        try cluster.startBroker(2)
        let again = try await client.send(Ask.metadata(["t"]), version: 12).topics[0]
        #expect(again.partitions.map(\.isrNodes) == [[1, 3, 2], [3, 1, 2], [1, 3, 2]])
    }

    /// Leaders and coordinators stay where they went until the next check of `auto.leader.rebalance.enable`.
    @Test
    func leadersGoBackAtTheNextCheck() async throws {
        let cluster = try EmbeddedCluster()
        defer { cluster.close() }
        try cluster.createTopic("t", replicationFactor: 3)
        let before = (try cluster.leader(of: "t"), try cluster.coordinator(ofGroup: "billing"))
        #expect(before == (1, 1))
        try cluster.stopBroker(1)
        try cluster.startBroker(1)
        #expect(try (cluster.leader(of: "t"), cluster.coordinator(ofGroup: "billing")) == (2, 2))
        try cluster.checkLeaders(after: .seconds(299))
        #expect(try (cluster.leader(of: "t"), cluster.coordinator(ofGroup: "billing")) == (2, 2))
        try cluster.checkLeaders(after: .seconds(301))
        #expect(try (cluster.leader(of: "t"), cluster.coordinator(ofGroup: "billing")) == (1, 1))
    }

    /// Also one that was moved by hand.
    @Test
    func aMovedCoordinatorDoesNotComeBackWithItsBroker() throws {
        let cluster = try EmbeddedCluster()
        defer { cluster.close() }
        try cluster.moveCoordinator(ofGroup: "billing", to: 3)
        #expect(try cluster.coordinator(ofGroup: "billing") == 3)
        try cluster.stopBroker(3)
        #expect(try cluster.coordinator(ofGroup: "billing") == 1)
        try cluster.startBroker(3)
        #expect(try cluster.coordinator(ofGroup: "billing") == 1)
    }

    /// A member that waits is told by the coordinator that was, as by any that is none any more.
    @Test
    func theOldCoordinatorSaysThatItIsNone() async throws {
        let cluster = try EmbeddedCluster()
        defer { cluster.close() }
        // Partition 9 is the group's.
        #expect(try cluster.coordinator(ofGroup: "billing") == 1)
        try cluster.moveLeader(ofTopic: "__consumer_offsets", partition: 9, to: 2)
        let member = try await GroupClient(cluster, "billing")
        try await member.greet()
        let joined = try await member.join()
        _ = try await member.sync(joined, assignments: [joined.memberId: [1]])
        let other = try await GroupClient(cluster, "billing")
        try await other.greet()
        async let waiting = other.join()
        // Its JoinGroup has come when the first member is to rejoin.
        while try await member.heartbeat(joined) != .rebalanceInProgress { await Task.yield() }
        try cluster.checkLeaders(after: .seconds(301))
        #expect(try await waiting.errorCode == .notCoordinator)
        #expect(try await member.heartbeat(joined) == .notCoordinator)
    }

    @Test
    func theyStayWhereNobodyChecks() throws {
        let configs = ["auto.leader.rebalance.enable": "false", "leader.imbalance.check.interval.seconds": "1"]
        let cluster = try EmbeddedCluster(ClusterOptions(configs: configs))
        defer { cluster.close() }
        try cluster.createTopic("t", replicationFactor: 3)
        try cluster.moveLeader(ofTopic: "t", partition: 0, to: 2)
        try cluster.checkLeaders(after: .seconds(1000))
        #expect(try cluster.leader(of: "t") == 2)
    }
}

extension EmbeddedCluster {
    /// Does what is due so long after the start.
    fileprivate func checkLeaders(after time: Duration) throws {
        try onLoop { core throws(ClusterError) in
            core.rebalanceLeaders(now: Now(uptime: time, wallMilliseconds: core.now.wallMilliseconds))
        }
    }
}

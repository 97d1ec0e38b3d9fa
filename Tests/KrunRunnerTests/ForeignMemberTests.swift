import Dispatch
import KrunBroker
import KrunKafka
import KrunOutcome
import KrunRunner
import Synchronization
import Testing

/// Somebody else joins the group of a step that has begun.
@Suite(.timeLimit(.minutes(1))) struct ForeignMemberTests {
    /// It takes a partition, which is its own to read: the step does not wait for that, and nothing is said to be lost.
    @Test func aStrangerTakesAPartition() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        try cluster.createTopic("orders", partitions: 2)
        // Until the stranger is there the step reads nothing.
        let rule = try cluster.inject(.fail(.fetch, with: "NOT_LEADER_OR_FOLLOWER"))
        let bootstrap = cluster.bootstrapServers
        async let running = run(
            """
            { "name": "test", "topics": [{ "name": "orders", "existing": true }],
              "groups": [{ "name": "billing", "existing": true }], "timeouts": { "receive": "50s" },
              "client": { "heartbeat.interval.ms": 100, "session.timeout.ms": 6000 },
              "steps": [
                { "produce": "orders", "count": 60, "partition": "{{index % 2}}", "value": "x" },
                { "consume": "orders", "group": "billing" }
              ] }
            """, .kafka(bootstrap))
        let stranger = try await blocking {
            try Visitor.wait(for: "billing", at: bootstrap)
            let stranger = try Visitor(of: "billing", at: bootstrap)
            #expect(try cluster.remove(rule))
            return stranger
        }
        let outcome = try await running
        try await blocking { stranger.leave() }
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
        #expect(outcome.consumed(2)?.messages == 30)
        #expect(outcome.consumed(2)?.rebalances == 1)
        for invariant in [Invariant.noLoss, .singleOwner, .commitNotAhead] {
            #expect(
                outcome.verdict(invariant, step: 2)
                    == .notJudged("members that are not this scenario's share the group"), "\(invariant.rawValue)")
        }
        for invariant in [Invariant.noDuplicates, .offsetOrder, .assignedOnly] {
            #expect(outcome.verdict(invariant, step: 2) == .held, "\(invariant.rawValue)")
        }
    }

    /// The members of an earlier step are no strangers, and a rebalance alone makes nobody one.
    @Test func ourOwnMembersAreNoStrangers() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        try cluster.createTopic("orders", partitions: 2)
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "existing": true }],
              "groups": [{ "name": "billing", "existing": true }],
              "steps": [
                { "produce": "orders", "count": 10, "partition": "{{index % 2}}", "value": "x" },
                { "consume": "orders", "group": "billing", "members": 2 },
                { "consume": "orders", "group": "billing", "members": 2, "from": "earliest" }
              ] }
            """, .kafka(cluster.bootstrapServers))
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.verdict(.singleOwner, step: 2) == .held)
        #expect(outcome.verdict(.noLoss, step: 3) == .held)
        #expect(outcome.verdict(.singleOwner, step: 3) == .held)
    }
}

/// A member that takes what it is given and reads nothing.
private final class Visitor: Sendable {
    private let thread: WorkerThread

    /// Blocks until the group has a member that owns partitions.
    static func wait(for group: String, at bootstrap: String) throws {
        let admin = try AdminClient(properties: ["bootstrap.servers": bootstrap], log: ClientLog())
        let deadline = ContinuousClock.now + .seconds(40)
        while try admin.describeGroups([group], timeout: .seconds(10)).first?.members
            .contains(where: { !$0.partitions.isEmpty }) != true
        {
            try #require(ContinuousClock.now < deadline)
        }
    }

    /// Returns once it owns a partition.
    init(of group: String, at bootstrap: String) throws {
        let isAssigned = DispatchSemaphore(value: 0)
        let leaving = Leaving()
        self.leaving = leaving
        thread = try WorkerThread(name: "visitor") {
            do throws(KafkaError) {
                let consumer = try Consumer(
                    properties: [
                        "bootstrap.servers": bootstrap, "group.id": group, "enable.auto.commit": "false",
                        "enable.auto.offset.store": "false",
                    ], log: ClientLog())
                consumer.startsPaused = true
                let delegate = Delegate(isAssigned)
                try consumer.subscribe(["orders"], delegate: delegate)
                while !leaving.isWanted { _ = consumer.pollOne(timeout: .milliseconds(20)) { _ in } }
                consumer.close(timeout: .seconds(20))
            } catch {
                isAssigned.signal()
            }
        }
        try #require(isAssigned.wait(timeout: .now() + 40) == .success)
    }

    private let leaving: Leaving

    func leave() {
        leaving.want()
        thread.join()
    }

    private final class Leaving: Sendable {
        private let flag = Mutex(false)
        var isWanted: Bool { flag.withLock { $0 } }
        func want() { flag.withLock { $0 = true } }
    }

    private final class Delegate: ConsumerDelegate {
        let isAssigned: DispatchSemaphore

        init(_ isAssigned: DispatchSemaphore) { self.isAssigned = isAssigned }

        func startOffsets(for partitions: [TopicPartition], consumer: Consumer) -> [Int64] {
            partitions.map { _ in LogicalOffset.stored }
        }

        func didAssign(_ partitions: [TopicPartition], consumer: Consumer) {
            if !partitions.isEmpty { isAssigned.signal() }
        }

        func willRevoke(_ partitions: [TopicPartitionOffset], lost: Bool, consumer: Consumer) {}
    }
}

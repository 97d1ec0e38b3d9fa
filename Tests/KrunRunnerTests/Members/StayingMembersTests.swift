import Dispatch
import KrunBroker
import KrunConnection
import KrunOutcome
import Testing

@testable import KrunRunner

/// Members of a consume step that remain in their group when it ends.
@Suite(.serialized, .timeLimit(.minutes(2))) struct StayingMembersTests {
    /// They go on where they stand, whatever is committed.
    @Test func theyGoOnWhereTheyStand() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "partitions": 2 }], "steps": [
              { "produce": "orders", "count": 20, "partition": "{{index % 2}}", "value": "x" },
              { "consume": "orders", "group": "billing", "members": ["ann", "bob"], "stay": true, "commit": "none",
                "until": { "messages": 7 } },
              { "consume": "orders", "group": "billing", "commit": "none" },
              { "produce": "orders", "count": 4, "partition": "{{index % 2}}", "value": "y" },
              { "consume": "orders", "group": "billing" },
              { "consume": "orders", "group": "billing", "from": "earliest" }
            ] }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect([2, 3, 5, 6].map { outcome.consumed($0)?.messages } == [7, 13, 4, 24])
        #expect([2, 3, 5, 6].map { outcome.consumed($0)?.redelivered } == [0, 0, 0, 24])
        let names = [2, 3, 5, 6].map { outcome.consumed($0)?.members.map(\.name) }
        #expect(names == Array(repeating: ["ann", "bob"], count: 4))
        #expect(outcome.consumed(5)?.committed == [12, 12])
        #expect(outcome.consumed(6)?.rebalances == 0)
        for step in [3, 5, 6] {
            for invariant in [Invariant.noLoss, .noDuplicates, .singleOwner, .assignedOnly, .commitNotAhead] {
                #expect(outcome.verdict(invariant, step: step) == .held, "\(invariant.rawValue) in step \(step)")
            }
        }
    }

    /// A member comes while the others read, and reads with them.
    @Test func aMemberComesWhileOthersRead() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "partitions": 6 }], "steps": [
              { "group": "billing", "subscribe": "orders", "members": ["ann", "bob"], "assignor": "range" },
              { "together": [
                { "produce": "orders", "count": 600, "partition": "{{index % 6}}", "value": "x" },
                { "consume": "orders", "group": "billing", "until": { "messages": 660 } },
                [ { "pause": "300ms" }, { "group": "billing", "members": ["ann", "bob", "cid"] },
                  { "produce": "orders", "count": 60, "partition": "{{index % 6}}", "value": "x" } ]
              ] } ] }
            """)
        #expect(printed(outcome.allSteps.flatMap(\.diagnostics)) == "")
        let consumed = outcome.allSteps.compactMap { step -> ConsumeOutcome? in
            if case .consume(let outcome)? = step.result { outcome } else { nil }
        }
        #expect(consumed.map(\.messages) == [660])
        #expect(consumed.first?.members.map(\.name) == ["ann", "bob", "cid"])
        #expect(consumed.first?.members.last?.messages == 20)
        #expect(consumed.first?.rebalances ?? 0 > 0)
        for invariant in [Invariant.noDuplicates, .offsetOrder, .singleOwner, .assignedOnly] {
            #expect(outcome.invariants.first { $0.invariant == invariant }?.verdict == .held, "\(invariant.rawValue)")
        }
    }

    /// When the scenario ends, however it does, all have left, and the broker knows.
    @Test(arguments: ["passes", "fails"]) func nobodyIsLeft(how: String) async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        try cluster.createTopic("orders", partitions: 4)
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "existing": true }],
              "steps": [
                { "group": "billing", "subscribe": "orders", "members": 3 },
                { "consume": "orders", "group": "shipping", "members": 2, "stay": true,
                  "expect": { "messages": \(how == "passes" ? 0 : 1) } } ] }
            """, .kafka(cluster.bootstrapServers))
        #expect(outcome.status == (how == "passes" ? .passed : .failed))
        #expect(outcome.cleanup.left == [])
        #expect(outcome.cleanup.deletedGroups.count == 2)
    }

    @Test func membersOfAnotherServiceComeUp() async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        try cluster.createTopic("orders", partitions: 4)
        async let service = run(
            """
            { "name": "service", "topics": [{ "name": "orders", "existing": true }],
              "groups": [{ "name": "billing", "existing": true }],
              "steps": [
                { "pause": "500ms" },
                { "group": "billing", "subscribe": "orders", "members": ["ann", "bob"] }, { "pause": "2s" } ] }
            """, .kafka(cluster.bootstrapServers))
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "existing": true }],
              "groups": [{ "name": "billing", "existing": true }],
              "steps": [
                { "group": "billing", "expect": { "members": { "krun-bob": { "partitions": 2 } }, "idle": 0 } } ] }
            """, .kafka(cluster.bootstrapServers))
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.membership(1)?.state == "Stable")
        #expect(try await service.status == .passed)
    }
}

/// Somebody ends a run while members are alive: in each wait of theirs.
@Suite(.serialized, .timeLimit(.minutes(2))) struct InterruptedMembersTests {
    private static let steps = [
        "a crash": #"{ "group": "billing", "crash": "ann" }"#,
        "a stall": #"{ "group": "billing", "stall": "ann", "for": "1m" }"#,
        "a pause": #"{ "pause": "1m" }"#,
        "reading": #"{ "consume": "orders", "group": "billing", "until": { "idle": "1m" } }"#,
        "a static member's return": #"{ "group": "billing", "members": ["bob", "cid"] }"#,
    ]

    @Test(arguments: steps.keys.sorted()) func nothingIsLeft(of what: String) async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        try cluster.createTopic("orders", partitions: 4)
        let interruption = Interruption()
        var options = RunOptions.kafka(cluster.bootstrapServers)
        options.onProgress = { text in
            guard text.contains("step 2") else { return }
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(400)) { interruption.request() }
        }
        let isStatic = what.contains("static")
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "existing": true }],
              "timeouts": { "join": "60s", "receive": "60s" },
              "steps": [
                { "group": "billing", "subscribe": "orders", "members": ["ann", "bob"], "static": \(isStatic),
                  "client": { "session.timeout.ms": 5000 } },
                \(Self.steps[what] ?? "") ] }
            """, options, interruption: interruption)
        #expect(outcome.status == .interrupted || isStatic)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.cleanup.left == [])
        // A group is deleted once the session of who crashed has ended.
        #expect(outcome.duration < .seconds(what.contains("stall") || what.contains("pause") ? 10 : 30))
    }

    /// The brokers answer nothing any more, and nobody waits for them: neither at the end of the scenario nor after Ctrl+C.
    @Test(arguments: [true, false]) func brokersThatAreDown(isInterrupted: Bool) async throws {
        let cluster = try EmbeddedCluster(ClusterOptions(brokers: 1))
        defer { cluster.close() }
        try cluster.createTopic("orders", partitions: 4)
        let interruption = Interruption()
        var options = RunOptions.kafka(cluster.bootstrapServers)
        options.onProgress = { text in
            guard text.contains("step 2") else { return }
            let queue = DispatchQueue(label: "trouble")
            queue.async { _ = try? cluster.inject(FaultRule(.silence)) }
            guard isInterrupted else { return }
            queue.asyncAfter(deadline: .now() + .milliseconds(400)) { interruption.request() }
        }
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "existing": true }],
              "steps": [
                { "group": "billing", "subscribe": "orders", "members": 4, "assignor": "cooperative-sticky" },
                { "pause": "\(isInterrupted ? "1m" : "1s")" } ] }
            """, options, interruption: interruption)
        #expect(outcome.status == (isInterrupted ? .interrupted : .passed))
        #expect(outcome.cleanup.left.map(\.kind) == ["group"])
        #expect(outcome.duration < .seconds(isInterrupted ? 6 : 20))
    }
}

import KrunConnection
import KrunKafka
import KrunOutcome
import KrunRunner
import Synchronization
import Testing

/// A run owns what it made and nothing else, however it ends.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct OwnershipTests {
    private func scenario(topic: String = "orders", group: String = "billing", expect: String = "", more: String = "")
        -> String
    {
        """
        { "name": "test", \(patience), "topics": [{ "name": "\(topic)", "partitions": 2 }],
          "steps": [
            { "produce": "\(topic)", "count": 10, "key": "{{index}}", "value": "x" },
            { "consume": "\(topic)", "group": "\(group)", "members": 2 \(expect) } \(more)
          ] }
        """
    }

    @Test func nothingIsLeftAfterAFailure() async throws {
        let outcome = try await run(scenario(expect: #", "expect": { "messages": 11 }"#))
        #expect(outcome.status == .failed)
        #expect(outcome.cleanup.deletedTopics == outcome.actualTopics)
        #expect(outcome.cleanup.deletedGroups == outcome.actualGroups)
        #expect(outcome.cleanup.left == [])
        try await expectNothingLeft(by: outcome)
    }

    @Test func nothingIsLeftAfterARunTimeError() async throws {
        // More than the client takes, which a file does not tell of what grows with the index.
        let value = String(repeating: "x", count: 880) + String(repeating: "{{1000000007 - index}}", count: 10)
        let large =
            #", { "produce": "orders", "client": { "message.max.bytes": 1000 }, "count": 1, "value": "\#(value)" }"#
        let outcome = try await run(scenario(more: large))
        #expect(outcome.status == .error)
        #expect(outcome.stepStatuses == [.passed, .passed, .error])
        #expect(outcome.cleanup.deletedTopics == outcome.actualTopics)
        #expect(outcome.cleanup.deletedGroups == outcome.actualGroups)
        try await expectNothingLeft(by: outcome)
    }

    @Test(arguments: ["join with", "Fetch topic", "Produce MessageSet"])
    func nothingIsLeftAfterAnInterruption(_ sign: String) async throws {
        let interruption = Interruption()
        let options = SharedKafka.options {
            $0.properties["debug"] = "cgrp,fetch,msg"
            $0.onLogLine = { line in
                if line.text.contains(sign) { interruption.request() }
            }
        }
        let never = #", { "consume": "orders", "group": "billing", "until": { "messages": 1 } }"#
        let outcome = try await run(scenario(more: never), options, interruption: interruption)
        #expect(outcome.status == .interrupted)
        #expect(outcome.duration < .seconds(60))
        #expect(outcome.cleanup.deletedTopics == outcome.actualTopics)
        #expect(outcome.cleanup.left == [])
        try await expectNothingLeft(by: outcome)
    }

    @Test func whatIsKeptIsFoundAndDeletedLater() async throws {
        let outcome = try await run(scenario(), SharedKafka.options { $0.keep = true })
        #expect(outcome.printedDiagnostics == "")
        let names = outcome.actualTopics + outcome.actualGroups
        #expect(outcome.cleanup.kept == names)
        #expect(outcome.cleanup.deletedTopics == [])
        #expect(try await outcome.present() == names)
        try await blocking {
            let found = try Leftovers.find(
                bootstrap: SharedKafka.addresses, properties: SharedKafka.properties, olderThan: .zero,
                interruption: Interruption())
            #expect(found.topics.map(\.name).contains(names[0]))
            #expect(found.groups.map(\.name).contains(names[1]))
            let age = try #require(found.topics.first { $0.name == names[0] }?.age)
            #expect(age < .seconds(600))
            let old = try Leftovers.find(
                bootstrap: SharedKafka.addresses, properties: SharedKafka.properties, olderThan: .seconds(3600),
                interruption: Interruption())
            #expect(!old.topics.map(\.name).contains(names[0]))
            // Not `delete()` of all that was found: others may be running scenarios here.
            try SharedKafka.delete(topics: [names[0]], groups: [names[1]])
        }
        try await expectNothingLeft(by: outcome)
    }

    @Test func exactNamesAreUsedAsTheyAreAndDeleted() async throws {
        let (topic, group) = (SharedKafka.freshName("orders"), SharedKafka.freshName("billing"))
        let outcome = try await run(
            scenario(topic: topic, group: group), SharedKafka.options { $0.exactNames = true })
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.actualTopics == [topic])
        #expect(outcome.actualGroups == [group])
        #expect(outcome.cleanup.deletedTopics == [topic])
        #expect(outcome.cleanup.deletedGroups == [group])
        try await expectNothingLeft(by: outcome)
    }

    @Test func anExactNameThatIsThereIsRefusedAndStays() async throws {
        let (topic, group) = (SharedKafka.freshName("orders"), SharedKafka.freshName("billing"))
        try await blocking { try SharedKafka.create(NewTopic(name: topic, partitions: 2)) }
        let outcome = try await run(
            scenario(topic: topic, group: group), SharedKafka.options { $0.exactNames = true })
        #expect(outcome.status == .error)
        #expect(outcome.steps == [])
        #expect(outcome.printedDiagnostics.hasPrefix("error: cannot create topic \(topic)\n"))
        #expect(outcome.printedDiagnostics.contains("  = TOPIC_ALREADY_EXISTS: "))
        #expect(outcome.printedDiagnostics.contains("declare it as { \"name\": ..., \"existing\": true }"))
        #expect(outcome.cleanup == CleanupOutcome())
        #expect(try await blocking { try SharedKafka.present(topics: [topic]) } == [topic])
        try await blocking { try SharedKafka.delete(topics: [topic]) }
    }

    /// The first run leaves a group with committed offsets; the second one must not touch it.
    @Test func anExactGroupWithCommittedOffsetsIsRefusedAndStays() async throws {
        let group = SharedKafka.freshName("billing")
        let (first, second) = (SharedKafka.freshName("orders"), SharedKafka.freshName("orders"))
        let exact = SharedKafka.options { $0.exactNames = true }
        let kept = try await run(
            scenario(topic: first, group: group),
            SharedKafka.options {
                $0.exactNames = true
                $0.keep = true
            })
        #expect(kept.printedDiagnostics == "")
        let refused = try await run(scenario(topic: second, group: group), exact)
        #expect(refused.status == .error)
        #expect(refused.printedDiagnostics.hasPrefix("error: group \(group) is in use on this broker\n"))
        #expect(refused.printedDiagnostics.contains("it has committed offsets in 2 partitions"))
        #expect(refused.cleanup.deletedTopics == [second])
        #expect(refused.cleanup.deletedGroups == [])
        try await expectNothingLeft(by: refused)
        #expect(try await blocking { try SharedKafka.present(topics: [first], groups: [group]) } == [first, group])

        // Declared, it is used and stays.
        let existing = """
            { "name": "test", \(patience), "topics": [{ "name": "\(first)", "existing": true }],
              "groups": [{ "name": "\(group)", "existing": true }],
              "steps": [
                { "produce": "\(first)", "messages": [{ "key": "a", "value": "new" }] },
                { "consume": "\(first)", "group": "\(group)", "expect": { "messages": 1, "lag": 0 } }
              ] }
            """
        let used = try await run(existing)
        #expect(used.printedDiagnostics == "")
        #expect(used.groups.map(\.existing) == [true])
        #expect(used.actualGroups == [group])
        #expect(used.cleanup == CleanupOutcome())
        #expect(try await blocking { try SharedKafka.present(topics: [first], groups: [group]) } == [first, group])
        try await blocking { try SharedKafka.delete(topics: [first], groups: [group]) }
    }

    @Test func anExactGroupWithMembersIsRefusedAndStays() async throws {
        let (topic, group) = (SharedKafka.freshName("orders"), SharedKafka.freshName("billing"))
        let member = try await blocking { try Stranger(group: group) }
        let outcome = try await run(
            scenario(topic: topic, group: group), SharedKafka.options { $0.exactNames = true })
        #expect(outcome.status == .error)
        #expect(outcome.printedDiagnostics.hasPrefix("error: group \(group) is in use on this broker\n"))
        #expect(outcome.printedDiagnostics.contains("it has 1 member"))
        #expect(outcome.cleanup.deletedTopics == [topic])
        #expect(outcome.cleanup.deletedGroups == [])
        try await blocking { try member.leave() }
    }

    @Test func twoRunsOfOneFileDoNotMeet() async throws {
        let text = scenario(expect: #", "expect": { "messages": 10, "rebalances": 0, "lag": 0 }"#)
        async let first = run(text)
        async let second = run(text)
        let outcomes = try await [first, second]
        #expect(outcomes.map(\.printedDiagnostics) == ["", ""])
        #expect(outcomes.map { $0.topics.map(\.name) } == [["orders"], ["orders"]])
        #expect(Set(outcomes.flatMap(\.actualTopics)).count == 2)
        #expect(Set(outcomes.flatMap(\.actualGroups)).count == 2)
        for outcome in outcomes { try await expectNothingLeft(by: outcome) }
    }
}

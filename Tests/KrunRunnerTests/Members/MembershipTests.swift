import KrunOutcome
import KrunRunner
import Testing

/// What happens to a group when somebody comes or goes, as everybody who runs Kafka sees it sooner or later.
@Suite(.serialized, .timeLimit(.minutes(2))) struct MembershipTests {
    private func members(_ steps: String, partitions: Int = 6) async throws -> ScenarioOutcome {
        try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "partitions": \(partitions) }], "steps": [\(steps)] }
            """)
    }

    @Test(arguments: [("range", 6, 3, 1), ("cooperative-sticky", 2, 2, 2)])
    func aThirdMemberJoinsTwo(assignor: String, revoked: Int, moved: Int, rebalances: Int) async throws {
        let outcome = try await members(
            """
            { "group": "billing", "subscribe": "orders", "members": ["ann", "bob"], "assignor": "\(assignor)",
              "expect": { "state": "Stable", "members": { "ann": { "partitions": 3 }, "bob": { "partitions": 3 } } } },
            { "group": "billing", "members": ["ann", "bob", "cid"] }
            """)
        #expect(outcome.printedDiagnostics == "")
        let joined = try #require(outcome.membership(2))
        #expect(joined.members.map(\.name) == ["ann", "bob", "cid"])
        #expect(joined.members.map(\.partitions.count) == [2, 2, 2])
        #expect(joined.revoked == revoked)
        #expect(joined.moved == moved)
        #expect(joined.rebalances == rebalances)
        #expect(joined.idle == 0)
        #expect(outcome.verdict(.singleOwner, step: 2) == .held)
    }

    /// Who is not named leaves, and says so; with nobody left the group is empty.
    @Test func membersLeave() async throws {
        let outcome = try await members(
            """
            { "group": "billing", "subscribe": ["orders"], "members": 3, "assignor": "cooperative-sticky" },
            { "group": "billing", "members": ["2", "3"] },
            { "group": "billing", "members": [] },
            { "group": "billing", "members": ["dora"] }
            """)
        #expect(outcome.printedDiagnostics == "")
        let left = try #require(outcome.membership(2))
        #expect(left.members.map(\.name) == ["2", "3"])
        #expect(left.members.map(\.partitions.count) == [3, 3])
        #expect(left.moved == 2)
        #expect(left.revoked == 0)
        #expect(outcome.membership(3)?.state == "Empty")
        #expect(outcome.membership(3)?.members == [])
        #expect(outcome.membership(4)?.members.map(\.partitions.count) == [6])
    }

    /// A membership change is stable at once; a cooperative one within a second of a join, as librdkafka joins no more often.
    @Test func aChangeIsStableSoon() async throws {
        let outcome = try await members(
            """
            { "group": "billing", "subscribe": "orders", "members": 2, "assignor": "range" },
            { "group": "billing", "members": 3 },
            { "group": "billing", "members": 2 },
            { "group": "billing", "members": 4 }
            """)
        #expect(outcome.printedDiagnostics == "")
        let durations = (2...4).compactMap { outcome.membership($0)?.duration }
        // On a machine that does something else, too: by itself each takes 60 to 100 ms.
        #expect(durations.count == 3)
        #expect(durations.min() ?? .seconds(9) < .milliseconds(150))
    }

    @Test func fiftyMembersOverTwoHundredPartitions() async throws {
        let outcome = try await members(
            #"{ "group": "billing", "subscribe": "orders", "members": 50, "expect": { "idle": 0 } }"#, partitions: 200)
        #expect(outcome.printedDiagnostics == "")
        let formed = try #require(outcome.membership(1))
        #expect(formed.members.allSatisfy { $0.partitions.count == 4 })
        #expect(formed.duration < .seconds(8))
    }

    /// Its session has to end before anybody knows; what it read and did not commit is read again, by whoever has its partitions then.
    @Test(arguments: [("none", 10), ("end", 0)])
    func aMemberReadsAndCrashes(commit: String, again: Int) async throws {
        let outcome = try await members(
            """
            { "produce": "orders", "count": 10, "partition": 0, "value": "x" },
            { "group": "billing", "subscribe": "orders", "members": ["ann", "bob"], "assignor": "range",
              "client": { "session.timeout.ms": 1000 } },
            { "consume": "orders", "group": "billing", "commit": "\(commit)" },
            { "group": "billing", "crash": "ann" },
            { "consume": "orders", "group": "billing", "expect": { "redelivered": \(again) } }
            """, partitions: 2)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
        #expect(outcome.consumed(3)?.members.map(\.messages) == [10, 0])
        #expect(outcome.consumed(3)?.redelivered == 0)
        let crashed = try #require(outcome.membership(4))
        #expect(crashed.members.map(\.name) == ["bob"])
        #expect(crashed.moved == 1)
        #expect((.milliseconds(800)...(.seconds(5))).contains(crashed.duration))
        let read = try #require(outcome.consumed(5))
        #expect(read.members == [MemberOutcome(name: "bob", partitions: ["orders/0", "orders/1"], messages: again)])
        #expect(read.redelivered == again)
        for invariant in Invariant.allCases
        where ![.keyAffinity, .perKeyOrder].contains(invariant) && !invariant.isOfTransactions {
            #expect(outcome.verdict(invariant, step: 5) == .held, "\(invariant.rawValue)")
        }
    }

    /// A group keeps the place of a static member until its session ends.
    @Test func aStaticMemberIsAwayForAShortWhile() async throws {
        let outcome = try await members(
            """
            { "group": "billing", "subscribe": "orders", "members": ["ann", "bob"], "static": true,
              "client": { "session.timeout.ms": 6000 } },
            { "group": "billing", "members": ["bob"] },
            { "pause": "500ms" },
            { "group": "billing", "members": ["ann", "bob"] }
            """)
        #expect(outcome.printedDiagnostics == "")
        let away = try #require(outcome.membership(2))
        #expect(away.away == ["ann"])
        let back = try #require(outcome.membership(4))
        for outcome in [away, back] {
            #expect(outcome.members.map(\.partitions.count) == [3, 3])
            #expect(outcome.rebalances == 0)
            #expect(outcome.moved == 0)
            #expect(outcome.revoked == 0)
        }
        #expect(back.away == [])
    }

    @Test func aStaticMemberIsAwayForLongerThanItsSession() async throws {
        let outcome = try await members(
            """
            { "group": "billing", "subscribe": "orders", "members": ["ann", "bob"], "static": true,
              "client": { "session.timeout.ms": 1000 } },
            { "group": "billing", "crash": "ann" },
            { "group": "billing", "members": ["ann", "bob"] },
            { "group": "billing", "members": ["bob"] },
            { "pause": "3s" },
            { "group": "billing", "note": "what happened since the last step" }
            """)
        #expect(outcome.printedDiagnostics == "")
        for step in [2, 6] {
            let gone = try #require(outcome.membership(step))
            #expect(gone.members.map(\.name) == ["bob"])
            #expect(gone.members.map(\.partitions.count) == [6])
            #expect(gone.moved == 3)
            #expect(gone.rebalances == 1)
        }
    }

    /// Members whose assignors have nothing in common are no group; the others stay as they are.
    @Test func aMemberWithAnotherAssignor() async throws {
        let outcome = try await members(
            """
            { "group": "billing", "subscribe": "orders", "members": ["ann", "bob"], "assignor": "range" },
            { "group": "billing", "members": ["ann", "bob", "cid"], "assignor": "cooperative-sticky",
              "expect": { "error": "INCONSISTENT_GROUP_PROTOCOL", "moved": 0 } },
            { "group": "billing", "members": ["ann", "bob", "cid"], "expect": { "error": null, "moved": 3 } }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
        #expect(outcome.membership(2)?.members.map(\.name) == ["ann", "bob"])
        #expect(outcome.membership(3)?.members.map(\.partitions.count) == [2, 2, 2])
    }

    @Test func aMemberStallsForLongerThanItMay() async throws {
        let outcome = try await members(
            """
            { "produce": "orders", "count": 10, "value": "x" },
            { "group": "billing", "subscribe": "orders", "members": ["ann", "bob"], "assignor": "cooperative-sticky",
              "client": { "session.timeout.ms": 1000, "max.poll.interval.ms": 1500 } },
            { "consume": "orders", "group": "billing", "commit": "none" },
            { "group": "billing", "stall": "ann", "for": "500ms" },
            { "group": "billing", "stall": "ann", "for": "3500ms" },
            { "consume": "orders", "group": "billing" }
            """, partitions: 1)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.consumed(3)?.members.map(\.messages) == [10, 0])
        #expect(outcome.membership(4)?.rebalances == 0)
        #expect(outcome.membership(4)?.members.map(\.partitions.count) == [1, 0])
        #expect(outcome.membership(5)?.members.map(\.partitions.count) == [0, 1])
        #expect(outcome.membership(5)?.moved == 1)
        #expect(outcome.membership(5)?.revoked == 1)
        #expect(outcome.consumed(6)?.members.map(\.messages) == [0, 10])
        #expect(outcome.consumed(6)?.redelivered == 10)
        #expect(outcome.verdict(.singleOwner, step: 6) == .held)
    }
}

extension ScenarioOutcome {
    func membership(_ step: Int) -> MembershipOutcome? {
        guard steps.count >= step, case .group(let outcome)? = steps[step - 1].result else { return nil }
        return outcome
    }
}

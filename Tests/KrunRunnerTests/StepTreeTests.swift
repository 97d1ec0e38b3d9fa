import KrunConnection
import KrunOutcome
import KrunScenario
import Synchronization
import Testing

@testable import KrunRunner

/// Steps within steps: side by side, and round after round.
@Suite(.timeLimit(.minutes(2))) struct StepTreeTests {
    @Test func aConsumerReadsWhatAProducerSendsBesideIt() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "partitions": 3 }], "groups": [{ "name": "billing" }],
              "steps": [
                { "together": [
                  { "produce": "orders", "count": 50000, "key": "k{{index % 100}}", "value": "{{index}}" },
                  { "consume": "orders", "group": "billing", "until": { "messages": 50000 },
                    "expect": { "messages": 50000, "lag": 0 } }
                ] },
                { "consume": "orders", "expect": { "messages": 50000 } }
              ] }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
        #expect(outcome.allSteps.map(\.path.description) == ["1", "1.1.1", "1.2.1", "2"])
        for invariant in [Invariant.noDuplicates, .keyAffinity, .perKeyOrder, .offsetOrder, .commitNotAhead] {
            #expect(outcome.allSteps[2].invariants.first { $0.invariant == invariant }?.verdict == .held)
        }
        #expect(outcome.invariants.first { $0.invariant == .noLoss }?.verdict == .held)
    }

    @Test func eachBranchIsASequence() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }, { "name": "refunds" }],
              "steps": [
                { "together": [
                  [{ "produce": "orders", "count": 10, "value": "x" }, { "consume": "orders", "expect": { "messages": 10 } }],
                  [{ "produce": "refunds", "count": 20, "value": "x" }, { "pause": "10ms" },
                   { "consume": "refunds", "expect": { "messages": 21 } }, { "produce": "refunds", "messages": [{}] }]
                ] },
                { "consume": ["orders", "refunds"], "expect": { "messages": 31 } }
              ] }
            """)
        // What is not as expected is told when all have ended, and ends nothing.
        #expect(
            outcome.allSteps.map { "\($0.path) \($0.status)" } == [
                "1 failed", "1.1.1 passed", "1.1.2 passed", "1.2.1 passed", "1.2.2 passed", "1.2.3 failed",
                "1.2.4 passed", "2 passed",
            ])
        #expect(outcome.status == .failed)
        #expect(
            printed(outcome.allSteps.flatMap(\.diagnostics)) == """
                error: another number of messages was read than expected
                 --> test.json:6:56
                  |
                  | consume refunds                                                step 1.2.3
                6 |        { "consume": "refunds", "expect": { "messages": 21 } }, { "produce": "refunds", "messages": [{}] }]
                  |                                                        ^^ actual: 20
                """)
    }

    @Test func aTroubleEndsItsBranchAndTheSteps() async throws {
        var options = RunOptions.embedded
        options.maximumBytes = 100
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }],
              "steps": [
                { "together": [
                  [{ "produce": "orders", "count": 20, "value": "{{index + 1000000}}" }, { "pause": "1ms" }],
                  [{ "pause": "20ms" }, { "consume": "orders" }]
                ] },
                { "consume": "orders" }
              ] }
            """, options)
        #expect(
            outcome.allSteps.map { "\($0.path) \($0.status)" } == [
                "1 error", "1.1.1 error", "1.2.1 passed", "1.2.2 passed",
            ])
        #expect(outcome.status == .error)
        // It is told once, with its step.
        #expect(outcome.diagnostics == [])
        #expect(outcome.allSteps[1].diagnostics.count == 1)
    }

    @Test func roundsGoOnWhereTheLastOneEnded() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }], "groups": [{ "name": "billing" }],
              "steps": [
                { "repeat": 3, "steps": [
                  { "produce": "orders", "messages": [{ "key": "k{{round}}", "value": "{{round * 10}}" }] },
                  { "consume": "orders", "group": "billing",
                    "expect": { "messages": 1, "keys": [{ "key": "k{{round}}", "values": ["{{round * 10}}"] }],
                                "committed": { "0": "{{round + 1}}" } } }
                ] }
              ] }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(
            outcome.allSteps.map { "\($0.path) \($0.status)" } == [
                "1 passed", "1.1.1 passed", "1.1.2 passed", "1.2.1 passed", "1.2.2 passed", "1.3.1 passed",
                "1.3.2 passed",
            ])
    }

    /// Evenly, and not faster: fifty messages at a hundred a second take half a second less one interval.
    @Test func aRateIsKept() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders", "partitions": 2 }],
              "steps": [
                { "produce": "orders", "count": 50, "rate": 100, "partition": "{{index % 2}}", "value": "x",
                  "expect": { "messages": 50, "duration": { "min": "480ms" } } },
                { "consume": "orders", "rate": 100, "expect": { "messages": 50, "duration": { "min": "480ms" } } },
                { "consume": "orders", "group": "billing", "members": 2, "rate": 100,
                  "expect": { "messages": 50, "members": { "1": { "messages": 25 } }, "duration": { "min": "230ms" } } }
              ] }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.duration < .seconds(15))
    }

    @Test func aTroubleEndsTheRounds() async throws {
        var options = RunOptions.embedded
        options.maximumBytes = 100
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }],
              "steps": [
                { "repeat": 5, "steps": [
                  { "produce": "orders", "count": 10, "value": "{{index + 100000}}" }
                ] },
                { "pause": "1ms" }
              ] }
            """, options)
        #expect(outcome.allSteps.map { "\($0.path) \($0.status)" } == ["1 error", "1.1.1 passed", "1.2.1 error"])
    }

    @Test func anInterruptionEndsEveryBranch() async throws {
        let interruption = Interruption()
        var options = RunOptions.embedded
        let begun = Mutex(0)
        options.onProgress = { text in
            guard text.contains("pause") else { return }
            if begun.withLock({ count in
                count += 1
                return count == 2
            }) {
                interruption.request()
            }
        }
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }],
              "steps": [
                { "together": [
                  [{ "repeat": 2, "steps": [{ "pause": "1m" }] }, { "pause": "1m" }],
                  [{ "pause": "1m" }, { "pause": "1m" }]
                ] },
                { "pause": "1m" }
              ] }
            """, options, interruption: interruption)
        #expect(
            outcome.allSteps.map { "\($0.path) \($0.status)" } == [
                "1 interrupted", "1.1.1 interrupted", "1.1.1.1.1 interrupted", "1.2.1 interrupted",
            ])
        #expect(outcome.status == .interrupted)
        #expect(outcome.duration < .seconds(20))
    }
}

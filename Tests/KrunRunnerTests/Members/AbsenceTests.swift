import KrunOutcome
import KrunRunner
import KrunScenario
import Testing

/// A group from which somebody goes without a word notices soon, where the file does not say when.
@Suite(.serialized, .timeLimit(.minutes(2))) struct AbsenceTests {
    private func scenario(_ steps: String) -> String {
        """
        { "name": "test", "topics": [{ "name": "orders", "partitions": 2 }],
          "steps": [
            { "group": "billing", "subscribe": "orders", "members": ["ann", "bob"], "assignor": "range" },
            { "group": "other", "subscribe": "orders", "members": ["eve"] },
            \(steps)
          ] }
        """
    }

    private static let missed: [(String, [String: Absences])] = [
        (#"{ "group": "billing", "members": ["ann"] }"#, [:]),
        (#"{ "group": "billing", "crash": "ann" }"#, ["billing": .session]),
        (#"{ "group": "billing", "stall": "ann" }"#, ["billing": [.session, .poll]]),
        (#"{ "group": "third", "subscribe": "orders", "members": ["a"], "static": true }"#, ["third": .session]),
        (#"{ "fault": "lose-heartbeats", "group": "other" }"#, ["other": .session]),
        (
            #"{ "repeat": 2, "steps": [{ "group": "other", "crash": ["eve"] }, { "group": "other", "members": ["eve"] }] }"#,
            ["other": .session]
        ),
    ]

    @Test(arguments: missed) func whoIsMissed(step: String, absences: [String: Absences]) throws {
        #expect(try Scenario.decode(Array(scenario(step).utf8), file: "s.json").absences == absences)
    }

    @Test(arguments: [
        // The group notices after its session of 1.5 s, counted from the last heartbeat.
        (#""crash": "ann""#, "", 1_000...5_000),
        // 1.5 s and half as long again, after which the member comes back.
        (#""stall": "ann""#, "", 2_200...6_000),
        (#""stall": "ann""#, #""session.timeout.ms": 2500"#, 3_700...8_000),
        (#""crash": "ann""#, #""session.timeout.ms": 3000"#, 2_500...7_000),
    ])
    func itNoticesSoon(change: String, client: String, milliseconds: ClosedRange<Int>) async throws {
        let steps = scenario(#"{ "group": "billing", \#(change) }"#).replacing(
            #""assignor": "range" }"#, with: #""assignor": "range", "client": { \#(client) } }"#)
        let outcome = try await run(steps)
        #expect(outcome.printedDiagnostics == "")
        let group = try #require(outcome.membership(3))
        // Who stalled comes back, and gets again what it had.
        #expect(group.rebalances > 0)
        #expect(milliseconds.contains(Int(group.duration / .milliseconds(1))), "\(group.duration)")
    }
}

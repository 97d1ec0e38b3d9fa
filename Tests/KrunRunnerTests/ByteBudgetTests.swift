import KrunOutcome
import Testing

@testable import KrunRunner

/// A scenario sends no more bytes than it may.
@Suite(.timeLimit(.minutes(1))) struct ByteBudgetTests {
    private func options(_ maximum: Int64) -> RunOptions {
        var options = RunOptions.embedded
        options.maximumBytes = maximum
        return options
    }

    @Test func whatTheFileTellsIsRefusedBeforeTheRun() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }],
              "steps": [{ "produce": "orders", "count": 10, "value": { "bytes": 100 } }] }
            """, options(999))
        #expect(outcome.status == .error)
        #expect(outcome.steps.isEmpty && outcome.broker == nil)
        #expect(
            outcome.printedDiagnostics == """
                error: the scenario sends more than 999 bytes
                 --> test.json:2:45
                  |
                2 |   "steps": [{ "produce": "orders", "count": 10, "value": { "bytes": 100 } }] }
                  |                                             ^ with these messages it is 1000 bytes
                  |
                  = --max-bytes 10GiB allows more; send fewer or smaller messages otherwise
                """)
    }

    @Test func whatTheFileDoesNotTellEndsTheStep() async throws {
        let outcome = try await run(
            """
            { "name": "test", "topics": [{ "name": "orders" }],
              "steps": [{ "produce": "orders", "count": 20, "value": "{{index}}" }] }
            """, options(25))
        #expect(outcome.status == .error)
        // 0 to 9, and seven of two digits.
        #expect(outcome.produced(1)?.messages == 17)
        #expect(
            outcome.printedDiagnostics == """
                error: the scenario sends more than 25 bytes
                 --> test.json:2:45
                  |
                  | produce orders                                                step 1 of 1
                2 |   "steps": [{ "produce": "orders", "count": 20, "value": "{{index}}" }] }
                  |                                             ^ with these messages it is more
                  |
                  = --max-bytes 10GiB allows more; send fewer or smaller messages otherwise
                """)
    }
}

import Foundation
import KrunOutcome
import KrunRunner
import Testing

@Suite(.serialized, .timeLimit(.minutes(10)))
struct LoadTests {
    /// A million, but on the embedded broker, whose debug build they would keep busy for long.
    private let messages = SharedKafka.isNamed ? 1_000_000 : 200_000

    @Test func manyMessagesInBoundedMemory() async throws {
        let outcome = try await run(
            """
            { "name": "test", "timeouts": { "connect": "30s", "deliver": "3m", "join": "60s", "receive": "3m" },
              "topics": [{ "name": "orders", "partitions": 12 }],
              "steps": [
                { "produce": "orders", "count": \(messages), "key": "user-{{index % 10000}}", "value": { "bytes": 90 } },
                { "consume": "orders", "group": "audit", "members": 3,
                  "expect": { "messages": \(messages), "idle": 0, "rebalances": 0, "lag": 0 } }
              ] }
            """)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
        #expect(outcome.invariants.map(\.invariant) == Invariant.allCases)
        #expect(outcome.invariants.allSatisfy { $0.invariant.isOfTransactions || $0.verdict == .held })
        #expect(outcome.consumed(2)?.topics["orders"]?.distinctKeys == 10_000)
        try await expectNothingLeft(by: outcome)
        // An embedded broker keeps what it was sent in the same process.
        if SharedKafka.isNamed, let peak = Self.peakMemoryKibibytes {
            // The whole test process; a debug build and the other suites included.
            #expect(peak < 400 * 1024, "VmHWM is \(peak) KiB")
        }
    }

    /// What Linux knows of this process; nil elsewhere.
    private static var peakMemoryKibibytes: Int? {
        let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        return status?.firstMatch(of: /VmHWM:\s*(\d+) kB/).flatMap { Int($0.output.1) }
    }
}

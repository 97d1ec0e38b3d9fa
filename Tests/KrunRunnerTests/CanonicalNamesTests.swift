import KrunOutcome
import Testing

@testable import KrunRunner

/// To Kafka two names are the same when their bytes are; to Swift's `==` an é of one scalar and one of two are.
@Suite(.timeLimit(.minutes(1))) struct CanonicalNamesTests {
    @Test func groupsWhoseNamesLookAlikeAreTwo() async throws {
        let outcome = try await run(
            #"""
            { "name": "test", "topics": [{ "name": "orders" }],
              "groups": [{ "name": "caf\u00e9", "existing": true }, { "name": "cafe\u0301", "existing": true }],
              "steps": [
                { "produce": "orders", "count": 3, "value": "{{index}}" },
                { "consume": "orders", "group": "caf\u00e9", "expect": { "messages": 3, "lag": 0 } },
                { "consume": "orders", "group": "cafe\u0301", "expect": { "messages": 3, "lag": 0 } },
                { "consume": "orders", "group": "caf\u00e9", "expect": { "messages": 0 } }
              ] }
            """#)
        #expect(outcome.printedDiagnostics == "")
        #expect(outcome.status == .passed)
        #expect(outcome.groups.map { $0.name.unicodeScalars.count } == [4, 5])
    }

    @Test func aGroupIsDeclaredTwiceOnlyWithTheSameBytes() {
        #expect(throws: (any Error).self) {
            try decode(
                #"""
                { "name": "test", "topics": [{ "name": "orders" }], "steps": [{ "consume": "orders" }],
                  "groups": [{ "name": "caf\u00e9", "existing": true }, { "name": "café", "existing": true }] }
                """#)
        }
    }
}

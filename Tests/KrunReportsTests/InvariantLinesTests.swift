import KrunDiagnostics
import KrunOutcome
import Testing

@testable import KrunReports

/// One line while all is well; a line each for what did not hold.
@Suite struct InvariantLinesTests {
    @Test func nothingJudgedSaysNothing() {
        #expect(text([]) == "")
    }

    @Test func reasonsThatAreTheSameAreSaidOnce() {
        let invariants = Fixtures.invariants([
            .keyAffinity: .notJudged("no message had a key"), .perKeyOrder: .notJudged("no message had a key"),
            .noLoss: .notJudged("until is not end"),
        ])
        #expect(
            text(invariants) == """
                invariants: 5 held, 3 not judged (no-loss: until is not end; \
                key-affinity, per-key-order: no message had a key)
                """)
    }

    @Test func brokenOnesAreListed() {
        let invariants = Fixtures.invariants([
            .noLoss: .broken(count: 2, cases: ["orders/0 offset 3 was not read"], allowed: false),
            .noDuplicates: .broken(
                count: 1_234, cases: ["orders/0 offset 4 was read twice", "orders/1 offset 5 was read twice"],
                allowed: true),
            .keyAffinity: .notJudged("no message had a key"),
        ])
        #expect(
            text(invariants) == """
                invariants: 5 held, 1 broken, 1 broken as allowed, 1 not judged (key-affinity: no message had a key)
                  ✗ no-loss           broken: 2 cases
                  ~ no-duplicates     broken, which the file allows: 1 234 cases
                      orders/0 offset 4 was read twice
                      orders/1 offset 5 was read twice
                      … and 1 232 more
                """)
        #expect(
            text(invariants, isVerbose: true) == """
                invariants: 5 held, 1 broken, 1 broken as allowed, 3 not judged
                  ✗ no-loss            broken: 2 cases
                      orders/0 offset 3 was not read
                      … and 1 more
                  ~ no-duplicates      broken, which the file allows: 1 234 cases
                      orders/0 offset 4 was read twice
                      orders/1 offset 5 was read twice
                      … and 1 232 more
                  - key-affinity       not judged: no message had a key
                  ✓ per-key-order      held
                  ✓ offset-order       held
                  ✓ single-owner       held
                  ✓ assigned-only      held
                  ✓ commit-not-ahead   held
                  - aborted-invisible  not judged: no step writes in a transaction
                  - fenced-silent      not judged: no step writes in a transaction
                """)
    }

    private func text(_ invariants: [InvariantOutcome], isVerbose: Bool = false) -> String {
        InvariantLines(invariants: invariants, isVerbose: isVerbose)
            .lines(.plain, indent: "").joined(separator: "\n")
    }
}

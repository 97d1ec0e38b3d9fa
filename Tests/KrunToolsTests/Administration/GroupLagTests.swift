import KrunDiagnostics
import KrunKafka
import Testing

@testable import KrunTools

/// What `--max-lag` says of a group.
@Suite struct GroupLagTests {
    private func figures(_ lags: [Int64?]) -> OffsetFigures {
        OffsetFigures(
            rows: lags.enumerated().map { number, lag in
                OffsetFigures.Row(
                    partition: TopicPartition("orders", Int32(number)), committed: 0, first: nil, end: lag, member: nil)
            })
    }

    @Test(arguments: [([], 0), ([0, 0], 0), ([2, 3], 5), ([2, 3], 6)] as [([Int64], Int64)])
    func withinIsNothingToTell(_ lags: [Int64], _ maximum: Int64) {
        #expect(figures(lags).trouble(of: "billing", beyond: maximum) == nil)
    }

    @Test func beyondTellsThePartitionsThatAreBehindTheFurthestFirst() {
        #expect(
            figures([2, 0, 3_000, nil, 2]).trouble(of: "billing", beyond: 5)
                == Diagnostic(
                    .failure, "group billing is 3 004 behind, and may be 5 (--max-lag)",
                    notes: ["orders/2: 3 000", "orders/0: 2", "orders/4: 2", "not known: orders/3"]))
        #expect(
            figures(Array(repeating: 2, count: 11)).trouble(of: "billing", beyond: 21)?.notes.suffix(2)
                == ["orders/7: 2", "3 more partitions: 6"])
    }

    /// It is another exit code: nobody can say whether it is beyond.
    @Test func whatIsNotKnownIsNoLag() {
        #expect(
            figures([2, nil]).trouble(of: "billing", beyond: 5)
                == Diagnostic(
                    .runtime, "how far group billing is behind is not known (--max-lag)",
                    notes: ["the end of orders/1 is not known: it has no leader, or is not there any more"]))
    }
}

import Testing

@testable import KrunReports

/// Numbers and durations read the same everywhere in a report.
@Suite struct AmountsTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1_000, "1 000"), (9_990, "9 990"), (1_234_567, "1 234 567"), (-12_345, "-12 345"),
    ])
    func numbers(_ number: Int, _ text: String) {
        #expect(Amounts.number(number) == text)
    }

    @Test(arguments: [
        (Duration.zero, "0 ms"), (.microseconds(300), "<1 ms"), (.microseconds(500), "1 ms"),
        (.milliseconds(12), "12 ms"), (.microseconds(99_499), "99 ms"), (.microseconds(99_500), "0.1 s"),
        (.milliseconds(412), "0.4 s"), (.milliseconds(3_060), "3.1 s"), (.milliseconds(59_940), "59.9 s"),
        (.milliseconds(59_950), "1 min 0 s"), (.seconds(125), "2 min 5 s"), (.milliseconds(3_599_600), "1 h 0 min"),
        (.seconds(3_720), "1 h 2 min"),
    ])
    func durations(_ duration: Duration, _ text: String) {
        #expect(Amounts.duration(duration) == text)
    }

    @Test func nounsAgree() {
        #expect(Amounts.count(1, "message") == "1 message")
        #expect(Amounts.count(0, "message") == "0 messages")
        #expect(Amounts.list(["0", "1", "2"], limit: 2) == "0, 1 … 3 in all")
    }
}

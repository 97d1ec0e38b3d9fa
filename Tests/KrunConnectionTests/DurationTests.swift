import Testing

@testable import KrunConnection

@Suite struct DurationTests {
    @Test(
        arguments: [
            (.zero, "0 ms"), (.milliseconds(12), "12 ms"), (.microseconds(999_999), "999 ms"), (.seconds(1), "1 s"),
            (.milliseconds(3149), "3.1 s"), (.milliseconds(3150), "3.2 s"), (.milliseconds(59_900), "59.9 s"),
            (.milliseconds(59_960), "60 s"), (.seconds(60), "1 min"), (.seconds(125), "2 min 5 s"),
        ] as [(Duration, String)])
    func isSaidAsAPersonSaysIt(_ duration: Duration, _ text: String) {
        #expect(duration.formattedForPeople == text)
    }

    @Test func aPropertyIsAtLeastAMillisecond() {
        #expect(Duration.zero.millisecondsText == "1")
        #expect(Duration.milliseconds(1500).millisecondsText == "1500")
    }

    @Test func aDeadlineThatHasPassedHasNothingLeft() {
        let deadline = Deadline(after: .zero)
        #expect(deadline.hasPassed)
        #expect(deadline.remaining == .zero)
        #expect(!Deadline(after: .seconds(1000)).hasPassed)
    }
}

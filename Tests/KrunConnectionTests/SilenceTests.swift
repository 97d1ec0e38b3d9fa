import Testing

@testable import KrunConnection

/// With a clock that the test moves.
@Suite struct SilenceTests {
    private let start = ContinuousClock.now

    private func at(_ seconds: Double) -> ContinuousClock.Instant { start + .milliseconds(Int(seconds * 1000)) }

    @Test func whoAnswersIsNotToldOf() {
        var silence = Silence(answeredAt: start)
        for second in stride(from: 1.0, through: 60, by: 1) {
            #expect(silence.look(at: at(second - 0.1)) == nil)
            #expect(silence.answered(at: at(second)) == nil)
        }
        #expect(silence.lastAnswer == at(60))
    }

    @Test func aSilenceIsToldOnceWithinTenSecondsOfTheLastAnswer() {
        var silence = Silence(answeredAt: start)
        #expect(silence.answered(at: at(3)) == nil)
        #expect(silence.look(at: at(8.9)) == nil)
        #expect(silence.look(at: at(9)) == .silent(for: .seconds(6)))
        #expect(silence.look(at: at(9.1)) == nil)
        #expect(silence.look(at: at(60)) == nil)
        #expect(silence.lastAnswer == at(3))
    }

    @Test func anAnswerAfterItIsToldAndTheNextSilenceAgain() {
        var silence = Silence(answeredAt: start)
        #expect(silence.look(at: at(7)) == .silent(for: .seconds(7)))
        #expect(silence.answered(at: at(20)) == .answersAgain(after: .seconds(20)))
        #expect(silence.answered(at: at(21)) == nil)
        #expect(silence.look(at: at(26)) == nil)
        #expect(silence.look(at: at(27)) == .silent(for: .seconds(6)))
    }

    @Test(arguments: [
        (
            "[thrd:a:1/1]: a:1/1: Connect to ipv4#127.0.0.1:1 failed: Connection refused (after 0ms in state CONNECT)",
            "connection refused"
        ),
        (
            "[thrd:a:1/1]: a:1/1: Failed to resolve 'a:1': Name or service not known (after 3ms in state CONNECT)",
            "the name is not known"
        ),
        ("[thrd:a:1/1]: a:1/1: 1 request(s) timed out: disconnect (after 9ms in state UP)", "timed out"),
        ("[thrd:a:1/1]: a:1/1: Disconnected (after 9ms in state UP)", "a:1/1: Disconnected"),
    ]) func reasonsAreShort(_ text: String, _ reason: String) {
        #expect(ConnectionReason.short(text) == reason)
    }
}

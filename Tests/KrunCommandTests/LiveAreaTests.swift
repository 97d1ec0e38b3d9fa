import KrunConnection
import KrunDiagnostics
import Testing

@testable import krun

/// What the live area says, as lines.
@Suite struct LiveAreaTests {
    private static let producing = LiveArea.Job(
        name: "scenarios/orders.json", what: "step 1 of 3: produce orders: delivering", lasted: .seconds(7),
        howFar: "675000 of 1500000 messages acknowledged", amount: .init(done: 675_000, total: 1_500_000), rate: 92_000)

    @Test func aLongStepHasABarAndAnEstimate() {
        #expect(
            LiveArea.lines(of: [Self.producing], width: 79, height: 24) == [
                "scenarios/orders.json  step 1 of 3: produce orders: delivering, for 7 s",
                "  [########----------]  45 %  675 000 of 1 500 000  92 000 messages/s  9 s left",
            ])
    }

    @Test func whatHasNoRoomIsLeftOut() {
        #expect(
            LiveArea.lines(of: [Self.producing], width: 59, height: 24) == [
                "scenarios…ders.json  step 1 of 3: produce orders:…, for 7 s",
                "  [#########-----------]  45 %  92 000 messages/s  9 s left",
            ])
        #expect(
            LiveArea.lines(of: [Self.producing], width: 30, height: 24) == [
                "scen….json  step 1 o…, for 7 s",
                "  45 %  9 s left",
            ])
    }

    @Test func eachLineFits() {
        var wide = Self.producing
        wide.name = "シナリオ/注文/注文と返金.json"
        wide.what = "step 1 of 3: produce 注文: delivering"
        var silent = wide
        silent.trouble = "connection refused"
        var open = wide
        open.amount = .init(done: 12, failed: 3)
        var member = wide
        (member.amount, member.howFar) = (nil, "0 of 2 members")
        for width in 1...130 {
            for jobs in [[wide], [silent], [open], [member], Array(repeating: wide, count: 6)] {
                for line in LiveArea.lines(of: jobs, width: width, height: 24) {
                    #expect(TerminalText.cells(line) <= width, "\(line)")
                }
            }
        }
    }

    @Test func whyAKafkaDoesNotAnswerIsSaid() {
        let job = LiveArea.Job(
            name: "a.json", what: "waiting for an answer of 127.0.0.1:1", lasted: .seconds(2),
            howFar: "connection refused", trouble: "connection refused")
        #expect(
            LiveArea.lines(of: [job], width: 79, height: 24) == [
                "a.json  waiting for an answer of 127.0.0.1:1, for 2 s",
                "  connection refused, trying again",
            ])
    }

    @Test func whereTheEndIsNotKnownThereIsNoBar() {
        let job = LiveArea.Job(
            name: "a.json", what: "step 1 of 1: consume orders: reading", amount: .init(done: 1_200), rate: 3.14)
        #expect(
            LiveArea.lines(of: [job], width: 79, height: 24) == [
                "a.json  step 1 of 1: consume orders: reading", "  1 200 messages  3.1 messages/s",
            ])
    }

    @Test func whatFailedIsCounted() {
        let job = LiveArea.Job(
            name: "a.json", what: "step 1 of 1: produce orders: delivering",
            amount: .init(done: 10, total: 10, failed: 2), rate: 0)
        #expect(
            LiveArea.lines(of: [job], width: 79, height: 24).last
                == "  [##############################]  100 %  10 of 10  2 failed  0 messages/s")
    }

    @Test func stepsBesideAStepAreCounted() {
        let job = LiveArea.Job(name: "a.json", what: "step 1.1.1: pause", others: 2)
        #expect(
            LiveArea.lines(of: [job], width: 79, height: 24) == ["a.json  step 1.1.1: pause (and 2 steps beside it)"])
    }

    @Test func manyTakeALineEachAndNoMoreThanThereIsRoomFor() {
        let short = "step 1 of 3: produce orders: delivering  45 %  92 000 messages/s  9 s left"
        let jobs = (1...9).map { number in
            var job = Self.producing
            job.name = "\(number).json"
            return job
        }
        #expect(LiveArea.lines(of: Array(jobs.prefix(4)), width: 99, height: 24).count == 8)
        #expect(
            LiveArea.lines(of: Array(jobs.prefix(5)), width: 99, height: 24) == (1...5).map { "\($0).json  \(short)" })
        #expect(
            LiveArea.lines(of: jobs, width: 99, height: 24)
                == (1...7).map { "\($0).json  \(short)" } + ["and 2 more"])
        #expect(
            LiveArea.lines(of: jobs, width: 99, height: 4)
                == ["1.json  \(short)", "2.json  \(short)", "and 7 more"])
        #expect(LiveArea.lines(of: jobs, width: 99, height: 2) == ["1.json  \(short)  (and 8 more)"])
        #expect(LiveArea.lines(of: [], width: 99, height: 24).isEmpty)
    }

    @Test func aRateIsThatOfTheLastSeconds() {
        var meter = RateMeter()
        let start = ContinuousClock.now
        #expect(meter.see(0, at: start) == nil)
        #expect(meter.see(100, at: start + .milliseconds(400)) == nil)
        #expect(meter.see(1_000, at: start + .seconds(1)) == 1_000)
        // The standstill is all that is remembered.
        #expect(meter.see(1_000, at: start + .seconds(5)) == 200)
        #expect(meter.see(1_000, at: start + .milliseconds(6_500)) == 0)
    }
}

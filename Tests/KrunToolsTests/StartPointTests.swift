import Testing

@testable import KrunTools

@Suite(.timeLimit(.minutes(1)))
struct StartPointTests {
    @Test(arguments: [
        ("committed", StartPoint.committed), ("earliest", .earliest), ("latest", .latest), ("0", .offset(0)),
        ("12", .offset(12)), ("-12", .last(12)), ("2026-01-31T08:00:00Z", .time(1_769_846_400_000)),
    ])
    func formsAreRead(_ text: String, _ point: StartPoint) {
        #expect(StartPoint(text) == point)
    }

    @Test(arguments: ["", "first", "-0", "+1", "1.5", "--1", "2026-01-31", "1960-01-31T08:00:00Z", "12 "])
    func otherTextsAreNone(_ text: String) {
        #expect(StartPoint(text) == nil)
    }

    @Test func offsetsStayInTheLog() {
        func offset(_ point: StartPoint, committed: Int64? = nil, atTime: Int64? = nil) -> Int64 {
            point.offset(first: 10, end: 20, committed: committed, atTime: atTime)
        }
        #expect(offset(.committed) == 10)
        #expect(offset(.committed, committed: 15) == 15)
        #expect(offset(.committed, committed: 5) == 10)
        #expect(offset(.committed, committed: 20) == 20)
        // The topic was made anew: the offset is none of this log.
        #expect(offset(.committed, committed: 21) == 10)
        #expect(offset(.earliest) == 10)
        #expect(offset(.latest) == 20)
        #expect(offset(.offset(3)) == 10)
        #expect(offset(.offset(13)) == 13)
        #expect(offset(.offset(30)) == 20)
        #expect(offset(.last(3)) == 17)
        #expect(offset(.last(30)) == 10)
        #expect(offset(.time(1), atTime: 12) == 12)
        #expect(offset(.time(1)) == 20)
    }
}

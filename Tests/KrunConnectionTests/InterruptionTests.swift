import Testing

@testable import KrunConnection

@Suite struct InterruptionTests {
    @Test func oneWithinAnotherEndsWithItAndNotTheOtherWayRound() {
        let run = Interruption()
        let (first, second) = (Interruption(within: run), Interruption(within: run))
        first.request()
        #expect(first.isRequested)
        #expect(first.age != nil)
        #expect(!run.isRequested)
        #expect(!second.isRequested)
        #expect(second.age == nil)
        run.request()
        #expect(second.isRequested)
        #expect(second.age != nil)
    }
}

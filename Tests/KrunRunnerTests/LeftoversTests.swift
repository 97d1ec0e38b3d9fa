import Testing

@testable import KrunRunner

@Suite struct LeftoversTests {
    private let now: Int64 = 1_764_003_600

    @Test func onlyNamesThatKrunMadeAreFoundWithTheirAge() {
        let names = ["orders", "orders-krun-t68n40-abcdefgh", "__consumer_offsets", "a-krun-t68n5a-00000000"]
        #expect(
            Leftovers.entries(names, olderThan: .zero, now: now) == [
                .init(name: "a-krun-t68n5a-00000000", age: .seconds(now - Int64("t68n5a", radix: 36)!)),
                .init(name: "orders-krun-t68n40-abcdefgh", age: .seconds(3600)),
            ])
    }

    @Test func theAgeMustBeReached() {
        let names = ["orders-krun-t68n40-abcdefgh"]
        #expect(Leftovers.entries(names, olderThan: .seconds(3600), now: now).count == 1)
        #expect(Leftovers.entries(names, olderThan: .seconds(3601), now: now) == [])
    }

    /// Another machine's clock may be ahead.
    @Test func aRunFromTheFutureIsJustBorn() {
        let name = RunNames.fresh(secondsSince1970: now + 100).actual("orders")
        #expect(Leftovers.entries([name], olderThan: .zero, now: now) == [.init(name: name, age: .zero)])
        #expect(Leftovers.entries([name], olderThan: .seconds(1), now: now) == [])
    }
}

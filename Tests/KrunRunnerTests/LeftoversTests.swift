import Testing

@testable import KrunRunner

@Suite struct LeftoversTests {
    private let now: Int64 = 1_800_003_600

    @Test func onlyNamesThatKrunMadeAreFoundWithTheirAge() {
        let names = ["orders", "orders-krun-tro8w0-abcdefgh", "__consumer_offsets", "a-krun-tro8xa-00000000"]
        #expect(
            Leftovers.entries(names, olderThan: .zero, now: now) == [
                .init(name: "a-krun-tro8xa-00000000", age: .seconds(now - Int64("tro8xa", radix: 36)!)),
                .init(name: "orders-krun-tro8w0-abcdefgh", age: .seconds(3600)),
            ])
    }

    @Test func theAgeMustBeReached() {
        let names = ["orders-krun-tro8w0-abcdefgh"]
        #expect(Leftovers.entries(names, olderThan: .seconds(3600), now: now).count == 1)
        #expect(Leftovers.entries(names, olderThan: .seconds(3601), now: now) == [])
    }

    /// Another machine's clock may be ahead.
    @Test func aRunFromTheFutureIsJustBorn() {
        let name = RunNames.fresh(secondsSince1970: now + 100).actual("orders")
        #expect(Leftovers.entries([name], olderThan: .zero, now: now) == [.init(name: name, age: .zero)])
        #expect(Leftovers.entries([name], olderThan: .seconds(1), now: now) == [])
    }

    /// No clock is that far ahead: the name looks like one of krun's by chance.
    @Test func aRunFromTheDayAfterTomorrowIsNobodys() {
        let last = RunNames.fresh(secondsSince1970: now + 86_400).actual("orders")
        let beyond = RunNames.fresh(secondsSince1970: now + 86_401).actual("orders")
        #expect(Leftovers.entries([last, beyond], olderThan: .zero, now: now) == [.init(name: last, age: .zero)])
    }
}

import KrunOutcome
import Testing

@Suite(.timeLimit(.minutes(1)))
struct StepPathTests {
    private let inner = StepPath(2).appending(1).appending(3)

    @Test func isWrittenAsPeopleCount() {
        #expect("\(StepPath(12))" == "12")
        #expect("\(inner)" == "2.1.3")
        #expect(StepPath(2).position(of: 5) == "step 2 of 5")
        #expect(inner.position(of: 5) == "step 2.1.3")
    }

    @Test func standsInTheOrderOfTheFile() {
        let paths = [StepPath(1), StepPath(2), StepPath(2).appending(1), inner, StepPath(2).appending(2), StepPath(10)]
        #expect(paths.shuffled().sorted() == paths)
    }

    /// Once drawn, always the same.
    @Test func drawsFromItsOwnSeed() {
        #expect(StepPath(1).seed(from: 0) == 0x8b4fda8c892b50e)
        #expect(StepPath(2).seed(from: 7) == 0x46a6c8e56922a525)
        #expect(StepPath(1).seed(from: 8) == 0x623b7cc2a789298)
        #expect(inner.seed(from: 7) == 0x5d80b3c9795b882e)
        var seeds: Set<UInt64> = []
        for seed in UInt64(0)..<100 {
            for number in 1...100 { seeds.insert(StepPath(number).seed(from: seed)) }
        }
        #expect(seeds.count == 10_000)
    }
}

import Testing

@testable import KrunChecks

@Suite struct IntervalSetTests {
    @Test func risingOffsetsMakeOneRun() {
        var set = IntervalSet()
        for offset in Int64(3)...9 { #expect(set.insert(offset) == true) }
        #expect(set.ranges == [3..<10])
        #expect(set.count == 7)
        #expect(set.first == 3)
        #expect(set.last == 9)
    }

    @Test func aKnownOffsetIsRefused() {
        var set = IntervalSet(3..<10)
        #expect(set.insert(3) == false)
        #expect(set.insert(9) == false)
        #expect(set.insert(10) == true)
        #expect(set.ranges == [3..<11])
    }

    @Test func touchingRunsGrowTogether() {
        var set = IntervalSet()
        set.insert(1)
        set.insert(3)
        set.insert(5)
        #expect(set.ranges == [1..<2, 3..<4, 5..<6])
        set.insert(2)
        #expect(set.ranges == [1..<4, 5..<6])
        set.insert(0..<10)
        #expect(set.ranges == [0..<10])
        set.insert(4..<4)
        #expect(set.count == 10)
    }

    /// Against a plain set of numbers, with everything that can be asked.
    @Test(arguments: 1...20)
    func agreesWithASet(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var intervals = IntervalSet()
        var others = IntervalSet()
        var plain: Set<Int64> = []
        var plainOthers: Set<Int64> = []
        for _ in 0..<1_000 {
            let offset = Int64.random(in: 0..<300, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                let range = offset..<offset + Int64.random(in: 0..<8, using: &random)
                intervals.insert(range)
                plain.formUnion(range)
            case 1...4:
                others.insert(offset)
                plainOthers.insert(offset)
            default:
                #expect(intervals.insert(offset) == plain.insert(offset).inserted)
            }
        }
        #expect(intervals.count == plain.count)
        #expect(intervals.ranges.flatMap(Array.init) == plain.sorted())
        #expect(zip(intervals.ranges, intervals.ranges.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
        for offset in Int64(-1)...310 { #expect(intervals.contains(offset) == plain.contains(offset)) }
        #expect(intervals.subtracting(others).ranges.flatMap(Array.init) == plain.subtracting(plainOthers).sorted())
        #expect(intervals.from(117).ranges.flatMap(Array.init) == plain.filter { $0 >= 117 }.sorted())
        intervals.formUnion(others)
        #expect(intervals.ranges.flatMap(Array.init) == plain.union(plainOthers).sorted())
    }
}

import Testing

@testable import KrunTools

@Suite(.timeLimit(.minutes(1)))
struct BoundedMergeTests {
    private func message(_ partition: Int32, _ offset: Int64, at timestamp: Int64?, size: Int = 10) -> RecordedMessage {
        RecordedMessage(
            partition: partition, offset: offset, timestamp: timestamp, key: nil,
            value: Array(repeating: 0, count: size))
    }

    @Test func partitionsKeepTheirOrderAndTheEarliestComesFirst() {
        var merge = BoundedMerge(limit: 10, byteLimit: 1000)
        for message in [
            message(1, 0, at: 20), message(1, 1, at: 5), message(0, 0, at: 20), message(2, 3, at: nil),
            message(0, 4, at: 21), message(2, 4, at: 22),
        ] { merge.add(message) }
        #expect(
            merge.finish().map { "\($0.partition)/\($0.offset)" } == ["2/3", "0/0", "1/0", "1/1", "0/4", "2/4"])
        #expect(!merge.isCut && merge.closed.isEmpty)
    }

    @Test func theFirstMessageIsTakenWhateverItsSize() {
        var merge = BoundedMerge(limit: 10, byteLimit: 100)
        merge.add(message(0, 0, at: 1, size: 5000))
        merge.add(message(0, 1, at: 2, size: 1))
        #expect(merge.finish().map(\.offset) == [0])
        #expect(merge.isCut && merge.closed == [0])
    }

    /// However they come, the result is what a merge of everything would have first, and what is closed has no part in it.
    @Test(arguments: 0..<200)
    func boundsChangeNothingButTheLength(seed: Int) {
        var random = Random(state: UInt64(seed))
        let partitions = 1 + random.below(5)
        var all: [[RecordedMessage]] = (0..<partitions).map { partition in
            var time = Int64(random.below(5))
            return (0..<random.below(80)).map { offset in
                // Sometimes back: producers' clocks are not one.
                time += Int64(random.below(4)) - (random.below(6) == 0 ? 5 : 0)
                return message(Int32(partition), Int64(offset), at: time, size: random.below(30))
            }
        }
        let limit = 1 + random.below(60)
        let byteLimit = 1 + random.below(600)
        let expected = naive(all, limit: limit, byteLimit: byteLimit)
        let total = all.reduce(0) { $0 + $1.count }

        var merge = BoundedMerge(limit: limit, byteLimit: byteLimit)
        while let partition = all.indices.filter({ !all[$0].isEmpty }).randomElement(using: &random) {
            for _ in 0..<min(all[partition].count, 1 + random.below(20)) { merge.add(all[partition].removeFirst()) }
        }
        let found = merge.finish()
        #expect(found == expected)
        #expect(merge.isCut == (expected.count < total))
    }

    private func naive(_ all: [[RecordedMessage]], limit: Int, byteLimit: Int) -> [RecordedMessage] {
        var (all, merged) = (all, [RecordedMessage]())
        while let next = all.indices.filter({ !all[$0].isEmpty }).min(by: {
            (all[$0][0].timestamp ?? 0) < (all[$1][0].timestamp ?? 0)
        }) {
            merged.append(all[next].removeFirst())
        }
        var bytes = 0
        let fitting = merged.prefix { message in
            bytes += message.size
            return bytes <= byteLimit
        }
        return Array(merged.prefix(max(1, min(limit, fitting.count))))
    }

    /// splitmix64.
    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }

        mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
    }
}

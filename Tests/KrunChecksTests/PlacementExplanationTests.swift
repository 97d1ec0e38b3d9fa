import KrunScenario
import Testing

@testable import KrunChecks

/// A placement explains itself: hash, remainder and partitioner.
@Suite struct PlacementExplanationTests {
    private func notes(_ key: String?, _ partitioner: Partitioner = .murmur2Random) -> [String] {
        PlacementExplanation.notes(key: key.map { Array($0.utf8) }, partitions: 3, partitioner: partitioner)
    }

    @Test func doesTheSum() {
        #expect(notes("alice") == ["murmur2(\"alice\") = 0x74504595, mod 3 = 0 with partitioner murmur2_random"])
    }

    @Test func saysWhatIsNotHashed() {
        let rest =
            ": it goes to a random partition, and a burst of such messages to the same one "
            + "unless sticky.partitioning.linger.ms is 0"
        #expect(notes(nil) == ["a message without a key is not hashed by partitioner murmur2_random" + rest])
        #expect(
            notes("", .consistentRandom) == ["an empty key is not hashed by partitioner consistent_random" + rest])
        #expect(notes("alice", .random) == ["the partitioner random looks at no key" + rest])
        #expect(
            notes(nil, .consistent) == [
                "crc32(\"\") = 0x00000000, mod 3 = 0 with partitioner consistent",
                "the partitioner consistent treats a message without a key like an empty key",
            ])
    }

    @Test func showsBytesThatAreNoTextAsAFileSaysThem() {
        let lines = PlacementExplanation.notes(key: [0xff, 0x00], partitions: 1, partitioner: .murmur2)
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix(#"murmur2({"hex":"ff00"}) = 0x"#) == true)
        #expect(lines.first?.hasSuffix(", mod 1 = 0 with partitioner murmur2") == true)
    }
}

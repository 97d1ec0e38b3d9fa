import KrunScenario
import Testing

@testable import KrunChecks

/// A placement explains itself: hash, remainder, partitioner, and who would have given what was expected.
@Suite struct PlacementExplanationTests {
    private func notes(
        _ key: String?, _ partitioner: Partitioner = .murmur2Random, expected: Int32? = nil, actual: Int32? = nil
    ) -> [String] {
        PlacementExplanation.notes(
            key: key.map { Array($0.utf8) }, partitions: 3, partitioner: partitioner, expected: expected,
            actual: actual)
    }

    @Test func namesTheOtherPartitioner() {
        let line = "murmur2(\"alice\") = 0x74504595, mod 3 = 0 with partitioner murmur2_random"
        #expect(notes("alice", expected: 0, actual: 0) == [line])
        #expect(notes("alice", actual: 0) == [line])
        #expect(
            notes("alice", expected: 2, actual: 0) == [
                line,
                "consistent_random (crc32) and fnv1a_random would have given 2: "
                    + "is one of them what produced the value you expected?",
            ])
        #expect(
            notes("dave", expected: 2, actual: 1) == [
                "murmur2(\"dave\") = 0x66f1f096, mod 3 = 1 with partitioner murmur2_random",
                "consistent_random (crc32) would have given 2: is that what produced the value you expected?",
            ])
        #expect(
            notes("bob", expected: 1, actual: 0) == [
                "murmur2(\"bob\") = 0x05ebcace, mod 3 = 0 with partitioner murmur2_random"
            ])
    }

    @Test func saysThatAnotherHandPlacedIt() {
        #expect(
            notes("alice", expected: 0, actual: 1) == [
                "murmur2(\"alice\") = 0x74504595, mod 3 = 0 with partitioner murmur2_random",
                "partition 1 is not that: the message named its partition, or something else sent it",
            ])
    }

    @Test func saysWhatIsNotHashed() {
        let rest =
            ": it goes to a random partition, and a burst of such messages to the same one "
            + "unless sticky.partitioning.linger.ms is 0"
        #expect(
            notes(nil, expected: 1) == ["a message without a key is not hashed by partitioner murmur2_random" + rest])
        #expect(
            notes("", .consistentRandom, expected: 1) == [
                "an empty key is not hashed by partitioner consistent_random" + rest
            ])
        #expect(notes("alice", .random, expected: 1) == ["the partitioner random looks at no key" + rest])
        #expect(
            notes(nil, .consistent, actual: 0) == [
                "crc32(\"\") = 0x00000000, mod 3 = 0 with partitioner consistent",
                "the partitioner consistent treats a message without a key like an empty key",
            ])
    }

    @Test func showsBytesThatAreNoText() {
        let lines = PlacementExplanation.notes(
            key: [0xff, 0x00], partitions: 1, partitioner: .murmur2, expected: nil, actual: 0)
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("murmur2(0xff00) = 0x") == true)
        #expect(lines.first?.hasSuffix(", mod 1 = 0 with partitioner murmur2") == true)
    }
}

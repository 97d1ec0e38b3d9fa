import KrunOutcome
import KrunScenario
import Testing

@testable import KrunChecks

/// Who would have placed keys as the file expects, and who placed them where they are: told of all keys together or not at all.
@Suite struct PlacementStudyTests {
    private static let alice = "murmur2(\"alice\") = 0x74504595, mod 3 = 0 with partitioner murmur2_random"

    /// The notes of each failure.
    private func notes(
        _ keys: String, seen: [String: Int32], partitions: Int = 3, partitioners: Set<Partitioner> = [.murmur2Random]
    ) throws -> [[String]] {
        let records = TopicRecords(
            partitions: [0: PartitionOutcome(messages: 3, first: 0, last: 2)],
            keys: seen.sorted { $0.key < $1.key }.map { JudgeFixture.key($0.key, 1, on: [$0.value]) },
            distinctKeys: seen.count)
        let text = JudgeFixture.judge(
            try JudgeFixture.consume("{ \"keys\": { \(keys) } }"), JudgeFixture.consumed(records),
            partitions: partitions, partitioners: partitioners)
        return text.split(separator: "failure: ").map { failure in
            failure.split(separator: "\n").filter { $0.hasPrefix("= ") }.map { String($0.dropFirst(2)) }
        }
    }

    /// Of 3 partitions, by murmur2, crc32 and fnv1a; worked out with other programs.
    @Test func theHashesOfTheTests() {
        func places(_ key: String) -> [Int32?] {
            [Partitioner.murmur2, .consistent, .fnv1a].map { $0.partition(forKey: Array(key.utf8), partitions: 3) }
        }
        #expect(places("alice") == [0, 2, 2])
        #expect(places("bob") == [0, 2, 2])
        #expect(places("carol") == [2, 2, 2])
        #expect(places("oda") == [0, 2, 1])
        #expect(places("zoe") == [2, 1, 0])
    }

    @Test func oneExpectationMayBeSeveralPartitioners() throws {
        #expect(
            try notes(#""alice": { "partition": 2 }"#, seen: ["alice": 0]) == [
                [
                    Self.alice,
                    "consistent_random (crc32) and fnv1a_random would have given 2: "
                        + "is one of them what produced the value you expected?",
                ]
            ])
    }

    /// crc32 explains both, fnv1a one of them.
    @Test func aPartitionerIsNamedWhereItExplainsAll() throws {
        let found = try notes(
            #""alice": { "partition": 2 }, "oda": { "partition": 2 }"#, seen: ["alice": 0, "oda": 0])
        let hint =
            "consistent_random (crc32) would have given 2, and all 2 partitions that are expected here: "
            + "is that what produced the values you expected?"
        #expect(found.count == 2)
        #expect(found.allSatisfy { $0.last == hint })
    }

    /// The expectation that holds counts as well: crc32 would have put carol on 2.
    @Test func noPartitionerIsGuessedKeyByKey() throws {
        #expect(
            try notes(
                #""alice": { "partition": 2 }, "carol": { "partition": 0 }"#, seen: ["alice": 0, "carol": 2]
            ).map(\.last) == [
                "no partitioner gives all 2 partitions that are expected here",
                "no partitioner gives all 2 partitions that are expected here",
            ])
    }

    @Test func anotherNumberOfPartitions() throws {
        #expect(
            try notes(
                #""alice": { "partition": 0 }, "bob": { "partition": 0 }, "carol": { "partition": 2 }"#,
                seen: ["alice": 1, "bob": 2, "carol": 2], partitions: 4
            ) == [
                [
                    "murmur2(\"alice\") = 0x74504595, mod 4 = 1 with partitioner murmur2_random",
                    "with 3 partitions instead of 4 murmur2 gives 0, and all 3 partitions that are expected here",
                ],
                [
                    "murmur2(\"bob\") = 0x05ebcace, mod 4 = 2 with partitioner murmur2_random",
                    "with 3 partitions instead of 4 murmur2 gives 0, and all 3 partitions that are expected here",
                ],
            ])
        #expect(
            try notes(#""grace": { "partition": 0 }"#, seen: ["grace": 2], partitions: 4).map(\.last) == [
                "with 3 partitions instead of 4 murmur2 gives 0"
            ])
    }

    /// Nothing of the scenario placed them: what was read tells it.
    @Test func readingWhatOthersWrote() throws {
        #expect(
            try notes(
                #""alice": { "partition": 0 }"#, seen: ["alice": 2, "bob": 2, "zoe": 1], partitioners: []
            ) == [
                [
                    "crc32(\"alice\") = 0x278ebc47, mod 3 = 2: all 3 keys are where consistent_random (crc32) puts them",
                    "murmur2_random would have given 0: is that what produced the value you expected?",
                ]
            ])
        #expect(
            try notes(#""alice": { "partition": 0 }"#, seen: ["alice": 2], partitioners: []).first?.first
                == "crc32(\"alice\") = 0x278ebc47, mod 3 = 2: the key is where consistent_random (crc32) or fnv1a_random puts it"
        )
        #expect(
            try notes(#""alice": { "partition": 0 }"#, seen: ["alice": 1, "bob": 0], partitioners: []) == [
                [
                    "no partitioner puts all 2 keys where they are: something else placed them",
                    "murmur2_random would have given 0: is that what produced the value you expected?",
                ]
            ])
    }

    /// The scenario sent with murmur2, but that is not where the key is.
    @Test func somethingElseSentIt() throws {
        #expect(
            try notes(#""alice": { "partition": 0 }"#, seen: ["alice": 1]) == [
                [
                    Self.alice,
                    "partition 1 is not that: the message named its partition, or something else sent it",
                ]
            ])
        #expect(
            try notes(#""alice": { "partition": 1 }"#, seen: ["alice": 2, "bob": 2, "zoe": 1]).first?.prefix(2) == [
                Self.alice,
                "crc32(\"alice\") = 0x278ebc47, mod 3 = 2: all 3 keys are where consistent_random (crc32) puts them",
            ])
    }
}

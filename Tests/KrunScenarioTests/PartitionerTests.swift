import CRdKafka
import KrunScenario
import Testing

/// The hashes computed here are librdkafka's and the Java client's.
@Suite("Partitioners") struct PartitionerTests {
    /// librdkafka's partitioners that decide by the key alone: for those keys they look at no topic.
    private func librdkafka(_ partitioner: Partitioner, _ key: [UInt8]?, _ partitions: Int32) -> Int32 {
        let topic = OpaquePointer(bitPattern: 8)
        func call(_ key: UnsafeRawPointer?, _ length: Int) -> Int32 {
            switch partitioner {
            case .random, .roundRobin: fatalError("it has no answer of its own")
            case .consistent: rd_kafka_msg_partitioner_consistent(topic, key, length, partitions, nil, nil)
            case .consistentRandom:
                rd_kafka_msg_partitioner_consistent_random(topic, key, length, partitions, nil, nil)
            case .murmur2: rd_kafka_msg_partitioner_murmur2(topic, key, length, partitions, nil, nil)
            case .murmur2Random, .murmur2RoundRobin:
                rd_kafka_msg_partitioner_murmur2_random(topic, key, length, partitions, nil, nil)
            case .fnv1a: rd_kafka_msg_partitioner_fnv1a(topic, key, length, partitions, nil, nil)
            case .fnv1aRandom: rd_kafka_msg_partitioner_fnv1a_random(topic, key, length, partitions, nil, nil)
            }
        }
        guard let key else { return call(nil, 0) }
        // An empty array has no address, and no address means no key.
        return (key + [0]).withUnsafeBytes { call($0.baseAddress, key.count) }
    }

    @Test("20 000 random keys go where librdkafka sends them", arguments: Partitioner.allCases)
    func randomKeys(partitioner: Partitioner) {
        guard partitioner != .random, partitioner != .roundRobin else {
            #expect(partitioner.partition(forKey: [1], partitions: 3) == nil)
            return
        }
        var random = SplitMix64(state: 7)
        var wrong: [[UInt8]] = []
        for _ in 0..<20_000 {
            let key = (0..<Int.random(in: 0...64, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random)
            }
            let partitions = Int.random(in: 1...50, using: &random)
            guard let partition = partitioner.partition(forKey: key, partitions: partitions) else {
                if !key.isEmpty { wrong.append(key) }
                continue
            }
            if partition != librdkafka(partitioner, key, Int32(partitions)) { wrong.append(key) }
        }
        #expect(wrong == [])
    }

    @Test("a missing and an empty key are hashed by those that hash them in librdkafka")
    func missingAndEmptyKeys() {
        for partitioner in [Partitioner.consistent, .murmur2, .fnv1a] {
            #expect(partitioner.partition(forKey: nil, partitions: 7) == librdkafka(partitioner, nil, 7))
            #expect(partitioner.partition(forKey: [], partitions: 7) == librdkafka(partitioner, [], 7))
        }
        for partitioner in [Partitioner.murmur2Random, .fnv1aRandom] {
            #expect(partitioner.partition(forKey: nil, partitions: 7) == nil)
            #expect(partitioner.partition(forKey: [], partitions: 7) == librdkafka(partitioner, [], 7))
        }
        for partitioner in [Partitioner.consistentRandom, .random] {
            #expect(partitioner.partition(forKey: nil, partitions: 7) == nil)
            #expect(partitioner.partition(forKey: [], partitions: 7) == nil)
        }
    }

    @Test("what takes turns is left neither to a key nor to chance")
    func turns() {
        #expect(Partitioner.allCases.filter { $0.takesTurns(key: nil) } == [.murmur2RoundRobin, .roundRobin])
        #expect(Partitioner.allCases.filter { $0.takesTurns(key: [1]) } == [.roundRobin])
        #expect(
            Partitioner.allCases.filter { $0.leavesToChance(key: nil) }
                == [.random, .consistentRandom, .murmur2Random, .fnv1aRandom])
        #expect(Partitioner.allCases.filter { !$0.isOfLibrdkafka } == [.murmur2RoundRobin, .roundRobin])
        for partitioner in Partitioner.allCases where partitioner.isOfLibrdkafka {
            #expect(partitioner.librdkafkaName == partitioner.rawValue)
        }
    }

    /// The numbers of `org.apache.kafka.common.utils.UtilsTest.testMurmur2`, made positive as Java's partitioner does.
    @Test("murmur2 is the Java client's")
    func java() {
        let known: [(String, Int32)] = [
            ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
            ("abc", 479_470_107),
        ]
        for (key, hash) in known {
            #expect(Partitioner.murmur2.hash(of: Array(key.utf8)) == UInt32(bitPattern: hash) & 0x7fff_ffff)
        }
        #expect(Partitioner.murmur2Random.hash(of: Array("alice".utf8)) == 0x7450_4595)
        #expect(Partitioner.murmur2Random.partition(forKey: Array("alice".utf8), partitions: 3) == 0)
    }

    @Test("each names its hash")
    func algorithms() {
        #expect(
            Partitioner.allCases.map(\.algorithm) == [
                nil, "crc32", "crc32", "murmur2", "murmur2", "fnv1a", "fnv1a", "murmur2", nil,
            ])
    }
}

/// A seeded generator, so that a failure can be repeated.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }
}

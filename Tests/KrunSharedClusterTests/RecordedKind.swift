import KrunKafka
import KrunScenario
import KrunTools

/// A topic as somebody may have filled it, the same for each seed.
enum RecordedKind: String, CaseIterable, Sendable {
    case murmur2, crc32, fnv1a, onePartition, twelvePartitions, explicit, noKeys, someKeys, binary, braces, headers
    case emptyKeys, keysOnSeveralPartitions, empty, large, old

    struct Message {
        var key: [UInt8]?
        var value: [UInt8]?
        var headers: [RecordHeader] = []
        /// −1: the partitioner's choice.
        var partition: Int32 = -1
        /// 0: now.
        var timestamp: Int64 = 0
    }

    /// What the topic is created with.
    var config: [String: String] {
        switch self {
        case .large: ["max.message.bytes": "2000000"]
        case .old: ["retention.ms": "-1"]
        default: [:]
        }
    }

    var partitions: Int {
        switch self {
        case .onePartition: 1
        case .twelvePartitions: 12
        default: 3
        }
    }

    var partitioner: Partitioner {
        switch self {
        case .crc32, .twelvePartitions: .consistentRandom
        case .fnv1a: .fnv1aRandom
        default: .murmur2Random
        }
    }

    /// What the file must say of where messages go; nil where chance decides it.
    var explanation: Placement? {
        switch self {
        case .onePartition: .single
        case .explicit, .noKeys, .keysOnSeveralPartitions, .empty: .explicit
        default: .keys(partitioner)
        }
    }

    /// - Parameter seed: any.
    func messages(seed: UInt64) -> [Message] {
        var random = Random(state: seed)
        switch self {
        case .empty: return []
        case .large:
            return [
                Message(key: [97], value: Array(repeating: 120, count: 1_200_000)),
                Message(key: [98], value: Array(repeating: 121, count: 10)),
            ]
        default: return (0..<60).map { message($0, &random) }
        }
    }

    private func message(_ number: Int, _ random: inout Random) -> Message {
        let name = Array("customer \(random.below(15))".utf8)
        let value = Array("value \(number)".utf8)
        switch self {
        case .explicit: return Message(key: name, value: value, partition: Int32(random.below(3)))
        case .keysOnSeveralPartitions: return Message(key: name, value: value, partition: Int32(number % 3))
        case .noKeys: return Message(value: value)
        case .someKeys:
            return Message(key: random.below(2) == 0 ? nil : name, value: random.below(4) == 0 ? nil : value)
        case .binary:
            return Message(
                key: random.below(3) == 0 ? name : random.bytes(6),
                value: random.below(5) == 0 ? [] : random.bytes(random.below(40)))
        case .braces:
            let texts = [
                "{{", "{{index}}", "{", "{{{", "{{{{", "}}", "{\"id\": 7}", "{ \"base64\": \"YQ==\" }",
                "é\u{301}\n\t\"\\",
            ]
            return Message(
                key: Array(texts[random.below(texts.count)].utf8),
                value: Array((texts[random.below(texts.count)] + texts[random.below(texts.count)]).utf8))
        case .headers:
            let names = ["source", "trace", "{{x}}", ""]
            let headers = (0..<random.below(4)).map { _ in
                RecordHeader(names[random.below(names.count)], random.below(3) == 0 ? nil : random.bytes(3))
            }
            return Message(key: name, value: value, headers: headers)
        case .old: return Message(key: name, value: value, timestamp: 1_577_836_800_000 + Int64(number))
        case .emptyKeys: return Message(key: random.below(2) == 0 ? [] : name, value: value)
        default: return Message(key: name, value: value)
        }
    }

    /// splitmix64.
    private struct Random {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }

        mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

        mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next() >> 8) } }
    }
}

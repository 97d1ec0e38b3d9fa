import KrunBroker
import KrunKafka

/// `MemberAssignment`: what members of a group that is not ours were given, as krun reads it to show it. It must be what a plain loop
/// reads, and never more than the cluster has.
struct MemberTarget: FuzzTarget {
    let name = "members"
    let weight = 1

    private static let counts = ["t": 3, "tt": 1, "ttt": 9]

    func seeds(_ random: inout SplitMix64) -> [[UInt8]] { AssignmentTarget().seeds(&random) }

    func corpus(_ random: inout SplitMix64) -> [(name: String, bytes: [UInt8])] {
        AssignmentTarget().corpus(&random) + [
            ("hostile-one-byte", [0]),
            ("hostile-partition-negative", [0, 0, 0, 0, 0, 1, 0, 1, 0x74, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xF9]),
            ("hostile-partition-large", [0, 0, 0, 0, 0, 1, 0, 1, 0x74, 0, 0, 0, 1, 0x7F, 0xFF, 0xFF, 0xFF]),
            ("hostile-kelvin", [0, 0, 0, 0, 0, 1, 0, 3, 0xE2, 0x84, 0xAA, 0, 0, 0, 1, 0, 0, 0, 0]),
        ]
    }

    func change(_ input: inout [UInt8], _ random: inout SplitMix64) { AssignmentTarget().change(&input, &random) }

    func run(_ input: [UInt8], _ random: inout SplitMix64) -> Verdict {
        let assignment = MemberAssignment(input, partitionCounts: Self.counts)
        let found = assignment.map { "\($0.partitions.map(\.description)) \($0.unknown)" }
        let expected = AssignmentTarget().expectedPartitions(input).map { all in
            let known = Set(
                all.filter { (0..<(Self.counts[$0.topic] ?? 0)).contains($0.partition) }.map {
                    "\($0.topic)/\($0.partition)"
                })
            return "\(known.sorted()) \(all.count - known.count)"
        }
        if found != expected {
            fatalError("partitions are \(String(describing: found)) instead of \(String(describing: expected))")
        }
        return Verdict(heading: "(members)", isAccepted: found != nil)
    }
}

/// `ConsumerSubscription`: what it accepts must be what a plain loop reads, and no more topics than bytes allow.
struct SubscriptionTarget: FuzzTarget {
    let name = "subscriptions"
    let weight = 1

    func seeds(_ random: inout SplitMix64) -> [[UInt8]] {
        (0..<32).map { _ in
            let topics = (0..<random.below(6)).map { _ in
                String(repeating: "t", count: random.below(4) == 0 ? random.below(300) : random.below(12))
            }
            return subscription(version: random.below(4), topics)
        }
    }

    func corpus(_ random: inout SplitMix64) -> [(name: String, bytes: [UInt8])] {
        [
            ("v0", subscription(version: 0, ["orders"])),
            ("v1", subscription(version: 1, ["orders", "payments"]) + [0, 0, 0, 0]),
            ("v3", subscription(version: 3, []) + [0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
            ("hostile-empty", []),
            ("hostile-2-billion-topics", [0, 1, 0x7F, 0xFF, 0xFF, 0xFF, 0, 1, 0x74]),
            ("hostile-negative-count", [0, 1, 0x80, 0, 0, 0]),
            ("hostile-negative-topic", [0, 1, 0, 0, 0, 1, 0xFF, 0xFE, 0x74]),
            ("hostile-topic-beyond-end", [0, 1, 0, 0, 0, 1, 0x7F, 0xFF, 0x74]),
            ("hostile-not-utf8", [0, 1, 0, 0, 0, 1, 0, 2, 0xC3, 0x28]),
        ]
    }

    /// Another count of topics.
    func change(_ input: inout [UInt8], _ random: inout SplitMix64) {
        guard input.count >= 6 else { return }
        input[5] = UInt8(random.below(8))
    }

    func run(_ input: [UInt8], _ random: inout SplitMix64) -> Verdict {
        let topics = ConsumerSubscription(input)?.topics
        if topics != expected(input) {
            fatalError("topics are \(String(describing: topics)) instead of \(String(describing: expected(input)))")
        }
        return Verdict(heading: "(subscriptions)", isAccepted: topics != nil)
    }

    private func expected(_ input: [UInt8]) -> [String]? {
        guard input.count >= 6 else { return nil }
        let count = Int32(bitPattern: input[2..<6].reduce(0) { $0 << 8 | UInt32($1) })
        guard count >= 0 else { return nil }
        var topics: [String] = []
        var position = 6
        while topics.count < count {
            guard position + 2 <= input.count else { return nil }
            let length = Int(Int16(bitPattern: UInt16(input[position]) << 8 | UInt16(input[position + 1])))
            position += 2
            guard length >= 0, position + length <= input.count else { return nil }
            topics.append(String(decoding: input[position..<position + length], as: UTF8.self))
            position += length
        }
        return topics
    }

    private func subscription(version: Int, _ topics: [String]) -> [UInt8] {
        var bytes: [UInt8] = [0, UInt8(version), 0, 0, 0, UInt8(topics.count)]
        for topic in topics { bytes += [UInt8(topic.utf8.count >> 8), UInt8(topic.utf8.count & 0xFF)] + topic.utf8 }
        // No user data.
        return bytes + [0xFF, 0xFF, 0xFF, 0xFF]
    }
}

/// `ConsumerAssignment`: what it accepts must be what a plain loop reads, and no more partitions than bytes allow.
struct AssignmentTarget: FuzzTarget {
    let name = "assignments"
    let weight = 1

    func seeds(_ random: inout SplitMix64) -> [[UInt8]] {
        (0..<32).map { _ in
            assignment(
                version: random.below(4),
                (0..<random.below(4)).map { _ in
                    (
                        String(repeating: "t", count: random.below(12)),
                        (0..<random.below(5)).map { _ in random.below(9) }
                    )
                })
        }
    }

    func corpus(_ random: inout SplitMix64) -> [(name: String, bytes: [UInt8])] {
        [
            ("v0", assignment(version: 0, [("orders", [0, 1])])),
            ("v1", assignment(version: 1, [("orders", []), ("payments", [2])])),
            ("hostile-2-billion-topics", [0, 1, 0x7F, 0xFF, 0xFF, 0xFF, 0, 1, 0x74, 0, 0, 0, 0]),
            ("hostile-2-billion-partitions", [0, 1, 0, 0, 0, 1, 0, 1, 0x74, 0x7F, 0xFF, 0xFF, 0xFF]),
            ("hostile-negative-count", [0, 1, 0, 0, 0, 1, 0, 1, 0x74, 0x80, 0, 0, 0]),
            ("hostile-topic-beyond-end", [0, 1, 0, 0, 0, 1, 0x7F, 0xFF, 0x74]),
        ]
    }

    /// Another count of topics.
    func change(_ input: inout [UInt8], _ random: inout SplitMix64) {
        guard input.count >= 6 else { return }
        input[5] = UInt8(random.below(6))
    }

    func run(_ input: [UInt8], _ random: inout SplitMix64) -> Verdict {
        let topics = ConsumerAssignment(input)?.topics.map { "\($0.topic) \($0.partitions)" }
        if topics != expected(input) {
            fatalError("topics are \(String(describing: topics)) instead of \(String(describing: expected(input)))")
        }
        return Verdict(heading: "(assignments)", isAccepted: topics != nil)
    }

    private func expected(_ input: [UInt8]) -> [String]? {
        topics(in: input)?.map { "\($0.topic) \($0.partitions)" }
    }

    /// Every partition that is named, in this order; nil where a plain loop comes to the end too soon.
    func expectedPartitions(_ input: [UInt8]) -> [(topic: String, partition: Int)]? {
        topics(in: input)?.flatMap { topic in topic.partitions.map { (topic.topic, $0) } }
    }

    private func topics(in input: [UInt8]) -> [(topic: String, partitions: [Int])]? {
        if input.isEmpty { return [] }
        var position = 2
        func number(_ width: Int) -> Int? {
            guard position + width <= input.count else { return nil }
            let bits = input[position..<position + width].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            position += width
            return width == 2 ? Int(Int16(truncatingIfNeeded: bits)) : Int(Int32(bitPattern: bits))
        }
        guard input.count >= 6, let count = number(4), count >= 0 else { return nil }
        var topics: [(topic: String, partitions: [Int])] = []
        while topics.count < count {
            guard let length = number(2), length >= 0, position + length <= input.count else { return nil }
            let topic = String(decoding: input[position..<position + length], as: UTF8.self)
            position += length
            guard let partitions = number(4), partitions >= 0 else { return nil }
            var found: [Int] = []
            while found.count < partitions {
                guard let partition = number(4) else { return nil }
                found.append(partition)
            }
            topics.append((topic, found))
        }
        return topics
    }

    private func assignment(version: Int, _ topics: [(topic: String, partitions: [Int])]) -> [UInt8] {
        var bytes: [UInt8] = [0, UInt8(version), 0, 0, 0, UInt8(topics.count)]
        for (topic, partitions) in topics {
            bytes += [0, UInt8(topic.utf8.count)] + topic.utf8 + [0, 0, 0, UInt8(partitions.count)]
            for partition in partitions { bytes += [0, 0, 0, UInt8(partition)] }
        }
        // No user data.
        return bytes + [0xFF, 0xFF, 0xFF, 0xFF]
    }
}

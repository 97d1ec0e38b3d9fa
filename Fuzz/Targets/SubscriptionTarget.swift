import KrunBroker

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

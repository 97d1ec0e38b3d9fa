import KrunOutcome
import KrunScenario

/// What the keys of a step, all together, tell about who placed them: one key alone is on the partition of nearly any
/// partitioner sooner or later.
struct PlacementStudy {
    private struct Expected {
        let topic: String
        /// nil for messages without a key.
        let key: [UInt8]?
        let partition: Matcher
    }

    private let expected: [Expected]
    private let records: [String: TopicRecords]
    private let partitionCounts: [String: Int]
    // What was found out before, for the other failures of the step.
    private var partitionersOfExpected: [Partitioner]?
    private var observations: [String: [Partitioner]] = [:]
    private var otherCounts: [String: Int?] = [:]

    /// For each hash first the partitioner that is most used.
    private static let candidates: [[Partitioner]] = [
        [.murmur2Random, .murmur2], [.consistentRandom, .consistent], [.fnv1aRandom, .fnv1a],
    ]

    init() {
        self.init([], [:], [:])
    }

    /// - Parameter records: topic name → what the step saw of it.
    init(_ expectations: [TopicExpectation], _ records: [String: TopicRecords], _ partitionCounts: [String: Int]) {
        expected = expectations.flatMap { topic in
            let keys = topic.keys.map { ($0.key as [UInt8]?, $0.partition) } + [(nil, topic.nullKey?.partition)]
            return keys.compactMap { key, partition in
                partition.map { Expected(topic: topic.topic, key: key, partition: $0) }
            }
        }
        self.records = records
        self.partitionCounts = partitionCounts
    }

    // MARK: What is expected

    /// Who would have placed everything as the step expects it, if anybody; otherwise what is true of this key.
    ///
    /// - Parameter partitioner: the one that placed the key, or should have; nil where nobody knows.
    mutating func hints(
        _ key: [UInt8]?, _ topic: String, _ matcher: Matcher, partitioner: Partitioner?
    ) -> [String] {
        guard let wanted = matcher.singleNumber.flatMap({ Int32(exactly: $0) }), let count = partitionCounts[topic],
            partitioner?.partition(forKey: key, partitions: count) != wanted
        else { return [] }
        let others = partitionersOfAllExpected().filter { $0.algorithm != partitioner?.algorithm }
        let all = expected.count > 1 ? ", and all \(expected.count) partitions that are expected here" : ""
        if !others.isEmpty {
            let which = others.count == 1 ? "that" : "one of them"
            let what = expected.count > 1 ? "the values you expected" : "the value you expected"
            return [
                "\(KeyText.list(others.map(\.shown))) would have given \(wanted)\(all): is \(which) what produced \(what)?"
            ]
        }
        if let partitioner, let algorithm = partitioner.algorithm, let other = otherCount(topic, partitioner) {
            let noun = other == 1 ? "partition" : "partitions"
            return ["with \(other) \(noun) instead of \(count) \(algorithm) gives \(wanted)\(all)"]
        }
        return expected.count > 1
            ? ["no partitioner gives all \(expected.count) partitions that are expected here"] : []
    }

    private mutating func partitionersOfAllExpected() -> [Partitioner] {
        if let known = partitionersOfExpected { return known }
        let found = Self.candidates.compactMap { variants in
            variants.first { variant in
                expected.allSatisfy { isAsExpected($0, variant, partitions: partitionCounts[$0.topic] ?? 0) }
            }
        }
        partitionersOfExpected = found
        return found
    }

    /// The number of partitions, the nearest to the topic's own, with which the partitioner gives all that is expected of it.
    private mutating func otherCount(_ topic: String, _ partitioner: Partitioner) -> Int? {
        let place = "\(partitioner.rawValue) \(topic)"
        if let known = otherCounts[place] { return known }
        let expected = expected.filter { $0.topic == topic }
        let count = partitionCounts[topic] ?? 0
        // What a topic is likely to have had; with one partition everything is on it.
        let found = (1...64).flatMap { [count - $0, count + $0] }
            .first { other in
                other > 1 && other <= max(12, 2 * count)
                    && expected.allSatisfy { isAsExpected($0, partitioner, partitions: other) }
            }
        // Of other topics, whose own numbers may be right, it says nothing.
        otherCounts[place] = .some(expected.count == self.expected.count ? found : nil)
        return otherCounts[place] ?? nil
    }

    private func isAsExpected(_ expected: Expected, _ partitioner: Partitioner, partitions: Int) -> Bool {
        guard partitions > 0, let number = partitioner.partition(forKey: expected.key, partitions: partitions) else {
            return false
        }
        return expected.partition.accepts(Int64(number))
    }

    // MARK: What was seen

    /// The partitioners that put every key of a topic that was seen where it is.
    mutating func observed(_ topic: String) -> [Partitioner] {
        if let known = observations[topic] { return known }
        let keys = records[topic]?.keys ?? []
        let count = partitionCounts[topic] ?? 0
        let found = Self.candidates.compactMap { variants in
            variants.first { variant in
                count > 0 && !keys.isEmpty
                    && keys.allSatisfy { key in
                        guard let place = variant.partition(forKey: key.key, partitions: count) else { return true }
                        return key.partitions == [place]
                    }
            }
        }
        observations[topic] = found
        return found
    }

    /// Says who may have placed a key that none of the scenario's own partitioners put there.
    ///
    /// - Parameter calculation: where the scenario's own put it; empty where it has none.
    mutating func observation(
        _ key: [UInt8]?, _ topic: String, actual: Int32, calculation: [String]
    ) -> [String] {
        let observed = observed(topic)
        let count = records[topic]?.keys.count ?? 0
        guard let first = observed.first, let partitions = partitionCounts[topic],
            let placed = first.partition(forKey: key, partitions: partitions)
        else {
            if calculation.isEmpty {
                return count > 1
                    ? ["no partitioner puts all \(count) keys where they are: something else placed them"] : []
            }
            return calculation
                + ["partition \(actual) is not that: the message named its partition, or something else sent it"]
        }
        let which = count > 1 ? "all \(count) keys are" : "the key is"
        return calculation + [
            PlacementExplanation.calculation(key, partitions, first, placed)
                + ": \(which) where \(KeyText.list(observed.map(\.shown), "or")) puts \(count > 1 ? "them" : "it")"
        ]
    }
}

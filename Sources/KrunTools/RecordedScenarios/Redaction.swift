import KrunDiagnostics
import KrunKafka
import KrunScenario

/// Puts made-up texts in the place of keys and values, so that no customer's data is in the file of a scenario.
///
/// Equal ones stay equal, over all topics; what is null or empty stays so. A key that decided its partition becomes one that decides for
/// the same partition. Nothing of the real ones, such as a hash or a length, is in what takes their place.
package struct Redaction {
    /// What is made up.
    package struct Parts: OptionSet, Hashable, Sendable {
        package let rawValue: Int

        package init(rawValue: Int) { self.rawValue = rawValue }

        /// Values, and the values of headers.
        package static let values = Parts(rawValue: 1)
        package static let keys = Parts(rawValue: 2)

        /// In words; nil for nothing.
        var what: String? {
            switch self {
            case [.keys, .values]: "keys, values and values of headers"
            case .values: "values and values of headers"
            case .keys: "keys"
            default: nil
            }
        }
    }

    private let parts: Parts
    /// How many keys are tried.
    private let attempts: Int

    /// - Parameter attempts: so many keys take some seconds.
    init(_ parts: Parts, attempts: Int = 20_000_000) {
        self.parts = parts
        self.attempts = attempts
    }

    /// The topics with what is made up.
    ///
    /// - Parameter placements: what explains where each topic's messages are.
    /// - Throws: a usage diagnostic where no keys can be made up that several topics with their partitioners place as the real ones.
    func topics(_ topics: [RecordedTopic], placed placements: [Placement]) throws(Diagnostic) -> [RecordedTopic] {
        guard !parts.isEmpty else { return topics }
        let real = Self.payloads(of: topics)
        var values = MadeUpValues(avoiding: real)
        let keys = parts.contains(.keys) ? try keys(topics, placements, avoiding: real) : [:]
        return topics.map { topic in
            var topic = topic
            topic.messages = topic.messages.map { message in
                var message = message
                if parts.contains(.values) {
                    message.value = message.value.map { values.text(for: $0) }
                    message.headers = message.headers.map {
                        RecordHeader($0.key, $0.value.map { values.text(for: $0) })
                    }
                }
                message.key = message.key.map { keys[$0] ?? $0 }
                return message
            }
            return topic
        }
    }

    /// All that may be a customer's.
    private static func payloads(of topics: [RecordedTopic]) -> Set<[UInt8]> {
        var payloads: Set<[UInt8]> = []
        for message in topics.lazy.flatMap(\.messages) {
            if let key = message.key { payloads.insert(key) }
            if let value = message.value { payloads.insert(value) }
            for header in message.headers { if let value = header.value { payloads.insert(value) } }
        }
        return payloads
    }

    // MARK: Keys

    /// Who places keys, and among how many partitions.
    private struct Placer: Hashable {
        let partitioner: Partitioner
        let partitions: Int
    }

    /// Real keys that the same partitioners place, by where they do.
    private struct Demand {
        let placers: [Placer]
        /// In the order in which the keys come first.
        var keys: [[Int32]: [[UInt8]]] = [:]
    }

    /// What takes the place of each key that is not empty.
    private func keys(
        _ topics: [RecordedTopic], _ placements: [Placement], avoiding real: Set<[UInt8]>
    ) throws(Diagnostic) -> [[UInt8]: [UInt8]] {
        var demands = Self.demands(topics, placements)
        var left = demands.reduce(0) { $0 + $1.keys.values.reduce(0) { $0 + $1.count } }
        var keys: [[UInt8]: [UInt8]] = [:]
        var number = 0
        while left > 0 {
            number += 1
            guard number <= attempts else {
                throw Diagnostic(
                    .usage, "no keys were found that all these topics place as the real ones",
                    notes: ["--redact keys takes topics with other partitioners or numbers of partitions one at a time"]
                )
            }
            let key = Array("key-\(number)".utf8)
            guard !real.contains(key) else { continue }
            for index in demands.indices {
                let places = demands[index].placers.map { placer in
                    placer.partitioner.partition(forKey: key, partitions: placer.partitions) ?? -1
                }
                guard let next = demands[index].keys[places]?.popLast() else { continue }
                keys[next] = key
                left -= 1
                break
            }
        }
        return keys
    }

    /// Those that most decide about come first; the lists are from last to first.
    private static func demands(_ topics: [RecordedTopic], _ placements: [Placement]) -> [Demand] {
        var order: [[UInt8]] = []
        var places: [[UInt8]: [Placer: Int32]] = [:]
        for (topic, placement) in zip(topics, placements) {
            for message in topic.messages {
                guard let key = message.key, !key.isEmpty else { continue }
                if places[key] == nil { order.append(key) }
                var known = places[key] ?? [:]
                if case .keys(let partitioner) = placement, partitioner.hashes(key: key) {
                    known[Placer(partitioner: partitioner, partitions: topic.partitions)] = message.partition
                }
                places[key] = known
            }
        }
        var demands: [Set<Placer>: Demand] = [:]
        for key in order.reversed() {
            let known = places[key] ?? [:]
            let placers = known.keys.sorted {
                ($0.partitioner.rawValue, $0.partitions) < ($1.partitioner.rawValue, $1.partitions)
            }
            demands[Set(placers), default: Demand(placers: placers)].keys[placers.map { known[$0] ?? -1 }, default: []]
                .append(key)
        }
        return demands.values.sorted { first, second in
            if first.placers.count != second.placers.count { return first.placers.count > second.placers.count }
            let texts = [first, second].map { $0.placers.map { "\($0.partitioner.rawValue) \($0.partitions)" } }
            return texts[0].lexicographicallyPrecedes(texts[1])
        }
    }
}

/// Texts in the place of values, the same for equal ones.
private struct MadeUpValues {
    private let real: Set<[UInt8]>
    private var texts: [[UInt8]: [UInt8]] = [:]
    private var number = 0

    /// - Parameter real: none of these is made up.
    init(avoiding real: Set<[UInt8]>) {
        self.real = real
    }

    /// `value-1`; what is empty stays so.
    mutating func text(for value: [UInt8]) -> [UInt8] {
        if value.isEmpty { return value }
        if let text = texts[value] { return text }
        var text: [UInt8]
        repeat {
            number += 1
            text = Array("value-\(number)".utf8)
        } while real.contains(text)
        texts[value] = text
        return text
    }
}

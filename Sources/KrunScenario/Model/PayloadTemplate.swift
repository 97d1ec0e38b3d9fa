/// The bytes of a key, a value or a header's value.
public enum PayloadTemplate: Sendable {
    /// No key, or a tombstone.
    case null
    /// The same bytes in every message.
    case constant([UInt8])
    /// Bytes that depend on the message's index.
    case template(Template)
    /// So many letters, drawn once from the seed and the same in every message.
    case filler(Int)
    /// These in turn, by the message's index; at least two, none of which is `cycle` or `oneOf`.
    case cycle([PayloadTemplate])
    /// One of these for each message, drawn with the seed; at least two, none of which is `cycle` or `oneOf`.
    case oneOf([PayloadTemplate])
    /// Not known before the scenario runs: it holds something that a step captures, or that is drawn once for the whole run.
    case late
}

extension PayloadTemplate {
    /// Whether it depends on the seed.
    package var isDrawn: Bool {
        switch self {
        case .filler, .late, .oneOf: true
        case .template(let template): template.isDrawn
        case .cycle(let payloads): payloads.contains(where: \.isDrawn)
        case .null, .constant: false
        }
    }

    /// Whether it, or one of those that take turns, is not known before the scenario runs.
    package var isLate: Bool {
        switch self {
        case .late: true
        case .cycle(let payloads), .oneOf(let payloads): payloads.contains(where: \.isLate)
        case .null, .constant, .template, .filler: false
        }
    }

    /// Whether it is the same in every run.
    var isCertain: Bool {
        switch self {
        case .template(let template): !template.isDrawn && !template.usesTime
        case .cycle(let payloads): payloads.allSatisfy(\.isCertain)
        case .null, .constant: true
        case .filler, .oneOf, .late: false
        }
    }

    /// What `cycle` comes to at that 0-based index; anything else is itself.
    package func inTurn(at index: Int64) -> PayloadTemplate {
        guard case .cycle(let payloads) = self else { return self }
        return payloads[Int(index % Int64(payloads.count))]
    }

    /// Which of so many payloads a message has, all of them equally often.
    package static func drawn(of count: Int, seed: UInt64, index: Int64) -> Int {
        Int(Draw.number(from: 0, to: Int64(count - 1), seed: Draw.seed(seed, at: UInt64(bitPattern: index))))
    }
}

extension PayloadTemplate {
    /// How many bytes one of them has at least.
    var leastBytes: Int {
        switch self {
        case .null, .late: 0
        case .constant(let bytes): bytes.count
        case .template(let template): template.leastBytes
        case .filler(let count): count
        case .cycle(let payloads), .oneOf(let payloads): payloads.map(\.leastBytes).min() ?? 0
        }
    }

    /// How many bytes the first `count` of them have at least; `Int64.max` for more.
    func leastBytes(of count: Int) -> Int64 {
        guard case .cycle(let payloads) = self else { return Self.product(leastBytes, count) }
        var sum: Int64 = 0
        for (place, payload) in payloads.prefix(count).enumerated() {
            let turns = (count - place - 1) / payloads.count + 1
            let (next, isMore) = sum.addingReportingOverflow(Self.product(payload.leastBytes, turns))
            if isMore { return .max }
            sum = next
        }
        return sum
    }

    static func product(_ bytes: Int, _ count: Int) -> Int64 {
        let (product, isMore) = Int64(bytes).multipliedReportingOverflow(by: Int64(count))
        return isMore ? .max : product
    }

    /// Whether one of the first `count` may be null.
    func mayBeNull(within count: Int) -> Bool {
        switch self {
        case .null: count > 0
        case .oneOf(let payloads): count > 0 && payloads.contains { $0.mayBeNull(within: 1) }
        case .cycle(let payloads): payloads.prefix(count).contains { $0.mayBeNull(within: 1) }
        case .constant, .template, .filler, .late: false
        }
    }

    /// Whether one of the first `count` is null in every run.
    func isNull(within count: Int) -> Bool {
        if case .oneOf = self { false } else { mayBeNull(within: count) }
    }
}

import KrunDiagnostics
import KrunJSON

/// Two properties of which librdkafka, when it makes a client, or the protocol wants the one to be below the other.
struct ClientPropertyOrder {
    /// The names of each; those behind the first mean the same.
    let lesser: [String]
    let greater: [String]
    /// What they are where nobody sets them; nil: then there is nothing to compare.
    let defaults: (lesser: Int64?, greater: Int64?)
    /// By how much the greater must be greater at least.
    var margin: Int64 = 0
    /// A value of the greater that stands for no limit.
    var unlimited: Int64?
    /// What sets the greater one where no property does.
    var source: String?
    /// Whether librdkafka moves the greater one's default by itself.
    var needsGreater = false

    /// Those of a consumer.
    ///
    /// - Parameters:
    ///   - session: the `session.timeout.ms` where none is set.
    ///   - fetch: the `fetch.max.bytes` where none is set.
    static func consumer(session: Int64, fetch: Int64) -> [ClientPropertyOrder] {
        [
            ClientPropertyOrder(
                lesser: ["heartbeat.interval.ms"], greater: ["session.timeout.ms"], defaults: (nil, nil), margin: 1),
            ClientPropertyOrder(
                lesser: ["session.timeout.ms"], greater: ["max.poll.interval.ms"], defaults: (session, 300_000)),
            ClientPropertyOrder(
                lesser: ["fetch.max.bytes"], greater: ["receive.message.max.bytes"], defaults: (fetch, nil),
                margin: 512, needsGreater: true),
            ClientPropertyOrder(
                lesser: ["message.max.bytes"], greater: ["fetch.max.bytes"], defaults: (1_000_000, nil),
                needsGreater: true),
            backoff,
        ]
    }

    /// Those of a producer.
    ///
    /// - Parameter delivery: the `message.timeout.ms` where none is set.
    static func producer(delivery: Int64) -> [ClientPropertyOrder] {
        [
            ClientPropertyOrder(
                lesser: ["linger.ms", "queue.buffering.max.ms", "linger"],
                greater: ["message.timeout.ms", "delivery.timeout.ms"],
                defaults: (nil, delivery), margin: 1, unlimited: 0,
                source: "timeouts.deliver"),
            backoff,
        ]
    }

    private static let backoff = ClientPropertyOrder(
        lesser: ["reconnect.backoff.ms"], greater: ["reconnect.backoff.max.ms"], defaults: (100, 10_000))
}

extension DecodingContext {
    /// What librdkafka takes for `fetch.max.bytes` where nobody sets it: less than its default where fewer bytes may be queued, and
    /// never less than a message may have.
    func fetchDefault(file: [ClientProperty], own: [ClientProperty]) -> Int64 {
        func value(_ name: String, _ usual: Int64) -> Int64 {
            (own.last { $0.name == name } ?? file.last { $0.name == name }).flatMap { Int64($0.value) } ?? usual
        }
        return max(
            min(52_428_800, value("queued.max.messages.kbytes", 65_536) * 1_024), value("message.max.bytes", 1_000_000))
    }

    /// Says which properties of a client do not go together.
    ///
    /// - Parameters:
    ///   - file: those for all steps.
    ///   - own: the step's.
    func checkOrder(_ orders: [ClientPropertyOrder], file: [ClientProperty], own: [ClientProperty]) {
        for order in orders { check(order, file: file, own: own) }
    }

    private func check(_ order: ClientPropertyOrder, file: [ClientProperty], own: [ClientProperty]) {
        func property(_ names: [String]) -> ClientProperty? {
            own.last { names.contains($0.name) } ?? file.last { names.contains($0.name) }
        }
        let (lesser, greater) = (property(order.lesser), property(order.greater))
        guard let node = (lesser ?? greater)?.node,
            let low = lesser.map({ Int64($0.value) }) ?? order.defaults.lesser,
            let high = greater.map({ Int64($0.value) }) ?? order.defaults.greater,
            high != order.unlimited, low + order.margin > high, greater != nil || !order.needsGreater
        else { return }
        // What two steps have from the file is one mistake.
        if !reportedProperties.insert(node.id).inserted { return }
        let names = (lesser?.name ?? order.lesser[0], greater?.name ?? order.greater[0])
        let title =
            switch order.margin {
            case _ where lesser == nil && high < low: "\"\(names.1)\" is below \"\(names.0)\""
            case 0: "\"\(names.0)\" is above \"\(names.1)\""
            case 1: "\"\(names.0)\" is not below \"\(names.1)\""
            default: "\"\(names.0)\" is not \(order.margin) below \"\(names.1)\""
            }
        var notes: [String] = []
        if lesser == nil { notes = ["\"\(names.0)\" is \(low) unless it is set"] }
        if greater == nil {
            notes = ["\"\(names.1)\" is \(order.source.map { "\($0), \(high)," } ?? "\(high)") unless it is set"]
        }
        report(
            title, because: .combination, at: node.place,
            label: lesser == nil
                ? "expected \(low + order.margin) or more, found \(high)"
                : "expected at most \(high - order.margin), found \(low)",
            notes: notes)
    }
}

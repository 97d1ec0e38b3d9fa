import KrunDiagnostics
import KrunJSON

/// Reads `client`: tuning properties of librdkafka, from the allow-list; and says which of them do not go together.
final class ClientDecoder: FieldDecoder {
    let reader: ValueReader
    /// Where properties were told not to go together, or not with what the step asks for.
    private var reportedProperties: Set<JSONNode.ID> = []

    init(reader: ValueReader) {
        self.reader = reader
    }

    /// - Parameter scope: which clients the properties are for; `both` for the whole file's.
    func client(_ node: JSONNode, for scope: ClientPropertyTable.Scope) -> [ClientProperty] {
        (reader.map(node, "client") ?? []).compactMap { property($0, for: scope) }
    }

    private func property(_ member: JSONMember, for scope: ClientPropertyTable.Scope) -> ClientProperty? {
        let name = member.name
        guard let entry = ClientPropertyTable.allowed[name] else {
            refuse(member)
            return nil
        }
        if entry.scope != .both, scope != .both, entry.scope != scope {
            let isProducers = entry.scope == .producer
            report(
                "client property \"\(name)\" is not one of a \(isProducers ? "consumer" : "producer")",
                at: member.place, label: "only \(isProducers ? "producers" : "consumers") have it",
                notes: [
                    "set it on a \(isProducers ? "produce" : "consume") step, or in the file's \"client\" for all of them"
                ])
            return nil
        }
        return value(member, entry.values).map { ClientProperty(name: name, value: $0, node: member.value) }
    }

    /// The value as librdkafka reads it.
    private func value(_ member: JSONMember, _ values: ClientPropertyTable.Values) -> String? {
        guard let value = resolve(member.value) else { return nil }
        let text: String
        switch value.kind {
        case .string: text = value.string ?? ""
        case .integer: text = value.integer.map(String.init) ?? ""
        case .boolean: text = value.boolean == true ? "true" : "false"
        case .real: text = String(decoding: value.sourceText, as: UTF8.self)
        case .null, .array, .object:
            reader.mismatch("\"\(member.name)\"", member.value, expected: "a string, a number or a boolean")
            return nil
        }
        switch values {
        case .text:
            if text.utf8.count <= ClientPropertyTable.longestText { return text }
            report(
                "\"\(member.name)\" is too long", because: .amount, at: member.value.place,
                label: "expected at most \(ClientPropertyTable.longestText) bytes, found \(text.utf8.count)")
        case .boolean:
            if text == "true" || text == "false" { return text }
            reader.mismatch("\"\(member.name)\"", member.value, expected: "true or false")
        case .number(let range):
            guard let number = Int64(text) else {
                reader.mismatch("\"\(member.name)\"", member.value, expected: "a whole number")
                return nil
            }
            if range.contains(number) { return String(number) }
            reader.outOfRange(
                member.name, member.value, range, number, because: member.value.kind == .string ? .amount : .structure)
        }
        return nil
    }

    private func refuse(_ member: JSONMember) {
        if reporter.isFull { return reporter.omit() }
        let name = member.name
        if ClientPropertyTable.names.contains(name), let refusal = ClientPropertyTable.refusal(of: name) {
            report(
                "a scenario may not set the client property \(name.quotedForMessage)", at: member.place,
                label: refusal.reason, notes: refusal.wayOut.map { [$0] } ?? [])
            return
        }
        let nearest =
            reporter.nearestProperty(to: name, among: ClientPropertyTable.allowedNames)
            ?? reporter.nearestProperty(to: name, among: ClientPropertyTable.names)
        var notes: [String] = []
        if let nearest, let refusal = ClientPropertyTable.refusal(of: nearest) {
            notes = ["a scenario may not set that one: \(refusal.reason)"] + (refusal.wayOut.map { [$0] } ?? [])
        }
        report(
            "unknown client property \(name.quotedForMessage)", at: member.place,
            label: nearest.map { "did you mean \"\($0)\"?" } ?? "librdkafka has none of that name", notes: notes)
    }

    /// librdkafka refuses to make an idempotent producer with these.
    func checkIdempotent(_ client: [ClientProperty]) {
        for property in client {
            let range: ClosedRange<Int64>
            switch property.name {
            case "max.in.flight", "max.in.flight.requests.per.connection": range = 1...5
            case "retries", "message.send.max.retries": range = 1...2_147_483_647
            default: continue
            }
            // What two steps have from the file is one mistake.
            guard let number = Int64(property.value), !range.contains(number),
                reportedProperties.insert(property.node.id).inserted
            else { continue }
            reader.outOfRange(property.name, property.node, range, number, because: .combination)
        }
    }

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

extension ClientPropertyTable {
    /// Those of the file's properties that such a client has, and after them the step's own.
    static func merged(_ file: [ClientProperty], _ step: [ClientProperty], for scope: Scope) -> [ClientProperty] {
        file.filter { property in
            let scopeOfProperty = allowed[property.name]?.scope ?? .both
            return (scopeOfProperty == .both || scopeOfProperty == scope)
                && !step.contains { $0.name == property.name }
        } + step
    }
}

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
    /// - Parameters:
    ///   - delivery: the `message.timeout.ms` where none is set.
    ///   - isTransactional: whether it has transactions, of which librdkafka wants each request to be over before they are.
    static func producer(delivery: Int64, isTransactional: Bool = false) -> [ClientPropertyOrder] {
        let transactional = [
            ClientPropertyOrder(
                lesser: ["message.timeout.ms", "delivery.timeout.ms"], greater: ["transaction.timeout.ms"],
                defaults: (nil, min(900_000, max(60_000, delivery)))),
            ClientPropertyOrder(
                lesser: ["socket.timeout.ms"], greater: ["transaction.timeout.ms"],
                defaults: (nil, min(900_000, max(60_000, delivery)))),
        ]
        return (isTransactional ? transactional : []) + [
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

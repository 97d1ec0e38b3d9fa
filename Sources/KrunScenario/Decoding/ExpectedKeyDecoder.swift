import KrunDiagnostics
import KrunJSON

/// Reads the `keys` and the `nullKey` of a step's `expect`.
extension ExpectationDecoder {
    /// A map from the key's text, or a list whose entries say the key in any form of a payload.
    func keys(_ node: JSONNode, of topic: String) -> [KeyExpectation] {
        guard let value = resolve(node) else { return [] }
        var named: [NamedKey] = []
        switch value.kind {
        case .object:
            named = value.members.map { NamedKey(bytes: Array($0.name.utf8), node: $0.value, isName: true) }
        case .array:
            return listedKeys(value.elements, of: topic)
        default: reader.mismatch("\"keys\"", node, expected: "an object or a list")
        }
        let keys = value.members.compactMap { member in
            fields(of: member.value, KeyExpectationFields.shape).map {
                key($0, KeyExpectation(key: Array(member.name.utf8), node: member.value), of: topic)
            }
        }
        checkSent(named, to: topic)
        return keys
    }

    private func listedKeys(
        _ elements: [JSONNode], of topic: String
    ) -> [KeyExpectation] {
        var keys: [KeyExpectation] = []
        var named: [NamedKey] = []
        var seen: Set<[UInt8]> = []
        for element in elements {
            guard let fields = fields(of: element, ListedKeyExpectationFields.shape),
                let node = required(ListedKeyExpectationFields.key, in: fields)
            else { continue }
            guard let bytes = expectedKey(node) else {
                // Which key it is may not be known yet; what is expected of it is looked at all the same.
                _ = key(fields, KeyExpectation(key: [], node: element, keyNode: node), of: topic)
                continue
            }
            if seen.insert(bytes).inserted {
                named.append(NamedKey(bytes: bytes, node: node, isName: false))
            } else {
                report(
                    "key \(ByteText.shown(bytes)) is expected twice", because: .declaration, at: node.place,
                    label: "the second one")
            }
            keys.append(key(fields, KeyExpectation(key: bytes, node: element, keyNode: node), of: topic))
        }
        checkSent(named, to: topic)
        return keys
    }

    /// The bytes of a key that is expected: those that a message would have whose key is written so.
    private func expectedKey(_ node: JSONNode) -> [UInt8]? {
        switch PayloadDecoder(reader: reader, index: .none).payload(node) {
        case .constant(let bytes): return bytes
        case .null:
            report(
                "\"key\" is null", at: node.place,
                label: "what is expected of messages without a key goes into \"nullKey\"")
        case .filler:
            report("\"bytes\" cannot be expected", at: node.place, label: "which letters they are is drawn")
        case .cycle, .oneOf:
            report("\"cycle\" and \"oneOf\" cannot be expected", at: node.place, label: "they are several keys")
        case .template, .late, nil: break
        }
        return nil
    }

    func nullKey(
        _ fields: Fields, at node: JSONNode, of topic: String
    ) -> KeyExpectation {
        var key = key(fields, KeyExpectation(key: [], node: node), of: topic, isNull: true)
        if let matcher = key.partition, matcher.isExact, let chance = chance(of: topic) {
            report(
                "the partition of messages without a key cannot be expected", because: .traffic, at: matcher.node.place,
                label: "\(chance.rawValue) places them at random",
                notes: ["expect \"partitions\": how many they are on"])
            key.partition = nil
        }
        return key
    }

    private func key(
        _ fields: Fields, _ blank: KeyExpectation, of topic: String, isNull: Bool = false
    ) -> KeyExpectation {
        var key = blank
        key.partition = matcher(KeyExpectationFields.partition, in: fields, of: topic)
        key.partitions = matcher(KeyExpectationFields.partitions, in: fields)
        key.messages = matcher(KeyExpectationFields.messages, in: fields)
        if let node = fields[KeyExpectationFields.values], let (elements, anyOrder) = values(node) {
            key.values = ValuesExpectation(
                values: elements.compactMap { matcher($0, "values", .payload) }, anyOrder: anyOrder, node: node)
            if !anyOrder { checkOrder(of: elements, of: isNull ? nil : key.key, in: topic, at: node) }
        }
        return key
    }

    /// A list, or `{ "anyOrder": [ … ] }`.
    private func values(_ node: JSONNode) -> (elements: [JSONNode], anyOrder: Bool)? {
        let name = KeyExpectationFields.values.name
        guard let value = resolve(node) else { return nil }
        guard value.kind == .object else {
            guard value.kind == .array else {
                reader.mismatch("\"\(name)\"", node, expected: "a list")
                return nil
            }
            return (value.elements, false)
        }
        guard let fields = fields(of: node, AnyOrderFields.shape), required(AnyOrderFields.anyOrder, in: fields) != nil
        else { return nil }
        return read(AnyOrderFields.anyOrder, in: fields).map { ($0, true) }
    }

    /// Says that values have no order, where the messages may be on several partitions.
    private func checkOrder(
        of values: [JSONNode], of key: [UInt8]?, in topic: String, at node: JSONNode
    ) {
        // A producer knows in which order it sent them; equal ones are in any order.
        guard scope.verb == .consume, Set(values.map(\.compactText)).count > 1,
            file.topics[topic]?.existing == false, let places = sent.places(of: key, in: topic), places.messages > 1
        else { return }
        // Of a partition that is read from behind its last record, none of those that were sent is read.
        let partitions = places.partitions.filter { scope.from?.point(of: topic, $0) != .latest }
        if let from = scope.from, from.others == .latest, from.named[topic, default: [:]].count < 2 { return }
        let which: String
        if let chance = places.chance {
            which = "\(chance.rawValue) places them at random"
        } else if partitions.count > 1 {
            let numbers = partitions.sorted().prefix(10).map(String.init)
            which =
                "they are on partitions \(numbers.joined(separator: ", "))"
                + (partitions.count > 10 ? " and more" : "")
        } else {
            return
        }
        let subject = key.map { "key \(ByteText.shown($0))" } ?? "messages without a key"
        report(
            "the values of \(subject) have no order", because: .traffic, at: node.place, label: which,
            notes: [
                "only records of one partition have an order",
                "expect them in whatever order, with { \"anyOrder\": [ … ] }, or send them to one partition",
            ])
    }

    /// Says which of the expected keys are never sent, where that can be told: only for topics that the scenario creates, as others may
    /// hold anything; and not where somebody else's service is at work, for what no step writes to at all.
    private func checkSent(_ keys: [NamedKey], to topic: String) {
        if scope.verb == .consume, sent.watchesService, !sent.isSent(to: topic) { return }
        guard !keys.isEmpty, file.topics[topic]?.existing == false, let sent = sentKeys(to: topic),
            let missing = sent.missing(Set(keys.map(\.bytes)), &reporter.work)
        else { return }
        let reason = scope.verb == .produce ? "no message of this step has it" : "no earlier step sends it"
        for key in keys where missing.contains(key.bytes) {
            if reporter.isFull {
                reporter.omit()
                continue
            }
            let nearest = ByteText.writable(key.bytes).flatMap { reporter.nearest(to: $0, among: sent.texts) }
            report(
                "key \(ByteText.shown(key.bytes)) is never sent to \"\(topic)\"", because: .traffic, at: key.place,
                label: nearest.map { "did you mean \"\($0)\"?" } ?? reason,
                notes: nearest == nil ? [] : [reason])
        }
    }

    /// The keys that a step's expectation is about: its own, or those of the steps before it; nil when some of those
    /// could not be read.
    private func sentKeys(to topic: String) -> SentKeys? {
        switch scope.verb {
        case .produce: scope.messages.map { SentKeys($0) }
        case .consume: sent.keys(of: topic)
        }
    }

    /// The partitioner that leaves messages without a key to chance; nil where none does, as far as the file knows.
    private func chance(of topic: String) -> Partitioner? {
        if file.partitions(of: topic) == 1 { return nil }
        guard scope.verb == .produce else { return sent.chance(of: topic) }
        let isPlaced = scope.messages?.contains { $0.isPlacedWithoutKey } ?? false
        return isPlaced ? scope.partitioner.flatMap { $0.leavesToChance(key: nil) ? $0 : nil } : nil
    }
}

/// A key that the file names, and where.
struct NamedKey {
    let bytes: [UInt8]
    /// The value that says it, or that its name stands before.
    let node: JSONNode
    let isName: Bool
    var place: Place { isName ? node.keyPlace : node.place }
}

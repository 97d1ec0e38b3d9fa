import KrunDiagnostics
import KrunJSON
import KrunNames

/// What the steps so far say of the producers that they name.
final class ProducerHistory {
    struct Known {
        let partitioner: Partitioner
        let acks: ProduceStep.Acks
        let idempotent: Bool
        let compression: ProduceStep.Compression
        let linger: Duration?
        let client: [ClientProperty]
        /// nil where it has no transactions.
        let transactionalId: String?
        /// Whether the last of its steps leaves a transaction open.
        var isOpen: Bool
    }

    var known = NameMap<Known>()
}

/// What a produce step says of its producer's transactions.
struct TransactionFieldsOfProduce {
    /// nil where the step has no producer of that name, or has its own.
    let producer: String?
    let known: ProducerHistory.Known?
    let transaction: ProduceStep.Transaction?
    let transactionalId: String?
    let offsetsOf: String?
}

extension ProduceDecoder {
    /// Reads what makes a transaction, and reports what does not go together.
    func transactionFields(_ fields: Fields) -> TransactionFieldsOfProduce {
        let producer = read(ProduceFields.producer, in: fields)
        if let producer, let node = fields[ProduceFields.producer] { checkName(producer, "a producer", at: node) }
        let known = producer.flatMap { producers.known[$0] }
        let transaction = read(ProduceFields.transaction, in: fields)
        let own = read(ProduceFields.transactionalId, in: fields)
        if let own, let node = fields[ProduceFields.transactionalId] {
            checkName(own, "a transactional id", at: node)
        }
        let group = read(ProduceFields.offsetsOf, in: fields)
        if let group, let node = fields[ProduceFields.offsetsOf] { checkOffsets(of: group, at: node) }
        for field in [ProduceFields.transactionalId, ProduceFields.offsetsOf]
        where fields.has(field) && !fields.has(ProduceFields.transaction) {
            report(
                "\"\(field.name)\" without \"transaction\"", at: fields[field]?.keyPlace,
                label: "it belongs to a transaction: \"commit\", \"abort\" or \"open\"")
        }
        if transaction == .open, !fields.has(ProduceFields.producer), let node = fields[ProduceFields.transaction] {
            report(
                "a transaction that is left open needs a producer", because: FaultReason(of: node), at: node.place,
                label: "\"producer\" is missing: a later step ends it by that name")
        }
        if let producer, let known { checkKind(producer, known, transaction, fields) }
        // Also where its value is wrong: it was meant to have one.
        let id = fields.has(ProduceFields.transaction) ? own ?? known?.transactionalId ?? producer : nil
        return TransactionFieldsOfProduce(
            producer: producer, known: known, transaction: transaction, transactionalId: id, offsetsOf: group)
    }

    /// A producer has transactions in all of its steps, or in none.
    private func checkKind(
        _ producer: String, _ known: ProducerHistory.Known, _ transaction: ProduceStep.Transaction?, _ fields: Fields
    ) {
        if transaction != nil, known.transactionalId == nil, let node = fields[ProduceFields.transaction] {
            report(
                "producer \(producer.quotedForMessage) has no transactions", because: .combination, at: node.keyPlace,
                label: "an earlier step sends without one",
                notes: ["a producer has transactions in all of its steps, or in none: name another one"])
        }
        if !fields.has(ProduceFields.transaction), known.transactionalId != nil,
            let node = fields[ProduceFields.producer]
        {
            report(
                "producer \(producer.quotedForMessage) sends in transactions only", because: .combination,
                at: node.place, label: "\"transaction\" is missing: an earlier step has one")
        }
    }

    private func checkOffsets(of group: String, at node: JSONNode) {
        guard live.names[group]?.isEmpty ?? true else { return }
        report(
            "group \(group.quotedForMessage) has no members of this scenario", because: .declaration, at: node.place,
            label: "whose positions would they be?",
            notes: ["a group step before this one has members join: { \"group\": …, \"members\": 2 }"])
    }

    private func checkName(_ name: String, _ what: String, at node: JSONNode) {
        let fault =
            name.utf8.count > 100 ? "expected at most 100 characters" : KafkaName.fault(of: name, existing: false)
        guard let fault else { return }
        report("\(name.quotedForMessage) is no name for \(what) here", because: .name, at: node.place, label: fault)
    }

    /// What belongs to the client is the same in all steps that name it; what a step leaves out is as the first of them has it.
    func checkAgreement(_ step: ProduceStep, with known: ProducerHistory.Known, _ fields: Fields) {
        func check(_ field: some FieldDescription, _ agrees: Bool, _ earlier: String) {
            guard !agrees, let node = fields[field] else { return }
            report(
                "producer \((step.producer ?? "").quotedForMessage) has another \"\(field.name)\" in an earlier step",
                because: .combination, at: node.place, label: earlier,
                notes: ["one client sends for all steps that name the producer"])
        }
        check(
            ProduceFields.partitioner, step.partitioner == known.partitioner,
            "there it is \(known.partitioner.rawValue)")
        check(
            ProduceFields.acks, step.acks == known.acks,
            "there it is \(known.acks == .all ? "\"all\"" : "\(known.acks.rawValue)")")
        check(ProduceFields.idempotent, step.idempotent == known.idempotent, "there it is \(known.idempotent)")
        check(
            ProduceFields.compression, step.compression == known.compression,
            "there it is \(known.compression.rawValue)")
        check(
            ProduceFields.linger, step.linger == known.linger,
            "there it is \(known.linger.map { Units.text($0) } ?? "librdkafka's")")
        check(
            ProduceFields.client, Self.values(step.client) == Self.values(known.client),
            "there are others, or other values")
        check(
            ProduceFields.transactionalId, step.transactionalId == known.transactionalId,
            "there it is \((known.transactionalId ?? "").quotedForMessage)")
    }

    private static func values(_ properties: [ClientProperty]) -> [String: String] {
        Dictionary(
            properties.map { (ClientPropertyTable.canonicalName($0.name), $0.value) }, uniquingKeysWith: { $1 })
    }

    /// What later steps know of the step's producer.
    func remember(_ step: ProduceStep) {
        guard let name = step.producer else { return }
        if producers.known[name] == nil {
            producers.known[name] = ProducerHistory.Known(
                partitioner: step.partitioner, acks: step.acks, idempotent: step.idempotent,
                compression: step.compression, linger: step.linger, client: step.client,
                transactionalId: step.transactionalId, isOpen: false)
        }
        producers.known[name]?.isOpen = step.transaction == .open
    }
}

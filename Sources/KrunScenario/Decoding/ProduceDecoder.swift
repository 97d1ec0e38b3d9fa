import KrunDiagnostics
import KrunJSON

/// Reads `{ "produce": … }`.
struct ProduceDecoder: FieldDecoder {
    let reader: ValueReader
    let file: Declarations
    let clients: ClientDecoder
    let sent: SentHistory
    let live: MemberHistory
    let producers: ProducerHistory

    func step(_ fields: Fields) -> ProduceStep? {
        let before = reporter.faults
        let name = read(ProduceFields.topic, in: fields)
        if let name, let node = fields[ProduceFields.topic] { file.checkDeclared(name, at: node, by: reporter) }
        let topic = name.flatMap { $0.utf8.count <= KafkaName.longestSought ? $0 : nil }
        let messages = MessageDecoder(
            reader: reader, topic: topic ?? "", partitions: topic.flatMap { file.partitions(of: $0) }
        ).messages(fields)
        let transactions = transactionFields(fields)
        let known = transactions.known
        let isTransactional = fields.has(ProduceFields.transaction)
        let partitioner =
            fields.has(ProduceFields.partitioner)
            ? read(ProduceFields.partitioner, in: fields) : known?.partitioner ?? file.defaults.partitioner
        let acks: ProduceStep.Acks? = fields[ProduceFields.acks].map { self.acks($0) } ?? known?.acks ?? .all
        let ownIdempotent = fields.has(ProduceFields.idempotent) ? read(ProduceFields.idempotent, in: fields) : nil
        let idempotent =
            fields.has(ProduceFields.idempotent) ? ownIdempotent ?? false : known?.idempotent ?? isTransactional
        if isTransactional { checkTransactional(fields, acks, ownIdempotent) }
        if !isTransactional, idempotent, let acks, acks != .all, let node = fields[ProduceFields.acks] {
            report(
                "an idempotent producer cannot have \"acks\": \(acks.rawValue)",
                because: FaultReason(of: fields[ProduceFields.idempotent]) == .template
                    ? .template : FaultReason(of: node), at: node.place,
                label: "it needs the acknowledgement of all replicas",
                notes: ["leave \"acks\" out, or \"idempotent\""])
        }
        let compression =
            fields.has(ProduceFields.compression)
            ? read(ProduceFields.compression, in: fields) ?? ProduceStep.Compression.none : known?.compression ?? .none
        let linger = fields.has(ProduceFields.linger) ? read(ProduceFields.linger, in: fields) : known?.linger
        let client = fields[ProduceFields.client].map { clients.client($0, for: .producer) } ?? []
        let properties =
            fields.has(ProduceFields.client)
            ? ClientPropertyTable.merged(file.defaults.client, client, for: .producer)
            : known?.client ?? ClientPropertyTable.merged(file.defaults.client, [], for: .producer)
        if idempotent { clients.checkIdempotent(properties) }
        var timing = client
        if let linger, let node = fields[ProduceFields.linger] {
            timing.append(ClientProperty(name: "linger", value: String(Int64(linger / .milliseconds(1))), node: node))
        }
        let delivery = Int64(file.timeouts.deliver / .milliseconds(1))
        clients.checkOrder(
            ClientPropertyOrder.producer(delivery: delivery, isTransactional: isTransactional),
            file: file.defaults.client, own: timing)
        // A step that expects failures may well have them.
        let expected = fields[ProduceFields.expect]
        let expectsFailure = [ProduceExpectationFields.failed.name, ProduceExpectationFields.error.name].contains {
            expected?[$0] != nil
        }
        if let topic, let messages, !expectsFailure {
            checkAccepted(messages, by: topic, compression: compression, client: properties)
        }
        // Also where something else of the step is wrong.
        if let topic, let messages, let partitioner {
            sent.add(
                SentMessages(
                    topic: topic, messages: messages, partitioner: partitioner, partitions: file.partitions(of: topic)))
        } else {
            sent.isComplete = false
        }
        let scope = ExpectationScope(
            verb: .produce, topics: topic.map { [$0] } ?? [], hasGroup: false, members: nil,
            hasOffsets: acks != ProduceStep.Acks.none, messages: messages,
            partitioner: partitioner)
        let expect =
            read(ProduceFields.expect, in: fields).map {
                ExpectationDecoder(reader: reader, file: file, sent: sent, scope: scope).expectation($0)
            } ?? Expectation.none
        let rate = read(ProduceFields.rate, in: fields)
        if let rate, let messages { checkDuration(of: messages, rate: rate, fields) }
        let step = ProduceStep(
            topic: topic ?? "", messages: messages ?? [], producer: transactions.producer,
            transaction: transactions.transaction, transactionalId: transactions.transactionalId,
            offsetsOf: transactions.offsetsOf, partitioner: partitioner ?? file.defaults.partitioner,
            acks: acks ?? .all, idempotent: idempotent, compression: compression,
            linger: linger, rate: rate.map { Int($0) }, client: properties,
            expect: expect.placed(as: topic.map { [$0] } ?? [], in: file))
        if let known { checkAgreement(step, with: known, fields) }
        // Also where something is wrong with it: it was named.
        remember(step)
        return reporter.faults == before && topic != nil && messages != nil ? step : nil
    }

    /// A transaction needs an idempotent producer and all acknowledgements.
    private func checkTransactional(_ fields: Fields, _ acks: ProduceStep.Acks?, _ idempotent: Bool?) {
        guard let transaction = fields[ProduceFields.transaction] else { return }
        func report(_ title: String, _ node: JSONNode, _ label: String, _ notes: [String]) {
            let isTemplate = FaultReason(of: transaction) == .template
            self.report(
                title, because: isTemplate ? .template : FaultReason(of: node), at: node.place, label: label,
                notes: notes)
        }
        if let acks, acks != .all, let node = fields[ProduceFields.acks] {
            report(
                "a transaction cannot have \"acks\": \(acks.rawValue)", node,
                "it needs the acknowledgement of all replicas", ["leave \"acks\" out"])
        }
        if idempotent == false, let node = fields[ProduceFields.idempotent] {
            report(
                "a producer of transactions is idempotent", node, "expected true", ["leave \"idempotent\" out"])
        }
    }

    /// A rate that makes the step last for hours is a mistake.
    private func checkDuration(of messages: [MessageTemplate], rate: Int64, _ fields: Fields) {
        let count = messages.reduce(Int64(0)) { $0 + Int64($1.count) }
        guard count / rate > 3_600, let node = fields[ProduceFields.rate] else { return }
        report(
            "sending takes more than an hour", because: .combination, at: node.place,
            label: "\(count) messages, \(rate) a second")
    }

    private func acks(_ node: JSONNode) -> ProduceStep.Acks? {
        guard let value = resolve(node) else { return nil }
        if value.string == "all" { return .all }
        if let number = value.integer, let acks = ProduceStep.Acks(rawValue: Int(clamping: number)) { return acks }
        let expected = "\"all\", -1, 0 or 1"
        if value.string == nil, value.integer == nil {
            reader.mismatch("\"acks\"", node, expected: expected)
        } else {
            report(
                "wrong value for \"acks\"", because: FaultReason(of: node), at: node.place,
                label: "expected \(expected), found \(value.described)")
        }
        return nil
    }
}

import KrunDiagnostics
import KrunJSON
import KrunNames

/// Reads `{ "fault": … }`.
struct FaultDecoder: FieldDecoder {
    let reader: ValueReader
    let file: Declarations
    let sent: SentHistory

    func step(_ fields: Fields) -> FaultStep? {
        let before = reporter.faults
        guard let node = fields[FaultFields.kind], let kind = read(FaultFields.kind, in: fields) else { return nil }
        // What a template comes to no schema knows.
        let reason = FaultReason(of: node)
        for member in fields.members where !kind.has(member.name) && FaultFields.shape.has(member.name) {
            report(
                "\"\(member.name)\" says nothing of the fault \"\(kind.rawValue)\"", because: reason, at: member.place,
                label: kind.required.isEmpty && kind.optional.isEmpty
                    ? "it has no field"
                    : "it has \(listed(kind.required + kind.optional))")
        }
        for name in kind.required where fields[name] == nil {
            report(
                "the fault \"\(kind.rawValue)\" lacks \"\(name)\"", because: reason, at: node.place,
                label: "\"\(name)\" is missing")
        }
        if file.requiresRealBroker {
            report(
                "a fault needs the embedded broker", because: .combination, at: node.place,
                label: "the scenario requires a real one")
        }
        let fault = fault(kind, node, fields, reason)
        let times = read(FaultFields.times, in: fields).map { Int($0) }
        let lasting = read(FaultFields.duration, in: fields)
        let applied = read(FaultFields.expect, in: fields).flatMap { expect in
            ExpectationDecoder(reader: reader, file: file, sent: sent, scope: .ofNoTopic)
                .matcher(FaultExpectationFields.applied, in: expect)
        }
        if file.isOfClusterAtHand, kind.strikesLater, let node = fields[FaultFields.expect] {
            report(
                "how often the fault strikes is not known yet", because: .combination, at: node.keyPlace,
                label: "nothing can be expected of it here",
                notes: ["{ \"fault\": \"heal\", \"expect\": { \"applied\": … } } ends it and compares it then"])
        }
        guard reporter.faults == before, let fault else { return nil }
        return FaultStep(fault: fault, times: times, lasting: lasting, applied: applied)
    }

    private func fault(
        _ kind: FaultKind, _ node: JSONNode, _ fields: Fields, _ reason: FaultReason
    ) -> FaultStep.Fault? {
        let broker = brokerNumber(FaultFields.broker, in: fields)
        let to = brokerNumber(FaultFields.to, in: fields)
        let requests = requests(in: fields)
        let transactionalId = read(FaultFields.transactionalId, in: fields)
        let error = read(FaultFields.error, in: fields)
        let by = read(FaultFields.by, in: fields)
        let healed = read(FaultFields.of, in: fields)
        switch kind {
        case .brokerDown: return broker.map { .brokerDown($0) }
        case .brokerUp: return broker.map { .brokerUp($0) }
        case .moveLeader:
            guard let topic = requests.topic, let partition = requests.partition else { return nil }
            return .moveLeader(topic: topic, partition: partition, to: to)
        case .moveCoordinator:
            guard (fields[FaultFields.group] == nil) != (fields[FaultFields.transactionalId] == nil) else {
                report(
                    "the fault \"move-coordinator\" needs \"group\" or \"transactionalId\"", because: reason,
                    at: node.place,
                    label: fields[FaultFields.group] != nil ? "it has both" : "it has neither")
                return nil
            }
            guard let to else { return nil }
            if let group = requests.group { return .moveGroupCoordinator(group: group, to: to) }
            return transactionalId.map { .moveTransactionCoordinator(id: $0, to: to) }
        case .fail: return error.map { .fail(requests, error: $0) }
        case .delay: return by.map { .delay(requests, by: $0) }
        case .loseAcknowledgement: return .loseAcknowledgement(requests)
        case .loseHeartbeats: return .loseHeartbeats(requests)
        case .disconnect: return .disconnect(requests)
        case .heal: return .heal(kind: healed?.rawValue)
        }
    }

    private func requests(in fields: Fields) -> FaultStep.Requests {
        var requests = FaultStep.Requests()
        requests.request = read(FaultFields.request, in: fields)
        if let topic = read(FaultFields.topic, in: fields), let node = fields[FaultFields.topic] {
            file.checkDeclared(topic, at: node, by: reporter)
            requests.topic = topic
        }
        if let partition = read(FaultFields.partition, in: fields), let node = fields[FaultFields.partition] {
            if let topic = requests.topic, let count = file.partitions(of: topic), partition >= count {
                reporter.report(
                    .noSuchPartition(partition, of: topic, partitions: count, at: node.place), because: .declaration)
            }
            requests.partition = Int32(partition)
        }
        if let group = read(FaultFields.group, in: fields), let node = fields[FaultFields.group] {
            checkGroupName(group, at: node, existing: file.isExisting(group: group))
            requests.group = group
        }
        requests.client = read(FaultFields.client, in: fields)
        return requests
    }

    /// The number of a broker; nil, reported, where the cluster has none of it.
    private func brokerNumber(_ field: Field<IntegerForm>, in fields: Fields) -> Int32? {
        guard let number = read(field, in: fields), let node = fields[field] else { return nil }
        if number > file.embeddedBrokers {
            report(
                "there is no broker \(number)", because: .declaration, at: node.place,
                label: "the cluster has brokers 1 to \(file.embeddedBrokers)",
                notes: file.isOfClusterAtHand ? [] : ["\"embedded\": { \"brokers\": \(number) } makes it larger"])
        }
        return Int32(number)
    }
}

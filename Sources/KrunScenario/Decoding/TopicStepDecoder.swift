import KrunDiagnostics
import KrunJSON
import KrunOutcome

/// Reads `{ "topic": … }`, and tells what follows which topics there are from here on.
struct TopicStepDecoder: FieldDecoder {
    let reader: ValueReader
    let topics: TopicHistory
    let sent: SentHistory
    let path: StepPath

    private var file: Declarations { topics.file }
    private var rules: TopicRules { TopicRules(reader: reader) }

    func step(_ fields: Fields) -> TopicStep? {
        let before = reporter.faults
        guard let name = read(TopicStepFields.topic, in: fields), let node = fields[TopicStepFields.topic] else {
            return nil
        }
        let named = TopicStepFields.changes.filter { fields[$0] != nil }
        if named.count > 1 {
            let written = named.filter(fields.isWritten)
            if written.count > 1 {
                report(
                    "a topic step has \"\(written[0])\" and \"\(written[1])\"", at: fields[written[1]]?.keyPlace,
                    label: "one change at a time")
            }
            return nil
        }
        if named.isEmpty, !fields.has(TopicStepFields.expect) {
            if fields.suspected.isEmpty {
                report(
                    "a topic step does nothing", at: node.place,
                    label: "one of \(listed(TopicStepFields.changes.map { "\"\($0)\"" })) or \"expect\" is missing")
            }
            return nil
        }
        let creates = fields[TopicStepFields.create] != nil
        if !creates {
            // What is there no more, or not yet, may be asked for where Kafka is to refuse it.
            if !isRefused(fields) || file.departed[name] == nil && file.coming[name] == nil {
                file.checkDeclared(name, at: node, by: reporter)
            }
            if !named.isEmpty, file.topics[name]?.existing == true, !file.isOfClusterAtHand {
                report(
                    "\"\(named[0])\" of an existing topic", because: .combination, at: fields[named[0]]?.keyPlace,
                    label: "krun does not alter a topic that is there already",
                    notes: ["a step with only \"expect\" looks at it"])
                return nil
            }
        }
        let change = change(named.first, fields, of: name, node, isRefused: isRefused(fields))
        let expect = read(TopicStepFields.expect, in: fields).map { expectation($0, of: name) }
        guard reporter.faults == before, let change else { return nil }
        return TopicStep(topic: name, change: change, expect: expect ?? .none)
    }

    /// Whether Kafka is to refuse it: then it need not be right, and changes nothing.
    private func isRefused(_ fields: Fields) -> Bool {
        guard let error = fields[TopicStepFields.expect].flatMap({ resolve($0) })?["error"] else { return false }
        return resolve(error)?.isNull == false
    }

    private func change(
        _ field: String?, _ fields: Fields, of topic: String, _ node: JSONNode, isRefused: Bool
    ) -> TopicStep.Change? {
        switch field {
        case TopicStepFields.create.name:
            guard let declaration = creation(fields, of: topic, node, isRefused: isRefused) else { return nil }
            if !isRefused { topics.create(declaration) }
            return .create(declaration)
        case TopicStepFields.delete.name:
            guard read(TopicStepFields.delete, in: fields) == true else { return nil }
            if !isRefused, file.topics[topic] != nil { topics.delete(topic, by: path) }
            return .delete
        case TopicStepFields.partitions.name: return partitions(fields, of: topic, isRefused: isRefused)
        case TopicStepFields.deleteRecords.name: return deleteRecords(fields, of: topic)
        case TopicStepFields.config.name:
            guard let node = fields[TopicStepFields.config] else { return nil }
            let decoder = TopicConfigDecoder(
                reader: reader, requiresRealBroker: file.requiresRealBroker, isRefused: isRefused)
            let changes = decoder.changes(node)
            if !isRefused { topics.change(topic, config: changes) }
            return .config(changes)
        case TopicStepFields.compact.name:
            guard read(TopicStepFields.compact, in: fields) == true else { return nil }
            checkCompacted(topic, at: fields[TopicStepFields.compact] ?? node)
            return .compact
        default: return TopicStep.Change.none
        }
    }

    private func creation(
        _ fields: Fields, of name: String, _ node: JSONNode, isRefused: Bool
    ) -> TopicDeclaration? {
        guard let inner = read(TopicStepFields.create, in: fields) else { return nil }
        let before = reporter.faults
        let partitions = read(TopicFields.partitions, in: inner)
        let replication = read(TopicFields.replicationFactor, in: inner)
        let config =
            inner[TopicFields.config].map {
                TopicConfigDecoder(
                    reader: reader, requiresRealBroker: file.requiresRealBroker, isRefused: isRefused
                ).config($0)
            } ?? []
        if let fault = KafkaName.fault(of: name, existing: false) {
            report("\(name.quotedForMessage) is no name for a topic", because: .name, at: node.place, label: fault)
            return nil
        }
        if !isRefused {
            // Of one that an earlier step could not make something was said already.
            if file.topics[name] != nil || file.brokenTopics.contains(name) && file.coming[name] == nil {
                report(
                    "topic \(name.quotedForMessage) is there already", because: .declaration, at: node.place,
                    label: file.topics[name]?.existing == true && file.isOfClusterAtHand
                        ? "the cluster has it" : "\"topics\" or an earlier step makes it",
                    notes: ["where Kafka is to refuse it: \"expect\": { \"error\": \"TOPIC_ALREADY_EXISTS\" }"])
                return nil
            }
            topics.check { rules.checkName(name, at: node, existing: false, in: &$0) }
            if let replication, let node = inner[TopicFields.replicationFactor] {
                rules.checkReplication(replication, at: node, in: file)
            }
            topics.check {
                rules.checkPartitionCount(Int(partitions ?? 1), at: inner[TopicFields.partitions] ?? node, in: &$0)
            }
        }
        guard reporter.faults == before else {
            topics.check { $0.brokenTopics.insert(name) }
            return nil
        }
        return TopicDeclaration(
            name: name, partitions: partitions.map(Int.init) ?? 1, replicationFactor: replication.map(Int.init),
            config: config, existing: false, node: fields.node)
    }

    private func partitions(_ fields: Fields, of topic: String, isRefused: Bool) -> TopicStep.Change? {
        guard let count = read(TopicStepFields.partitions, in: fields),
            let node = fields[TopicStepFields.partitions]
        else { return nil }
        if isRefused { return .partitions(Int(count)) }
        if let now = file.partitions(of: topic) {
            if count <= now {
                report(
                    "topic \"\(topic)\" has \(now) \(now == 1 ? "partition" : "partitions") already",
                    because: .declaration, at: node.place, label: "expected more, found \(count)",
                    notes: [
                        "\"partitions\" is how many there are to be in all; Kafka takes none away",
                        "where Kafka is to refuse it: \"expect\": { \"error\": \"INVALID_PARTITIONS\" }",
                    ])
                return nil
            }
            topics.check { rules.checkPartitionCount(Int(count) - now, at: node, in: &$0) }
        }
        topics.change(topic, partitions: Int(count))
        return .partitions(Int(count))
    }

    private func deleteRecords(_ fields: Fields, of topic: String) -> TopicStep.Change? {
        guard let members = read(TopicStepFields.deleteRecords, in: fields),
            let node = fields[TopicStepFields.deleteRecords]
        else { return nil }
        if members.isEmpty {
            report(
                "\"deleteRecords\" names no partition", because: .combination, at: node.place,
                label: "expected at least one")
            return nil
        }
        var offsets: [Int32: Int64?] = [:]
        for member in members {
            guard let number = partitionNumber(member, of: topic), let value = resolve(member.value) else { continue }
            if reader.templates.isLate(member.value) {
                offsets.updateValue(0, forKey: number)
            } else if value.string == "latest" || value.integer == -1 {
                offsets.updateValue(nil, forKey: number)
            } else if let text = value.string {
                reader.unknownName(text, of: "\"deleteRecords\"", at: member.value, among: ["latest"])
            } else if let offset = reader.integer(member.value, "deleteRecords", -1...Int64.max) {
                offsets.updateValue(offset, forKey: number)
            }
        }
        return .deleteRecords(offsets)
    }

    private func partitionNumber(_ member: JSONMember, of topic: String) -> Int32? {
        expectations(of: topic).partitionNumber(member, of: topic)
    }

    private func expectations(of topic: String) -> ExpectationDecoder {
        ExpectationDecoder(
            reader: reader, file: file, sent: sent,
            scope: ExpectationScope(
                verb: .consume, topics: [topic], hasGroup: false, members: nil, hasOffsets: true, messages: nil,
                partitioner: nil))
    }

    /// Says that a topic is none that is ever compacted.
    private func checkCompacted(_ topic: String, at node: JSONNode) {
        guard let declaration = file.topics[topic], !declaration.existing else { return }
        let policy = declaration.config.last { $0.name == "cleanup.policy" }?.value ?? "delete"
        guard !policy.contains("compact") else { return }
        report(
            "topic \"\(topic)\" is not compacted", because: .combination, at: node.keyPlace,
            label: "its \"cleanup.policy\" is \"\(policy)\"",
            notes: ["\"config\": { \"cleanup.policy\": \"compact\" } on the topic, or in a topic step before this one"])
    }

    private func expectation(_ fields: Fields, of topic: String) -> TopicStepExpectation {
        let decoder = expectations(of: topic)
        var expectation = TopicStepExpectation()
        expectation.partitions = decoder.matcher(TopicStepExpectationFields.partitions, in: fields)
        expectation.replicas = decoder.matcher(TopicStepExpectationFields.replicas, in: fields)
        expectation.config = (read(TopicStepExpectationFields.config, in: fields) ?? []).compactMap { member in
            decoder.matcher(member.value, member.name, .payload).map { (member.name, $0) }
        }
        for member in read(TopicStepExpectationFields.offsets, in: fields) ?? [] {
            let number = decoder.partitionNumber(member, of: topic)
            guard let inner = self.fields(of: member.value, OffsetsOfPartitionFields.shape), let number else {
                continue
            }
            expectation.offsets.append(
                .init(
                    partition: number, first: decoder.matcher(OffsetsOfPartitionFields.first, in: inner),
                    end: decoder.matcher(OffsetsOfPartitionFields.end, in: inner), node: member.value))
        }
        expectation.error = decoder.matcher(TopicStepExpectationFields.error, in: fields)
        return expectation
    }
}

import KrunDiagnostics
import KrunJSON

/// Reader of `{ "produce": … }`.
extension DecodingContext {
    func produce(_ fields: Fields, defaults: StepDefaults) -> ProduceStep? {
        let before = faults
        let name = read(ProduceFields.topic, in: fields)
        if let name, let node = fields[ProduceFields.topic] { checkDeclared(name, at: node) }
        let topic = name.flatMap { $0.utf8.count <= KafkaName.longestSought ? $0 : nil }
        let partitions = topic.flatMap { topics[$0]?.partitions }
        let messages = messages(fields, topic: topic ?? "", partitions: partitions)
        let partitioner =
            fields.has(ProduceFields.partitioner) ? read(ProduceFields.partitioner, in: fields) : defaults.partitioner
        let acks: ProduceStep.Acks? = fields[ProduceFields.acks].map { self.acks($0) } ?? .all
        let idempotent = read(ProduceFields.idempotent, in: fields) ?? false
        if idempotent, let acks, acks != .all, let node = fields[ProduceFields.acks] {
            report(
                "an idempotent producer cannot have \"acks\": \(acks.rawValue)",
                because: FaultReason(of: fields[ProduceFields.idempotent]) == .template
                    ? .template : FaultReason(of: node), at: node.place,
                label: "it needs the acknowledgement of all replicas",
                notes: ["leave \"acks\" out, or \"idempotent\""])
        }
        let compression = read(ProduceFields.compression, in: fields) ?? .none
        let linger = read(ProduceFields.linger, in: fields)
        let client = fields[ProduceFields.client].map { self.client($0, for: .producer) } ?? []
        if idempotent { checkIdempotent(ClientPropertyTable.merged(defaults.client, client, for: .producer)) }
        var timing = client
        if let linger, let node = fields[ProduceFields.linger] {
            timing.append(ClientProperty(name: "linger", value: String(Int64(linger / .milliseconds(1))), node: node))
        }
        let delivery = Int64(declaredTimeouts.deliver / .milliseconds(1))
        checkOrder(ClientPropertyOrder.producer(delivery: delivery), file: defaults.client, own: timing)
        // A step that expects failures may well have them.
        if let topic, let messages, fields[ProduceFields.expect]?["failed"] == nil {
            checkAccepted(
                messages, by: topic, compression: compression,
                client: ClientPropertyTable.merged(defaults.client, client, for: .producer))
        }
        // Also where something else of the step is wrong.
        if let topic, let messages, let partitioner {
            produced.append(SentMessages(topic: topic, messages: messages, partitioner: partitioner))
        } else {
            knowsWhatIsProduced = false
        }
        let scope = ExpectationScope(
            verb: .produce, topics: topic.map { [$0] } ?? [], hasGroup: false, members: nil,
            hasOffsets: acks != ProduceStep.Acks.none, messages: messages,
            partitioner: partitioner)
        let expect = read(ProduceFields.expect, in: fields).map { expectation($0, scope) } ?? Expectation.none
        guard faults == before, let topic, let messages, let partitioner else { return nil }
        return ProduceStep(
            topic: topic, messages: messages, partitioner: partitioner,
            acks: acks ?? .all, idempotent: idempotent, compression: compression,
            linger: linger, client: ClientPropertyTable.merged(defaults.client, client, for: .producer), expect: expect)
    }

    /// Says that a topic is not declared, when it is not.
    func checkDeclared(_ topic: String, at node: JSONNode) {
        let mayBeOne = topic.utf8.count <= KafkaName.longestSought
        guard knowsTopics, !mayBeOne || topics[topic] == nil && !brokenTopics.contains(topic) else { return }
        if isFull { return omit() }
        let names = topicNames
        let nearest = nearest(to: topic, among: topicCandidates)
        report(
            "topic \(topic.quotedForMessage) is not declared", because: .declaration, at: node.place,
            label: nearest.map { "did you mean \"\($0)\"?" } ?? "not in \"topics\"",
            notes: nearest != nil
                ? []
                : [
                    names.isEmpty
                        ? "declare it: \"topics\": [{ \"name\": \(topic.quotedForMessage) }]"
                        : "the topics of this file: \(listed(names))"
                ])
    }

    /// The messages of the list, or the generator on the step itself.
    private func messages(_ fields: Fields, topic: String, partitions: Int?) -> [MessageTemplate]? {
        guard fields.has(ProduceFields.messages) else {
            guard fields.has(ProduceFields.count) else {
                let generates = MessageFields.shape.names.contains { fields[$0] != nil }
                report(
                    generates ? "a produce step has no \"count\"" : "a produce step has nothing to send",
                    at: fields.node.place.firstScalar,
                    label: generates ? "\"count\" is missing" : "\"messages\" or \"count\" is missing",
                    notes: generates ? ["say how many messages to make, or put them into \"messages\""] : [])
                return nil
            }
            return message(fields, topic: topic, partitions: partitions).map { [$0] }
        }
        for name in MessageFields.shape.names {
            guard let other = fields[name] else { continue }
            report(
                "a produce step has \"messages\" and \"\(name)\"", at: other.keyPlace,
                label: "it belongs into a message, or stands without \"messages\"")
        }
        return read(ProduceFields.messages, in: fields)?.map { element in
            self.fields(of: element, MessageFields.shape).flatMap {
                message($0, topic: topic, partitions: partitions)
            }
        }.reduce(into: [MessageTemplate]?.some([])) { messages, message in
            if let message { messages?.append(message) } else { messages = nil }
        }
    }

    private func message(_ fields: Fields, topic: String, partitions: Int?) -> MessageTemplate? {
        let count = read(MessageFields.count, in: fields)
        // Where the count is wrong, templates are read as if there were no messages, so as not to judge their range.
        let index = IndexScope.messages(count: count ?? 0)
        let key = fields[MessageFields.key].map { payload($0, "key", index: index) } ?? .null
        let value = fields[MessageFields.value].map { payload($0, "value", index: index) } ?? .null
        let headers = fields[MessageFields.headers].map { self.headers($0, index: index) } ?? []
        let partition = fields[MessageFields.partition].map {
            self.partition($0, of: topic, partitions: partitions, index: index)
        }
        let timestamp = fields[MessageFields.timestamp].map { self.timestamp($0, index: index) }
        guard let count, let key, let value, let headers else { return nil }
        if case .some(.none) = partition { return nil }
        if case .some(.none) = timestamp { return nil }
        return MessageTemplate(
            key: key, value: value, headers: headers, partition: partition ?? nil, timestamp: timestamp ?? nil,
            count: Int(count), node: fields.node)
    }

    private func acks(_ node: JSONNode) -> ProduceStep.Acks? {
        guard let value = resolve(node) else { return nil }
        if value.string == "all" { return .all }
        if let number = value.integer, let acks = ProduceStep.Acks(rawValue: Int(clamping: number)) { return acks }
        let expected = "\"all\", -1, 0 or 1"
        if value.string == nil, value.integer == nil {
            mismatch("\"acks\"", node, expected: expected)
        } else {
            report(
                "wrong value for \"acks\"", because: FaultReason(of: node), at: node.place,
                label: "expected \(expected), found \(value.described)")
        }
        return nil
    }

    /// librdkafka refuses to make an idempotent producer with these.
    private func checkIdempotent(_ client: [ClientProperty]) {
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
            outOfRange(property.name, property.node, range, number, because: .combination)
        }
    }
}

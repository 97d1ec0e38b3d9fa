import KrunDiagnostics
import KrunJSON
import KrunOutcome

/// A step in the JSON report: the sentence that the file says, and under `outcome` what `expect` can judge.
enum JSONStep {
    static func object(_ step: StepOutcome) -> JSONMembers {
        var object = JSONMembers()
        object.add("number", step.path.numbers[step.path.numbers.count - 1])
        if step.path.numbers.count > 1 { object.add("path", step.path.description) }
        object.add("title", step.title)
        object.add("sentence", StepSentence.text(step))
        object.add("note", step.note)
        object.add("status", step.status.rawValue)
        object.add("duration", step.duration)
        switch step.result {
        case .produce(let outcome):
            object.add("produce", outcome.topic)
            object.add("partitioner", outcome.partitioner)
            object.add("producer", outcome.producer)
            object.add("transaction", outcome.transaction?.rawValue)
            object.add("outcome", self.outcome(outcome))
        case .consume(let outcome):
            object.add("consume", outcome.topics.keys.sorted())
            object.add("group", outcome.group)
            object.add("outcome", self.outcome(outcome))
        case .group(let outcome):
            object.add("group", outcome.group)
            object.add("outcome", self.outcome(outcome))
        case .offsets(let outcome):
            object.add("offsets", outcome.group)
            object.add("outcome", JSONAdministration.outcome(outcome))
        case .topic(let outcome):
            object.add("topic", outcome.topic)
            object.add("change", outcome.change?.rawValue)
            object.add("outcome", JSONAdministration.outcome(outcome))
        case .fault(let outcome):
            object.add("fault", outcome.fault)
            object.add("outcome", self.outcome(outcome))
        case .transaction(let outcome):
            object.add("transaction", outcome.producer)
            object.add("end", outcome.end.rawValue)
            object.add("outcome", self.outcome(outcome))
        case .together(let branches): object.add("together", lists(branches))
        case .repeat(let rounds): object.add("repeat", lists(rounds))
        case .pause, nil: break
        }
        object.add("invariants", JSONReport.invariants(step.invariants))
        object.add("diagnostics", step.diagnostics.map { JSONReport.diagnostic($0) })
        return object
    }

    private static func lists(_ lists: [[StepOutcome]]) -> JSONValue {
        .array(lists.map { list in .array(list.map { object($0).value }) })
    }

    private static func outcome(_ outcome: ProduceOutcome) -> JSONMembers {
        var object = JSONMembers()
        object.add("messages", outcome.messages)
        object.add("failed", outcome.failed)
        var errors = JSONMembers()
        for (name, count) in outcome.errors.sorted(by: { $0.key < $1.key }) { errors.add(name, count) }
        object.add("errors", errors)
        if !outcome.refusedByClient.isEmpty {
            var refused = JSONMembers()
            for (name, count) in outcome.refusedByClient.sorted(by: { $0.key < $1.key }) { refused.add(name, count) }
            object.add("refusedByClient", refused)
        }
        object.add("error", outcome.error)
        add(outcome.records, ofGroup: false, to: &object)
        if outcome.movedKeys.count > 0 {
            object.add("movedKeys", outcome.movedKeys.count)
            object.add("moves", outcome.movedKeys.first.map { JSONAdministration.move($0) })
        }
        add(outcome.singleRecords, to: &object)
        add(outcome.rate, outcome.latency, to: &object)
        object.add("duration", outcome.duration)
        return object
    }

    /// Single records, where the step asks for them.
    private static func add(_ records: [RecordOutcome]?, to object: inout JSONMembers) {
        guard let records else { return }
        object.add(
            "records",
            records.map { record in
                var object = JSONMembers()
                object.add("topic", record.topic)
                object.add("partition", record.partition)
                object.add("offset", record.offset >= 0 ? record.offset : nil)
                object.add("timestamp", record.timestamp)
                object.add("key", JSONValue.payload(record.key))
                object.add("value", JSONValue.payload(record.value))
                if !record.headers.isEmpty {
                    object.add(
                        "headers",
                        record.headers.map { header in
                            var object = JSONMembers()
                            object.add("key", header.key)
                            object.add("value", JSONValue.payload(header.value))
                            return object
                        })
                }
                return object
            })
    }

    private static func outcome(_ outcome: ConsumeOutcome) -> JSONMembers {
        let isGroup = outcome.group != nil
        var object = JSONMembers()
        object.add("messages", outcome.messages)
        if let records = outcome.topics.first?.value, outcome.topics.count == 1 {
            add(records, ofGroup: isGroup, to: &object)
        } else {
            var topics = JSONMembers()
            for (name, records) in outcome.topics.sorted(by: { $0.key < $1.key }) {
                var topic = JSONMembers()
                add(records, ofGroup: isGroup, to: &topic)
                if isGroup { topic.add("lag", JSONValue.nullable(records.lag)) }
                topics.add(name, topic)
            }
            object.add("topics", topics)
        }
        if isGroup {
            var members = JSONMembers()
            for member in outcome.members {
                var object = JSONMembers()
                object.add("partitions", member.partitions)
                object.add("messages", member.messages)
                members.add(member.name, object)
            }
            object.add("members", members)
            object.add("idle", outcome.idle)
            object.add("rebalances", outcome.rebalances)
            if outcome.redelivered > 0 { object.add("redelivered", outcome.redelivered) }
            object.add("lag", JSONValue.nullable(outcome.lag))
            object.add("joinDuration", outcome.joinDuration)
        }
        if outcome.late > 0 { object.add("late", outcome.late) }
        add(outcome.records, to: &object)
        if !outcome.captured.isEmpty {
            object.add(
                "captured", JSONValue.object(outcome.captured.map { .init($0.name, JSONMismatch.json($0.json)) }))
        }
        add(outcome.rate, outcome.latency, to: &object)
        object.add("receiveDuration", outcome.receiveDuration)
        object.add("duration", outcome.duration)
        return object
    }

    private static func outcome(_ outcome: MembershipOutcome) -> JSONMembers {
        var object = JSONMembers()
        var members = JSONMembers()
        for member in outcome.members {
            var object = JSONMembers()
            object.add("partitions", member.partitions)
            members.add(member.name, object)
        }
        object.add("members", members)
        if !outcome.away.isEmpty { object.add("away", outcome.away) }
        object.add("idle", outcome.idle)
        object.add("moved", outcome.moved)
        if !outcome.moves.isEmpty {
            object.add(
                "moves",
                outcome.moves.map { move in
                    var object = JSONMembers()
                    object.add("partition", move.partition)
                    object.add("from", move.from)
                    object.add("to", move.to)
                    return object
                })
        }
        object.add("revoked", outcome.revoked)
        object.add("generation", JSONValue.nullable(outcome.generation.map(Int64.init)))
        object.add("rebalances", outcome.rebalances)
        object.add("state", outcome.state)
        object.add("error", outcome.error)
        object.add("duration", outcome.duration)
        return object
    }

    private static func outcome(_ outcome: FaultOutcome) -> JSONMembers {
        var object = JSONMembers()
        object.add("applied", outcome.applied)
        if !outcome.healed.isEmpty {
            object.add(
                "healed",
                outcome.healed.map { healed in
                    var object = JSONMembers()
                    object.add("path", healed.path.description)
                    object.add("fault", healed.fault)
                    object.add("applied", healed.applied)
                    return object
                })
        }
        object.add("duration", outcome.duration)
        return object
    }

    private static func outcome(_ outcome: TransactionOutcome) -> JSONMembers {
        var object = JSONMembers()
        object.add("error", outcome.error)
        object.add("duration", outcome.duration)
        return object
    }

    private static func add(_ rate: Int64?, _ latency: LatencyOutcome?, to object: inout JSONMembers) {
        object.add("rate", rate.map { Int($0) })
        guard let latency else { return }
        var percentiles = JSONMembers()
        percentiles.add("p50", latency.p50)
        percentiles.add("p95", latency.p95)
        percentiles.add("p99", latency.p99)
        percentiles.add("max", latency.max)
        object.add("latency", percentiles)
    }

    // MARK: Records

    /// Partitions, keys and what goes with them, as they stand in an outcome, or under `topics` where there are several.
    private static func add(_ records: TopicRecords, ofGroup isGroup: Bool, to object: inout JSONMembers) {
        let partitions = records.partitions.sorted { $0.key < $1.key }
        var partitionObjects = JSONMembers()
        var committed = JSONMembers()
        for (number, partition) in partitions {
            partitionObjects.add(String(number), self.partition(partition, ofGroup: isGroup))
            committed.add(String(number), JSONValue.nullable(partition.committed))
        }
        object.add("partitions", partitionObjects)
        var keys = JSONMembers()
        for key in records.keys {
            if let text = key.text { keys.add(text, self.key(key)) }
        }
        object.add("keys", keys)
        object.add("nullKey", records.nullKey.map { key($0).value })
        if let placement = records.placement {
            object.add(
                "placedBy",
                placement.elsewhere == 0
                    ? JSONValue.string(placement.partitioner)
                    : placement.explainedBy.first.map { .string($0) } ?? .null)
        }
        let binaryKeys = records.keys.filter { $0.text == nil }
        if !binaryKeys.isEmpty {
            object.add("binaryKeys", binaryKeys.map { key($0, isBinary: true) })
        }
        object.add("distinctKeys", records.distinctKeys)
        object.add("keysAreSampled", records.keysAreSampled)
        if isGroup { object.add("committed", committed) }
    }

    private static func partition(_ partition: PartitionOutcome, ofGroup isGroup: Bool) -> JSONMembers {
        var object = JSONMembers()
        object.add("messages", partition.messages)
        object.add("first", JSONValue.nullable(partition.first))
        object.add("last", JSONValue.nullable(partition.last))
        if partition.removed > 0 { object.add("removed", partition.removed) }
        if isGroup {
            object.add("committed", JSONValue.nullable(partition.committed))
            object.add("lag", JSONValue.nullable(partition.lag))
        }
        object.add("reset", partition.reset.map { reset($0).value })
        return object
    }

    private static func reset(_ reset: OffsetOutOfRange) -> JSONMembers {
        var object = JSONMembers()
        object.add("committed", reset.committed)
        object.add("logStart", reset.logStart)
        object.add("end", reset.end)
        object.add("start", reset.start)
        return object
    }

    /// - Parameter isBinary: whether the object says the key itself, as an entry of the list form of `keys` does.
    private static func key(_ key: KeyOutcome, isBinary: Bool = false) -> JSONMembers {
        var object = JSONMembers()
        if isBinary {
            var bytes = JSONMembers()
            bytes.add("hex", ByteText.digits(key.key))
            object.add("key", bytes)
            object.add("base64", Base64.text(key.key))
        }
        if key.partitions.count == 1 { object.add("partition", key.partitions[0]) }
        object.add("partitions", key.partitions.count)
        if key.partitions.count > 1 {
            object.add("partitionNumbers", JSONValue.array(key.partitions.map { .number($0) }))
        }
        object.add("messages", key.messages)
        object.add("values", key.values.map { .array($0.map { .payload($0) }) })
        return object
    }
}

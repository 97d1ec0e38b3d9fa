import KrunDiagnostics
import KrunJSON
import KrunOutcome

/// What became of offsets and topics that a step looked at or changed, in the JSON report.
enum JSONAdministration {
    /// With one topic its partitions stand in the outcome itself, with several under `topics`.
    static func outcome(_ outcome: OffsetsOutcome) -> JSONMembers {
        var object = JSONMembers()
        if let partitions = outcome.topics.first?.value, outcome.topics.count == 1 {
            add(partitions, resets: outcome.resets, to: &object)
        } else {
            var topics = JSONMembers()
            for (name, partitions) in outcome.topics.sorted(by: { $0.key < $1.key }) {
                var topic = JSONMembers()
                add(partitions, resets: outcome.resets, to: &topic)
                topics.add(name, topic)
            }
            object.add("topics", topics)
        }
        object.add("lag", JSONValue.nullable(outcome.lag))
        object.add("error", outcome.error)
        object.add("duration", outcome.duration)
        return object
    }

    private static func add(_ partitions: [Int32: PartitionOffsets], resets: Bool, to object: inout JSONMembers) {
        var members = JSONMembers()
        var committed = JSONMembers()
        for (number, partition) in partitions.sorted(by: { $0.key < $1.key }) {
            var offsets = JSONMembers()
            if resets, partition.wasReset { offsets.add("before", JSONValue.nullable(partition.before)) }
            offsets.add("committed", JSONValue.nullable(partition.committed))
            offsets.add("first", partition.first)
            offsets.add("end", partition.end)
            offsets.add("lag", JSONValue.nullable(partition.lag))
            offsets.add("note", partition.note?.text)
            members.add(String(number), offsets)
            committed.add(String(number), JSONValue.nullable(partition.committed))
        }
        object.add("partitions", members)
        object.add("committed", committed)
    }

    static func outcome(_ outcome: TopicStepOutcome) -> JSONMembers {
        var object = JSONMembers()
        if let before = outcome.partitionsBefore { object.add("partitionsBefore", before) }
        object.add("partitions", JSONValue.nullable(outcome.partitions.map { Int64($0) }))
        object.add("replicas", JSONValue.nullable(outcome.replicas.map { Int64($0) }))
        if !outcome.config.isEmpty {
            var config = JSONMembers()
            for (name, value) in outcome.config.sorted(by: { $0.key < $1.key }) { config.add(name, value) }
            object.add("config", config)
        }
        var offsets = JSONMembers()
        for (number, log) in outcome.offsets.sorted(by: { $0.key < $1.key }) {
            var ends = JSONMembers()
            ends.add("first", log.first)
            ends.add("end", log.end)
            offsets.add(String(number), ends)
        }
        object.add("offsets", offsets)
        object.add("error", outcome.error)
        object.add("duration", outcome.duration)
        return object
    }

    static func move(_ move: MovedKeys.Move) -> JSONMembers {
        var object = JSONMembers()
        object.add("key", JSONValue.payload(move.key))
        object.add("from", move.from)
        object.add("to", move.to)
        return object
    }
}

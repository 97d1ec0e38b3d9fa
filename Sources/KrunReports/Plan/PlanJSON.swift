import KrunDiagnostics
package import KrunJSON
import KrunOutcome
package import KrunPlanning

/// The same for programs.
package enum PlanJSON {
    /// - Parameter counts: numbers of partitions for which it is asked where keys would go.
    package static func value(_ plan: ScenarioPlan, counts: [Int] = []) -> JSONValue {
        var object = JSONMembers()
        object.add("file", plan.file)
        object.add("name", plan.name)
        object.add("topics", plan.topics.map { topic($0, counts) })
        object.add("steps", plan.steps.map(step))
        return object.value
    }

    private static func topic(_ topic: TopicPlan, _ counts: [Int]) -> JSONMembers {
        let counts = topic.counts(asked: counts)
        var object = JSONMembers()
        object.add("topic", topic.name)
        if let partitions = topic.partitions { object.add("partitionCount", partitions) }
        object.add("partitions", numbers(topic.messages))
        object.add("byChance", topic.messagesByChance)
        object.add("keys", topic.keys.all.map { key($0, counts) })
        object.add("areMoreKeys", topic.keys.areMore)
        var moves: [JSONMembers] = []
        for (before, after) in zip(counts, counts.dropFirst()) {
            var move = JSONMembers()
            move.add("from", before)
            move.add("to", after)
            move.add("movedKeys", topic.keys.moved(from: before, to: after))
            move.add("keys", topic.keys.placed)
            moves.append(move)
        }
        if !moves.isEmpty { object.add("moves", moves) }
        return object
    }

    private static func key(_ key: PlannedKeys.Key, _ counts: [Int]) -> JSONMembers {
        var object = JSONMembers()
        if let text = ByteText.writable(key.shown) {
            object.add("key", text)
        } else {
            var bytes = JSONMembers()
            bytes.add("hex", ByteText.digits(key.shown))
            object.add("key", bytes)
        }
        object.add("messages", key.messages)
        object.add("partitions", key.partitions)
        if key.byChance > 0 { object.add("byChance", key.byChance) }
        if !counts.isEmpty {
            var places = JSONMembers()
            for count in counts {
                places.add("\(count)", (key.partitioners.isEmpty ? key.partitions : key.partitions(of: count)))
            }
            object.add("partitionsOf", places)
        }
        return object
    }

    private static func step(_ step: StepPlan) -> JSONMembers {
        var object = JSONMembers()
        object.add("path", step.path.description)
        object.add("title", step.title)
        switch step.forecast {
        case .produce(let produce):
            object.add("topic", produce.topic)
            object.add("messages", produce.messages)
            if let partitioner = produce.partitioner { object.add("partitioner", partitioner) }
            object.add("partitions", numbers(produce.partitions))
            object.add("byChance", produce.byChance)
        case .consume(let consume):
            if let group = consume.group { object.add("group", group) }
            if let messages = consume.messages { object.add("messages", messages) }
            if let partitions = consume.partitions {
                var topics = JSONMembers()
                for (topic, counts) in partitions.sorted(by: { $0.key < $1.key }) { topics.add(topic, counts) }
                object.add("partitions", topics)
            }
            if let ownership = consume.ownership { add(ownership, to: &object) }
        case .group(let ownership):
            object.add("group", ownership.group)
            add(ownership, to: &object)
        case .partitionsAdded(let total, let moved, let keys):
            object.add("partitionCount", total)
            object.add("movedKeys", moved)
            object.add("keys", keys)
        case nil: break
        }
        object.add("unknown", step.doubts)
        return object
    }

    private static func add(_ ownership: OwnershipForecast, to object: inout JSONMembers) {
        var members: [JSONMembers] = []
        for (index, name) in ownership.members.enumerated() {
            var member = JSONMembers()
            member.add("name", name)
            if let owned = ownership.owned { member.add("partitions", owned[index]) }
            members.append(member)
        }
        object.add("members", members)
        guard let share = ownership.share else { return }
        object.add("least", share.lowerBound)
        object.add("most", share.upperBound)
    }

    private static func numbers(_ counts: [Int32: Int]) -> JSONMembers {
        var object = JSONMembers()
        for (partition, count) in counts.sorted(by: { $0.key < $1.key }) { object.add("\(partition)", count) }
        return object
    }
}

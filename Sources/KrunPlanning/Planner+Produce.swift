import KrunOutcome
import KrunScenario

/// Where messages go.
extension Planner {
    mutating func play(_ produce: ProduceStep, _ path: StepPath, _ told: inout StepPlan) {
        let isPlaced = produce.namedPartitions < produce.count
        var forecast = ProduceForecast(
            topic: produce.topic, messages: produce.count,
            partitioner: isPlaced ? produce.partitioner.rawValue : nil)
        takeTransactionalId(of: produce)
        told.doubts = doubts(of: produce)
        forecast.isCertain = told.doubts.isEmpty
        defer { told.forecast = .produce(forecast) }
        guard let partitions = world.topics[produce.topic]?.partitions, !world.changing.contains(produce.topic) else {
            forecast.byChance = produce.count
            told.doubts.append(
                world.changing.contains(produce.topic)
                    ? "where messages go: another branch changes \(produce.topic) meanwhile"
                    : "where messages go: nobody knows how many partitions \(produce.topic) has")
            if let index = plan.topics.firstIndex(where: { $0.name == produce.topic }) {
                plan.topics[index].messagesByChance += produce.count
            }
            world.topics[produce.topic]?.unplaced += produce.count
            tellLog(forecast, produce, path)
            return
        }
        let seed = scenario.seed.map { path.seed(from: $0) }
        var generator = seed.map { SeededGenerator(seed: $0) }
        var turn = 0
        for template in produce.messages {
            place(template, produce.partitioner, partitions, drawing: &generator, &turn, &forecast)
        }
        tell(forecast, produce, path, &told)
    }

    /// A producer that begins with a transactional id fences the one that had it.
    private mutating func takeTransactionalId(of produce: ProduceStep) {
        guard let id = produce.transactionalId, let producer = produce.producer, !world.fenced.contains(producer) else {
            return
        }
        if let owner = world.owners.updateValue(producer, forKey: id), owner != producer { world.fenced.insert(owner) }
    }

    /// Why not all of its messages may arrive, beside what a real cluster can do at any time.
    private func doubts(of produce: ProduceStep) -> [String] {
        var doubts: [String] = []
        if let fault = world.fault { doubts.append("whether all messages arrive: \(fault)") }
        if produce.expect.expectsFailures {
            doubts.append("whether all messages arrive: the step expects that some do not")
        }
        if let producer = produce.producer, world.fenced.contains(producer) {
            doubts.append(
                "whether all messages arrive: another producer has the transactional id of \(producer) by now")
        }
        if let name = Self.bounds.first(where: { name in produce.client.contains { $0.name == name } }) {
            doubts.append("whether all messages arrive in time: \"client\" sets \(name)")
        }
        let replicas = world.topics[produce.topic]?.configs["min.insync.replicas"].flatMap { Int($0) } ?? 1
        if produce.acks == .all, replicas > 1 {
            doubts.append("whether all messages arrive: min.insync.replicas of \(produce.topic) is \(replicas)")
        }
        if produce.transaction != nil, world.isBeside {
            doubts.append("whether all messages arrive: a transaction is open while others are at work")
        }
        return doubts
    }

    /// Properties with which messages may be refused, or run out of time, where others would arrive.
    private static let bounds = [
        "message.timeout.ms", "delivery.timeout.ms", "request.timeout.ms", "message.max.bytes",
        "queue.buffering.max.messages",
        "queue.buffering.max.kbytes", "socket.timeout.ms", "retries", "message.send.max.retries",
    ]

    private func place(
        _ template: MessageTemplate, _ partitioner: Partitioner, _ partitions: Int,
        drawing generator: inout SeededGenerator?, _ turn: inout Int, _ forecast: inout ProduceForecast
    ) {
        let source = MessageSource(template, drawing: &generator)
        var key = source.key
        /// Takes so many messages with the key as it is rendered just now.
        func take(_ count: Int, named: Int64?) {
            key.withBytes { bytes in
                let place: Int32?
                if let named {
                    place = (0..<Int64(partitions)).contains(named) ? Int32(named) : nil
                } else if partitions == 1 {
                    place = 0
                } else if !key.isDrawn {
                    place = nil
                } else {
                    place = partitioner.partition(of: bytes, partitions: partitions)
                }
                if let place { forecast.partitions[place, default: 0] += count } else { forecast.byChance += count }
                if let bytes, key.isDrawn {
                    forecast.keys.add(bytes, messages: count, to: place, by: named == nil ? partitioner : nil)
                }
            }
        }
        let takesTurns = template.partition == nil && partitioner.takesTurns(key: key.count == nil ? nil : [])
        if takesTurns {
            for index in 0..<Int64(template.count) {
                key.render(index: index)
                take(1, named: Int64(turn % partitions))
                turn += 1
            }
            return
        }
        if key.isConstant, template.hasFixedPartition {
            if template.count > 0 { take(template.count, named: template.partition(at: 0)) }
            return
        }
        for index in 0..<Int64(template.count) {
            key.render(index: index)
            take(1, named: template.partition(at: index))
        }
    }

    /// What it means for the topic and for those who read it.
    private mutating func tell(
        _ forecast: ProduceForecast, _ produce: ProduceStep, _ path: StepPath, _ told: inout StepPlan
    ) {
        let topic = produce.topic
        if forecast.byChance > 0 {
            let count = forecast.byChance == 1 ? "1 message goes" : "\(forecast.byChance) messages go"
            told.doubts.append(
                produce.hasLateKeys
                    ? "where \(count): a key is taken from a record, or made, when the step begins"
                    : scenario.seed == nil && produce.drawsKeys
                        ? "where \(count): keys are drawn with a seed, which \"seed\" in the file or --seed decides"
                        : "where \(count): \(produce.partitioner.rawValue) leaves \(produce.partitioner.leftToChance) to chance"
            )
        }
        if let index = plan.topics.firstIndex(where: { $0.name == topic }) {
            for (partition, count) in forecast.partitions {
                plan.topics[index].messages[partition, default: 0] += count
            }
            plan.topics[index].messagesByChance += forecast.byChance
            plan.topics[index].keys.add(forecast.keys)
        }
        world.topics[topic]?.keys.add(forecast.keys)
        for (partition, count) in forecast.partitions { world.topics[topic]?.ends[Int(partition)] += Int64(count) }
        world.topics[topic]?.unplaced += forecast.byChance
        tellLog(forecast, produce, path)
    }

    private mutating func tellLog(_ forecast: ProduceForecast, _ produce: ProduceStep, _ path: StepPath) {
        let topic = produce.topic
        if !forecast.isCertain { world.topics[topic]?.doubt("not all messages of step \(path) may have arrived") }
        if produce.transaction != nil {
            world.topics[topic]?.doubt("transactions write to \(topic)")
            if let group = produce.offsetsOf {
                world.groups[group]?.doubt("a transaction says where \(group) stands")
            }
        }
    }
}

extension Partitioner {
    /// Which messages it gives any partition.
    fileprivate var leftToChance: String {
        if partition(forKey: [0], partitions: 2) == nil { return "every message" }
        return "messages without a key" + (partition(forKey: [], partitions: 2) == nil ? ", or with an empty one," : "")
    }
}

extension ProduceStep {
    fileprivate var hasLateKeys: Bool { messages.contains(where: \.key.isLate) }

    fileprivate var drawsKeys: Bool {
        messages.contains(where: \.key.isDrawn)
    }
}

extension MessageTemplate {
    fileprivate var hasFixedPartition: Bool {
        switch partition {
        case nil, .constant: true
        case .expression, .drawn: false
        }
    }

    /// The partition that the message names; nil where it names none.
    fileprivate func partition(at index: Int64) -> Int64? {
        switch partition {
        case nil: nil
        case .constant(let number): number
        case .expression(let expression): expression.value(index: index) ?? -1
        // Nobody knows.
        case .drawn: -1
        }
    }
}

extension Partitioner {
    /// As `partition(forKey:partitions:)`, without making an array of the key.
    fileprivate func partition(of key: UnsafeRawBufferPointer?, partitions: Int) -> Int32? {
        guard let key else { return partition(forKey: nil, partitions: partitions) }
        guard hashes(key: key.isEmpty ? [] : [0]), let hash = hash(of: key) else { return nil }
        return Int32(hash % UInt32(partitions))
    }
}

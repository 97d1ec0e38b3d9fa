import KrunDiagnostics
import KrunJSON

/// What a produce step sends.
struct SentMessages {
    let topic: String
    let messages: [MessageTemplate]
    let partitioner: Partitioner
}

/// Where messages with one key, or without a key, are.
struct KeyPlaces {
    var partitions: Set<Int32> = []
    /// A partitioner that puts some of them where chance will have it.
    var chance: Partitioner?
    var messages = 0
}

extension DecodingContext {
    /// Where the messages of all steps so far are that have a key, or no key (nil); nil where that cannot be told.
    func places(of key: [UInt8]?, in topic: String) -> KeyPlaces? {
        guard knowsWhatIsProduced, let declaration = topics[topic], !declaration.existing,
            let partitions = declaration.partitions
        else { return nil }
        var places = KeyPlaces()
        if partitions == 1 { return places }
        for step in produced {
            guard work.takesTrials(2) else { return nil }
            if step.topic != topic { continue }
            for message in step.messages where message.count > 0 {
                guard work.takesTrials(8) else { return nil }
                guard add(message, step.partitioner, key, partitions, to: &places) else { return nil }
            }
        }
        return places
    }

    /// The partitioner that leaves messages without a key to chance; nil where none does, as far as the file knows.
    func chance(of topic: String, _ scope: ExpectationScope) -> Partitioner? {
        if topics[topic]?.partitions == 1 { return nil }
        if scope.verb == .produce {
            let isPlaced = scope.messages?.contains { $0.isPlacedWithoutKey } ?? false
            return isPlaced ? scope.partitioner.flatMap { $0.hashes(key: nil) ? nil : $0 } : nil
        }
        for step in produced[producedWithKnownChance...] where !step.partitioner.hashes(key: nil) {
            if chances[step.topic] == nil, step.messages.contains(where: \.isPlacedWithoutKey) {
                chances[step.topic] = step.partitioner
            }
        }
        producedWithKnownChance = produced.count
        return chances[topic]
    }

    /// Adds a template's messages; false where it cannot be told which of them have the key, or where they go.
    private func add(
        _ message: MessageTemplate, _ partitioner: Partitioner, _ key: [UInt8]?, _ partitions: Int,
        to places: inout KeyPlaces
    ) -> Bool {
        let isTemplate: Bool
        switch (message.key, key) {
        case (.null, nil): isTemplate = false
        case (.constant(let bytes), let key?) where bytes == key: isTemplate = false
        case (.template, _?): isTemplate = true
        default: return true
        }
        if !isTemplate, !message.isPartitionVaried {
            places.messages += message.count
            add(message, index: 0, partitioner, key, partitions, to: &places)
            return true
        }
        var rendered: [UInt8] = []
        for index in 0..<Int64(message.count) {
            guard work.takesTrials(1) else { return false }
            if case .template(let template) = message.key {
                rendered.removeAll(keepingCapacity: true)
                template.render(index: index, into: &rendered)
                guard work.takesTrials(template.size + rendered.count) else { return false }
                if rendered != key { continue }
            }
            places.messages += 1
            add(message, index: index, partitioner, key, partitions, to: &places)
            if places.messages > 1, places.partitions.count > 1 || places.chance != nil { return true }
        }
        return true
    }

    private func add(
        _ message: MessageTemplate, index: Int64, _ partitioner: Partitioner, _ key: [UInt8]?, _ partitions: Int,
        to places: inout KeyPlaces
    ) {
        switch message.partition {
        case .constant(let number): places.partitions.insert(Int32(clamping: number))
        case .expression(let expression):
            if let number = expression.value(index: index) { places.partitions.insert(Int32(clamping: number)) }
        case nil:
            if let number = partitioner.partition(forKey: key, partitions: partitions) {
                places.partitions.insert(number)
            } else {
                places.chance = partitioner
            }
        }
    }
}

extension MessageTemplate {
    /// Whether the partitioner places messages without a key.
    fileprivate var isPlacedWithoutKey: Bool {
        if case .null = key { partition == nil && count > 0 } else { false }
    }

    fileprivate var isPartitionVaried: Bool {
        if case .expression = partition { true } else { false }
    }
}

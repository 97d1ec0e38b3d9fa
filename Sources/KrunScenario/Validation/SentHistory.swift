import KrunDiagnostics
import KrunJSON

/// What the steps read so far send: what the next ones may expect.
final class SentHistory {
    private let reporter: Reporter
    private var all: [SentMessages] = []
    /// Whether every step so far could be read, so that this is all that is sent.
    var isComplete = true
    /// Whether the order of the file is that in which it happens: not where others are at work beside what is read.
    var isOrdered = true
    /// Whether a step so far has looked how an existing group is: somebody else's service, which may write to any topic.
    var watchesService = false
    /// The keys of the first `stepsWithKnownKeys` of them, by topic.
    private var keys: [String: SentKeys] = [:]
    private var stepsWithKnownKeys = 0
    /// The partitioners that leave messages without a key to chance, by topic, of the first `stepsWithKnownChance`.
    private var chances: [String: Partitioner] = [:]
    private var stepsWithKnownChance = 0
    /// Topics that were deleted: how many steps had sent something then, of which what they sent to the topic is gone.
    private var forgotten: [String: Int] = [:]

    init(reporter: Reporter) {
        self.reporter = reporter
    }

    /// How many steps send something.
    var count: Int { all.count }

    func add(_ messages: SentMessages) { all.append(messages) }

    /// Nothing of what was sent to the topic is there any more.
    func forget(_ topic: String) {
        forgotten[topic] = all.count
        keys[topic] = nil
        chances[topic] = nil
    }

    /// The steps from this one on whose messages are still there.
    private func kept(from first: Int) -> some Sequence<SentMessages> {
        all[first...].indices.lazy.filter { [all, forgotten] index in
            index >= forgotten[all[index].topic] ?? 0
        }.map { [all] index in all[index] }
    }

    /// Whether a step has sent something to the topic that is still there.
    func isSent(to topic: String) -> Bool { kept(from: 0).contains { $0.topic == topic } }

    /// The keys of all messages to a topic; nil where some could not be read.
    func keys(of topic: String) -> SentKeys? {
        guard isComplete, isOrdered else { return nil }
        // Only scenarios that expect keys pay for this.
        for step in kept(from: stepsWithKnownKeys) { keys[step.topic, default: SentKeys()].add(step.messages) }
        stepsWithKnownKeys = all.count
        return keys[topic] ?? SentKeys()
    }

    /// The partitioner that leaves messages without a key to chance; nil where none does.
    func chance(of topic: String) -> Partitioner? {
        for step in kept(from: stepsWithKnownChance) where step.partitioner.leavesToChance(key: nil) {
            if chances[step.topic] == nil, step.messages.contains(where: \.isPlacedWithoutKey) {
                chances[step.topic] = step.partitioner
            }
        }
        stepsWithKnownChance = all.count
        return chances[topic]
    }

    /// Where the messages of all steps so far are that have a key, or no key (nil); nil where that cannot be told.
    func places(of key: [UInt8]?, in topic: String) -> KeyPlaces? {
        guard isComplete, isOrdered else { return nil }
        var places = KeyPlaces()
        // On the only partition there is no chance, and nothing has to be tried.
        guard reporter.work.takesTrials(all.count) else { return nil }
        if kept(from: 0).allSatisfy({ $0.topic != topic || $0.partitions == 1 }) { return places }
        for step in kept(from: 0) {
            guard reporter.work.takesTrials(2) else { return nil }
            if step.topic != topic { continue }
            guard let partitions = step.partitions else { return nil }
            for message in step.messages where message.count > 0 {
                guard reporter.work.takesTrials(8) else { return nil }
                guard add(message, step.partitioner, key, partitions, to: &places) else { return nil }
            }
        }
        return places
    }

    /// Adds a template's messages; false where it cannot be told which of them have the key, or where they go.
    private func add(
        _ message: MessageTemplate, _ partitioner: Partitioner, _ key: [UInt8]?, _ partitions: Int,
        to places: inout KeyPlaces
    ) -> Bool {
        let isVaried: Bool
        switch (message.key, key) {
        case (.null, nil): isVaried = false
        case (.constant(let bytes), let key?) where bytes == key: isVaried = false
        case (.template, _?), (.cycle, _):
            guard message.key.isCertain else { return false }
            isVaried = true
        case (.late, _?), (.filler, _?): return false
        case (.oneOf(let payloads), _): return !payloads.contains { $0.mayBe(key) }
        default: return true
        }
        if !isVaried, !message.isPartitionVaried {
            places.messages += message.count
            add(message, index: 0, partitioner, key, partitions, to: &places)
            return true
        }
        var rendered: [UInt8] = []
        for index in 0..<Int64(message.count) {
            guard reporter.work.takesTrials(1) else { return false }
            if isVaried {
                guard let isSame = isSame(message.key.inTurn(at: index), key, index, &rendered) else { return false }
                if !isSame { continue }
            }
            places.messages += 1
            add(message, index: index, partitioner, key, partitions, to: &places)
            if places.messages > 1, places.partitions.count > 1 || places.chance != nil { return true }
        }
        return true
    }

    /// Whether the payload comes to the key at an index; nil where that is too much to try.
    private func isSame(
        _ payload: PayloadTemplate, _ key: [UInt8]?, _ index: Int64, _ rendered: inout [UInt8]
    ) -> Bool? {
        switch payload {
        case .null: return key == nil
        case .constant(let bytes):
            guard reporter.work.takesTrials(min(bytes.count, key?.count ?? 0)) else { return nil }
            return bytes == key
        case .template(let template):
            rendered.removeAll(keepingCapacity: true)
            template.render(index: index, into: &rendered)
            guard reporter.work.takesTrials(template.size + rendered.count) else { return nil }
            return rendered == key
        case .filler, .cycle, .oneOf, .late: return nil
        }
    }

    private func add(
        _ message: MessageTemplate, index: Int64, _ partitioner: Partitioner, _ key: [UInt8]?, _ partitions: Int,
        to places: inout KeyPlaces
    ) {
        switch message.partition {
        case .constant(let number): places.partitions.insert(Int32(clamping: number))
        case .expression(let expression):
            if let number = expression.value(index: index) { places.partitions.insert(Int32(clamping: number)) }
        case .drawn: places.chance = partitioner
        case nil:
            if let number = partitioner.partition(forKey: key, partitions: partitions) {
                places.partitions.insert(number)
            } else if partitioner.takesTurns(key: key) {
                // Which of them depends on what is sent between them: perhaps all.
                places.partitions.formUnion(0..<Int32(min(partitions, 64)))
            } else {
                places.chance = partitioner
            }
        }
    }
}

/// What a produce step sends.
struct SentMessages {
    let topic: String
    let messages: [MessageTemplate]
    let partitioner: Partitioner
    /// How many the topic has then; nil where that is not known.
    let partitions: Int?
}

/// Where messages with one key, or without a key, are.
struct KeyPlaces {
    var partitions: Set<Int32> = []
    /// A partitioner that puts some of them where chance will have it.
    var chance: Partitioner?
    var messages = 0
}

extension MessageTemplate {
    /// Whether the partitioner may place messages without a key.
    var isPlacedWithoutKey: Bool { partition == nil && key.mayBeNull(within: count) }

    fileprivate var isPartitionVaried: Bool {
        switch partition {
        case .expression, .drawn: true
        case .constant, nil: false
        }
    }
}

extension PayloadTemplate {
    /// Whether it may come to those bytes, or to null (nil).
    fileprivate func mayBe(_ key: [UInt8]?) -> Bool {
        switch self {
        case .null: key == nil
        case .constant(let bytes): bytes == key
        case .template, .filler, .late: key != nil
        case .cycle, .oneOf: true
        }
    }
}

/// The keys that messages are sent with, as far as they can be told without sending them.
struct SentKeys {
    private var constants: Set<[UInt8]> = []
    /// Of so many messages every `step`th has it, from number `first` on.
    private var templates: [(template: Template, first: Int, step: Int, count: Int)] = []
    /// Whether a key is drawn at random, so that any may be among them.
    private var mayBeAny = false
    /// Constant keys as they were first sent, for suggestions.
    private(set) var texts: [String] = []

    init(_ messages: [MessageTemplate] = []) {
        add(messages)
    }

    mutating func add(_ messages: [MessageTemplate]) {
        for message in messages where message.count > 0 { add(message.key, first: 0, step: 1, count: message.count) }
    }

    private mutating func add(_ key: PayloadTemplate, first: Int, step: Int, count: Int) {
        switch key {
        case .null: return
        case .filler, .late: mayBeAny = true
        case .template(let template) where template.isDrawn || template.usesTime: mayBeAny = true
        case .template(let template): templates.append((template, first, step, count))
        case .constant(let key):
            guard constants.insert(key).inserted, texts.count < Reporter.maximumCandidates else { return }
            if let text = String(validating: key, as: UTF8.self) { texts.append(text) }
        case .cycle(let keys):
            for (place, key) in keys.prefix(count).enumerated() {
                add(key, first: place, step: keys.count, count: count)
            }
        case .oneOf(let keys):
            // Each of them may be sent.
            for key in keys { add(key, first: 0, step: 1, count: count) }
        }
    }

    /// Those of `keys` that are never sent; nil when that cannot be told, because a key is drawn at random or there
    /// are too many to try.
    ///
    /// - Parameter work: what may be tried; what was used is taken off.
    func missing(_ keys: Set<[UInt8]>, _ work: inout WorkBudget) -> Set<[UInt8]>? {
        var missing = keys.filter { !constants.contains($0) }
        if missing.isEmpty { return [] }
        if mayBeAny { return nil }
        var key: [UInt8] = []
        for (template, first, step, count) in templates {
            guard work.takesTrials(template.comparing(missing)) else { return nil }
            var candidates = missing.filter { template.mayRender($0) }
            var index = first
            while index < count, !candidates.isEmpty {
                key.removeAll(keepingCapacity: true)
                template.render(index: Int64(index), into: &key)
                guard work.takesTrials(template.size + key.count) else { return nil }
                if candidates.remove(key) != nil { missing.remove(key) }
                index += step
            }
        }
        return missing
    }
}

extension Template {
    /// What it takes to find those of some texts that it may be.
    fileprivate func comparing(_ texts: Set<[UInt8]>) -> Int {
        let ends = prefix.count + suffix.count
        return texts.reduce(0) { $0 + 8 + min($1.count, ends) }
    }

    /// Whether the text begins and ends as all of the template's do.
    fileprivate func mayRender(_ text: [UInt8]) -> Bool {
        text.starts(with: prefix) && text.suffix(suffix.count).elementsEqual(suffix)
    }
}

import KrunDiagnostics
import KrunJSON

/// Reads a step's `expect`.
struct ExpectationDecoder: FieldDecoder {
    let reader: ValueReader
    let file: Declarations
    let sent: SentHistory
    let scope: ExpectationScope

    func expectation(_ fields: Fields) -> Expectation {
        var expectation = Expectation.none
        var topics = TopicExpectations(shortForm(fields))
        switch scope.verb {
        case .produce:
            expectation.messages = matcher(ProduceExpectationFields.messages, in: fields)
            expectation.duration = matcher(ProduceExpectationFields.duration, in: fields)
            expectation.failed = matcher(ProduceExpectationFields.failed, in: fields)
            expectation.error = fields[ProduceExpectationFields.error].flatMap { error($0) }
            expectation.movedKeys = matcher(ProduceExpectationFields.movedKeys, in: fields)
            expectation.rate = matcher(ProduceExpectationFields.rate, in: fields)
            expectation.latency = read(ProduceExpectationFields.latency, in: fields).map { latency($0) }
        case .consume:
            expectation.messages = matcher(ConsumeExpectationFields.messages, in: fields)
            expectation.duration = matcher(ConsumeExpectationFields.duration, in: fields)
            expectation.rate = matcher(ConsumeExpectationFields.rate, in: fields)
            expectation.latency = read(ConsumeExpectationFields.latency, in: fields).map { latency($0) }
            if scope.hasGroup {
                expectation.idle = matcher(ConsumeExpectationFields.idle, in: fields)
                expectation.rebalances = matcher(ConsumeExpectationFields.rebalances, in: fields)
                expectation.redelivered = matcher(ConsumeExpectationFields.redelivered, in: fields)
                expectation.lag = matcher(ConsumeExpectationFields.lag, in: fields)
                expectation.members = (read(ConsumeExpectationFields.members, in: fields) ?? []).compactMap {
                    member($0)
                }
            } else {
                checkGroupOutcomes(fields)
            }
            for member in read(ConsumeExpectationFields.topics, in: fields) ?? [] {
                if let topic = expectedTopic(member) { self.topic(member.value, topic, into: &topics) }
            }
            if scope.hasGroup, let node = fields[ConsumeExpectationFields.committed] {
                committed(node, into: &topics)
            }
        }
        let records = RecordMatcherDecoder(reader: reader, topics: scope.topics)
        expectation.records = fields[RecordsFields.field].flatMap { records.records($0) }
        expectation.topics = topics.all
        return expectation
    }

    /// What is expected of the field's value; nil where nothing is, or it is wrong, which is reported.
    ///
    /// - Parameter topic: of which partitions are meant.
    func matcher(_ field: Field<MatcherForm>, in fields: Fields, of topic: String? = nil) -> Matcher? {
        fields[field].flatMap { matcher($0, field.name, field.form.kind, of: topic) }
    }

    /// - Parameter reason: why an object that is no matcher is wrong.
    func matcher(
        _ node: JSONNode, _ what: String, _ kind: MatcherKind, of topic: String? = nil,
        because reason: FaultReason = .structure
    ) -> Matcher? {
        let topic = topic.flatMap { file.topics[$0] }
        return MatcherDecoder(reader: reader, what: what, kind: kind, topic: topic, reason: reason).matcher(node)
    }

    private func latency(_ fields: Fields) -> LatencyExpectation {
        LatencyExpectation(
            p50: matcher(LatencyExpectationFields.p50, in: fields),
            p95: matcher(LatencyExpectationFields.p95, in: fields),
            p99: matcher(LatencyExpectationFields.p99, in: fields),
            max: matcher(LatencyExpectationFields.max, in: fields))
    }

    /// An error's name, a matcher of it, or how many messages failed with which error.
    private func error(_ node: JSONNode) -> ErrorExpectation? {
        let name = ProduceExpectationFields.error.name
        let expected = "an error's name, a matcher, or error → number of messages"
        guard node.kind == .object else {
            guard let value = resolve(node) else { return nil }
            guard value.kind == .string || value.kind == .null else {
                reader.mismatch("\"\(name)\"", node, expected: expected)
                return nil
            }
            return matcher(node, name, .payload).map { .name($0) }
        }
        if node.members.contains(where: { MatcherFields.names.contains($0.name) }) {
            return matcher(node, name, .payload).map { .name($0) }
        }
        if node.count == 0 {
            report("\"\(name)\" names no error", at: node.place, label: "expected \(expected)")
            return nil
        }
        let counts = node.members.compactMap { member -> ErrorExpectation.Count? in
            guard member.name.wholeMatch(of: /_?[A-Z][A-Z0-9_]*/) != nil else {
                report(
                    "\(member.name.quotedForMessage) is no name of an error", at: member.place,
                    label: "such as \"MSG_SIZE_TOO_LARGE\"")
                return nil
            }
            return matcher(member.value, member.name, .count).map { .init(name: member.name, messages: $0) }
        }
        return counts.count == node.count ? .counts(counts) : nil
    }

    /// Says that outcomes of a group are expected of a step that reads without one.
    private func checkGroupOutcomes(_ fields: Fields) {
        let needing = fields.shape.fields.filter(\.needsGroup).map(\.name)
        for member in fields.members where needing.contains(member.name) {
            report(
                "\"\(member.name)\" needs a group", at: member.place, label: "this step reads without one",
                notes: ["add \"group\": \"…\" to the step, or leave \"\(member.name)\" out"])
        }
    }

    /// What stands for the only topic.
    private func shortForm(_ fields: Fields) -> [TopicExpectation] {
        let names = RecordsExpectationFields.names.filter { fields[$0] != nil }
        guard !names.isEmpty, !scope.topics.isEmpty else { return [] }
        guard scope.topics.count == 1 else {
            for name in names {
                report(
                    "\"\(name)\" does not say of which topic", because: .combination, at: fields[name]?.keyPlace,
                    label: "this step reads \(scope.topics.count)",
                    notes: ["write \"topics\": { \"\(scope.topics[0])\": { \"\(name)\": … } }"])
            }
            return []
        }
        var topic = TopicExpectation(topic: scope.topics[0])
        records(fields, into: &topic)
        return [topic]
    }

    /// The topic that a member of a map names; nil, reported, when the step does not read it.
    private func expectedTopic(_ member: JSONMember) -> String? {
        if scope.topicNames.contains(member.name) { return member.name }
        guard !scope.topics.isEmpty else { return nil }
        if reporter.isFull {
            reporter.omit()
            return nil
        }
        let nearest = reporter.nearest(to: member.name, among: scope.topics)
        report(
            "this step does not read topic \(member.name.quotedForMessage)", because: .declaration, at: member.place,
            label: nearest.map { "did you mean \"\($0)\"?" } ?? "it reads \(listed(scope.topics))")
        return nil
    }

    /// Reads one member of `topics`.
    private func topic(
        _ node: JSONNode, _ name: String, into topics: inout TopicExpectations
    ) {
        guard let fields = fields(of: node, TopicExpectationFields.shape) else { return }
        topics.update(name) { topic in
            records(fields, into: &topic)
            guard scope.hasGroup else { return checkGroupOutcomes(fields) }
            topic.lag = matcher(TopicExpectationFields.lag, in: fields) ?? topic.lag
            committed(read(TopicExpectationFields.committed, in: fields) ?? [], into: &topic)
        }
    }

    /// Reads `partitions`, `keys` and `nullKey`.
    private func records(_ fields: Fields, into topic: inout TopicExpectation) {
        for member in read(RecordsExpectationFields.partitions, in: fields) ?? [] {
            if let partition = partition(member, of: topic.topic) { topic.partitions.append(partition) }
        }
        if let node = fields[RecordsExpectationFields.keys] { topic.keys += keys(node, of: topic.topic) }
        if let nullKey = read(RecordsExpectationFields.nullKey, in: fields),
            let node = fields[RecordsExpectationFields.nullKey]
        {
            topic.nullKey = self.nullKey(nullKey, at: node, of: topic.topic)
        }
        topic.placedBy =
            PlacementDecoder(reader: reader).placement(RecordsExpectationFields.placedBy, in: fields) ?? topic.placedBy
    }

    /// The partition that a member of a map names; nil, reported, when it is no number or does not exist.
    func partitionNumber(
        _ member: JSONMember, of topic: String, otherwise reason: FaultReason = .structure
    ) -> Int32? {
        guard let number = Int32(member.name), number >= 0, String(number) == member.name else {
            report(
                "\(member.name.quotedForMessage) is not a partition", because: reason, at: member.place,
                label: "expected a number such as \"0\"")
            return nil
        }
        if let partitions = file.partitions(of: topic), number >= partitions {
            reporter.report(
                .noSuchPartition(Int64(number), of: topic, partitions: partitions, at: member.place),
                because: .declaration)
            return nil
        }
        return number
    }

    private func partition(
        _ member: JSONMember, of topic: String
    ) -> PartitionExpectation? {
        let number = partitionNumber(member, of: topic)
        guard let fields = fields(of: member.value, PartitionExpectationFields.shape), let number else { return nil }
        var partition = PartitionExpectation(partition: number, node: member.value)
        partition.messages = matcher(PartitionExpectationFields.messages, in: fields)
        partition.first = matcher(PartitionExpectationFields.first, in: fields)
        partition.last = matcher(PartitionExpectationFields.last, in: fields)
        if !scope.hasOffsets {
            for field in [PartitionExpectationFields.first, PartitionExpectationFields.last] {
                guard let node = fields[field] else { continue }
                report(
                    "\"\(field.name)\" is unknown with \"acks\": 0", because: .combination, at: node.keyPlace,
                    label: "the broker does not tell offsets without an acknowledgement")
            }
        }
        guard scope.hasGroup else {
            if scope.verb == .consume {
                checkGroupOutcomes(fields)
            } else {
                for field in PartitionExpectationFields.shape.fields where field.needsGroup {
                    guard let node = fields[field.name] else { continue }
                    report(
                        "\"\(field.name)\" is not an outcome of a produce step", at: node.keyPlace,
                        label: "only a consume step with a group has it")
                }
            }
            return partition
        }
        partition.committed = matcher(PartitionExpectationFields.committed, in: fields).map { [$0] } ?? []
        partition.lag = matcher(PartitionExpectationFields.lag, in: fields)
        return partition
    }

    /// The step's own `committed`: of one topic partition number → offset, of several topic → that.
    func committed(_ node: JSONNode, into topics: inout TopicExpectations) {
        guard let members = reader.map(node, "committed"), !scope.topics.isEmpty else { return }
        let isOfOneTopic = scope.topics.count == 1 && !members.contains { $0.name == scope.topics[0] }
        if isOfOneTopic {
            // What is no partition may be a topic that the step does not read.
            topics.update(scope.topics[0]) { committed(members, into: &$0, otherwise: .declaration) }
            return
        }
        for member in members {
            guard let topic = expectedTopic(member), let offsets = reader.map(member.value, topic) else { continue }
            topics.update(topic) { committed(offsets, into: &$0) }
        }
    }

    private func committed(
        _ members: [JSONMember], into topic: inout TopicExpectation, otherwise reason: FaultReason = .structure
    ) {
        var places = Dictionary(topic.partitions.indices.map { (topic.partitions[$0].partition, $0) }) { first, _ in
            first
        }
        for member in members {
            guard let number = partitionNumber(member, of: topic.topic, otherwise: reason),
                let matcher = matcher(member.value, "committed", .offset, because: reason)
            else { continue }
            if let index = places[number] {
                topic.partitions[index].committed.append(matcher)
            } else {
                var partition = PartitionExpectation(partition: number, node: member.value)
                partition.committed = [matcher]
                places[number] = topic.partitions.count
                topic.partitions.append(partition)
            }
        }
    }

    /// Reads one member of `members`.
    func member(_ member: JSONMember) -> MemberExpectation? {
        let number = Int(member.name)
        let isName =
            scope.takesAnyMember
            || scope.memberNames?.contains(member.name)
                ?? (number.map { $0 >= 1 && String($0) == member.name && $0 <= scope.members ?? .max } ?? false)
        if !isName {
            let count = scope.members ?? 1
            report(
                "there is no member \(member.name.quotedForMessage)",
                because: .declaration, at: member.place,
                label: scope.memberNames.map { "there are \(listed($0))" }
                    ?? (count == 1
                        ? "the step has only member \"1\"" : "the step has members \"1\" to \"\(count)\""))
        }
        guard let fields = fields(of: member.value, MemberExpectationFields.shape), isName else { return nil }
        var expectation = MemberExpectation(name: member.name, node: member.value)
        expectation.messages = matcher(MemberExpectationFields.messages, in: fields)
        guard let node = fields[MemberExpectationFields.partitions] else { return expectation }
        if node.kind == .array {
            expectation.partitions = .exactly(node.elements.compactMap { assigned($0) }, node)
        } else {
            expectation.partitions = matcher(node, "partitions", .count).map { .count($0) }
        }
        return expectation
    }

    /// A partition with its topic, such as `orders/0`.
    private func assigned(_ node: JSONNode) -> String? {
        guard let text = reader.string(node, "partitions") else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let number = Int32(parts[1]), number >= 0, String(number) == parts[1] else {
            report(
                "\(text.quotedForMessage) is not a partition", because: FaultReason(of: node), at: node.place,
                label: "expected a topic and a number, such as \"\(scope.topics.first ?? "orders")/0\"")
            return nil
        }
        let topic = String(parts[0])
        guard scope.topicNames.contains(topic) || scope.topics.isEmpty else {
            report(
                "this step does not read topic \(topic.quotedForMessage)", because: .declaration, at: node.place,
                label: "it reads \(listed(scope.topics))")
            return nil
        }
        if let partitions = file.partitions(of: topic), number >= partitions {
            reporter.report(
                .noSuchPartition(Int64(number), of: topic, partitions: partitions, at: node.place),
                because: .declaration
            )
            return nil
        }
        return text
    }
}

/// What an `expect` block is judged against: the step it belongs to.
struct ExpectationScope {
    enum Verb {
        case produce
        case consume
    }

    let verb: Verb
    /// Empty when they could not be read.
    let topics: [String]
    let hasGroup: Bool
    /// nil when the number could not be read.
    let members: Int?
    /// Their names, where they are no numbers.
    var memberNames: [String]?
    /// Whether a member may have any name: of a group with others than this scenario's.
    var takesAnyMember = false
    /// The same, to look one up.
    let topicNames: Set<String>
    /// Whether the offsets of records are known at all.
    let hasOffsets: Bool
    /// What a produce step sends; nil when that could not be read, and for a consume step.
    let messages: [MessageTemplate]?
    /// Of a produce step.
    let partitioner: Partitioner?
    /// Where a consume step begins to read; nil for the first records of all partitions, or where the group stopped.
    var from: StartPoints?

    /// Of a step that is about none.
    static let ofNoTopic = ExpectationScope(
        verb: .produce, topics: [], hasGroup: false, members: nil, hasOffsets: true, messages: nil, partitioner: nil)

    init(
        verb: Verb, topics: [String], hasGroup: Bool, members: Int?, hasOffsets: Bool, messages: [MessageTemplate]?,
        partitioner: Partitioner?
    ) {
        self.verb = verb
        self.topics = topics
        self.hasGroup = hasGroup
        self.members = members
        topicNames = Set(topics)
        self.hasOffsets = hasOffsets
        self.messages = messages
        self.partitioner = partitioner
    }
}

/// What is expected of topics, as it is gathered from several places of a file: each topic once.
struct TopicExpectations {
    private(set) var all: [TopicExpectation]
    private var indexes: [String: Int] = [:]

    /// - Parameter all: at most one of each topic.
    init(_ all: [TopicExpectation]) {
        self.all = all
        for (index, topic) in all.enumerated() { indexes[topic.topic] = index }
    }

    /// Changes the topic's, which is made where there is none yet.
    mutating func update(_ name: String, _ change: (inout TopicExpectation) -> Void) {
        if let index = indexes[name] { return change(&all[index]) }
        var topic = TopicExpectation(topic: name)
        change(&topic)
        indexes[name] = all.count
        all.append(topic)
    }
}

import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunReports
import KrunScenario

/// Why a consumer sees nothing, found out by looking.
struct SilenceDiagnosis {
    let topics: [String]
    let group: String?
    let hasAssignment: Bool
    /// What `--from` says, where it was given.
    var from: StartPoint?
    /// Where this member stands in the partitions that it owns.
    let positions: [TopicPartition: Int64]
    /// What the look found; each nil where nobody answered.
    var firsts: [TopicPartition: Int64]?
    var ends: [TopicPartition: Int64]?
    var description: GroupDescription?
    var missing: [String] = []
    /// Partitions whose last records belong to a transaction that is open.
    var heldBack: [TopicPartition] = []
    /// The cluster's brokers that cannot be reached, and why.
    var unreachable: [UnreachableBroker] = []
    /// That the cluster answers no more.
    var silence: String?

    init(
        topics: [String], group: String?, hasAssignment: Bool, positions: [TopicPartition: Int64],
        firsts: [TopicPartition: Int64]? = nil, ends: [TopicPartition: Int64]? = nil
    ) {
        self.topics = topics
        self.group = group
        self.hasAssignment = hasAssignment
        self.positions = positions
        self.firsts = firsts
        self.ends = ends
    }

    init(_ session: ConsumeSession) {
        let kafka = session.kafka
        let timeout = min(kafka.timeout, .seconds(2))
        self.init(
            topics: session.request.topics, group: session.request.group, hasAssignment: session.hasAssignment,
            positions: Dictionary(session.tally.owned.map { ($0.0, $0.1.next) }, uniquingKeysWith: { $1 }))
        from = session.request.from
        // Nobody has to be asked again.
        silence = kafka.watch.sentence
        if silence != nil { return }
        if let found = try? kafka.admin.metadata(topics: topics, timeout: timeout).topics {
            missing = found.filter { $0.error?.name == "UNKNOWN_TOPIC_OR_PART" }.map(\.name)
            let partitions = found.flatMap { topic in topic.partitions.map { TopicPartition(topic.name, $0.id) } }
            firsts = try? kafka.admin.beginningOffsets(partitions, timeout: timeout)
            ends = try? kafka.admin.endOffsets(partitions, timeout: timeout)
            if let ends, let all = try? kafka.endsOfEverything(partitions, timeout: timeout) {
                heldBack = partitions.filter { (ends[$0] ?? 0) < (all[$0] ?? 0) }
            }
        }
        if let group {
            description = try? kafka.admin.describeGroups([group], timeout: timeout).first
        }
        // Old complaints say nothing while everybody answers.
        if ends == nil || (group != nil && description?.error != nil) { unreachable = kafka.unreachableBrokers }
    }

    /// The one that applies; nil where records are there and are on their way.
    var reason: String? {
        if let silence { return silence }
        if let broker = unreachable.first { return broker.sentence }
        if let topic = missing.first { return "topic \(topic) does not exist any more" }
        if !hasAssignment { return whileJoining }
        guard let firsts, let ends else { return "the cluster does not answer" }
        let behind = positions.filter { $0.value >= 0 && $0.value < ends[$0.key] ?? 0 }
        if !behind.isEmpty { return nil }
        if !heldBack.isEmpty {
            return "the next records of \(names(heldBack)) belong to a transaction that is still open"
        }
        if ends.values.allSatisfy({ $0 == 0 }) { return "nothing has been produced to \(topicNames) yet" }
        if ends.allSatisfy({ $0.value == firsts[$0.key] }) {
            return "\(topicNames) is empty: what was produced has been deleted, by retention or by hand"
        }
        if positions.isEmpty { return withoutPartitions }
        return atTheEnd(ends)
    }

    private var whileJoining: String {
        guard let group else { return "the cluster has not answered yet" }
        guard let description else { return "the coordinator of group \(group) does not answer" }
        if let error = description.error { return "group \(group): \(error.name): \(error.reason)" }
        switch description.state {
        case "PreparingRebalance", "CompletingRebalance":
            return
                "group \(group) is rebalancing: it waits until its \(Amounts.count(description.members.count, "member")) "
                + "have joined again, or are given up after their session timeout"
        case "Dead", "Empty": return "this member is still joining group \(group)"
        case let state:
            return
                "this member has not joined group \(group) yet (\(state), \(Amounts.count(description.members.count, "member")))"
        }
    }

    private var withoutPartitions: String {
        let partitions = ends?.count ?? 0
        guard let members = description?.members.count, members > 1 else {
            return "this member has no partitions: others own them"
        }
        return "this member has no partitions: \(Amounts.count(members, "member")) share "
            + "\(Amounts.count(partitions, "partition")), and others own them"
    }

    private func atTheEnd(_ ends: [TopicPartition: Int64]) -> String {
        let others = ends.keys.filter { positions[$0] == nil && (ends[$0] ?? 0) > 0 }
        guard let group else {
            return "everything that is there lies before where reading began (--from earliest has it)"
        }
        if let from, from != .committed, from != .earliest, others.isEmpty {
            return "reading begins behind the last record, as --from says; --from earliest has those before it"
        }
        let again = "; to read it again: another --group, or --from earliest"
        if others.isEmpty { return "group \(group) has read everything that is there\(again)" }
        return "\(names(Array(positions.keys))) of this member \(positions.count == 1 ? "is" : "are") read to the end; "
            + "other members own \(names(others))"
    }

    private var topicNames: String { topics.joined(separator: ", ") }

    private func names(_ partitions: [TopicPartition]) -> String {
        let sorted = partitions.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
        guard topics.count == 1 else { return Amounts.list(sorted.map(\.description)) }
        return "\(sorted.count == 1 ? "partition" : "partitions") \(Amounts.list(sorted.map { String($0.partition) }))"
    }

    /// What ends a session that waited in vain for the end.
    func diagnostic(waited: String) -> Diagnostic {
        let behind = positions.compactMap { partition, position -> String? in
            guard let end = ends?[partition], position < end else { return nil }
            return "\(partition) stands at \(max(0, position)) of \(end)"
        }
        return Diagnostic(
            .runtime, "the end was not reached: nothing came for \(waited) (--timeout)",
            notes: [reason].compactMap { $0 } + behind.sorted())
    }
}

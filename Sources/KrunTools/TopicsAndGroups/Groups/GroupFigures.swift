import KrunDiagnostics
import KrunKafka
import KrunNames
import KrunOutcome
import KrunReports

/// A group: what its coordinator and the list of groups say of it.
struct GroupFigures: Hashable, Sendable {
    var name: String
    /// As Kafka names it: `Stable`, `Empty`.
    var state: String
    /// Nil where only the list knows the group.
    var coordinator: ClusterMetadata.Broker?
    var assignor: String?
    /// Nil where they cannot be asked for: of a group of the next-generation protocol (KIP-848).
    var members: [GroupDescription.Member]?

    /// As far as is known.
    var hasMembers: Bool {
        members.map { !$0.isEmpty } ?? ["Stable", "PreparingRebalance", "CompletingRebalance"].contains(state)
    }

    /// Such as `Stable, 2 members, assignor range`.
    var summary: String {
        let count = members.map { Amounts.count($0.count, "member") } ?? "its members are not known"
        return TerminalText.safe("\(state), \(count)" + (assignor.map { ", assignor \($0)" } ?? ""))
    }
}

extension GroupDescription.Member {
    /// Fit for a terminal: `orders/0, orders/1 and 5 that are not there`; `empty` where it was given nothing.
    func assignmentText(empty: String) -> String {
        if hasUnreadableAssignment { return "an assignment that cannot be read" }
        let owned = partitions.isEmpty ? empty : Amounts.list(partitions.map { TerminalText.safe($0.description) })
        guard unknownPartitions > 0 else { return owned }
        let unknown = "\(Amounts.number(unknownPartitions)) that \(unknownPartitions == 1 ? "is" : "are") not there"
        return partitions.isEmpty ? unknown : "\(owned) and \(unknown)"
    }
}

extension GroupFigures {
    /// - Parameter listing: what the list says; nil where that was not looked at.
    /// - Returns: nil for a group that is not there.
    init?(_ description: GroupDescription?, listing: GroupListing?) {
        if let description, description.error == nil, description.state != "Dead" {
            self.init(
                name: description.group, state: description.state, coordinator: description.coordinator,
                assignor: description.assignor, members: description.members)
        } else if let listing {
            // That nobody is in it, the state says.
            self.init(name: listing.group, state: listing.state, members: listing.state == "Empty" ? [] : nil)
        } else {
            return nil
        }
    }
}

/// What a group committed, where the logs end, and who reads them.
struct OffsetFigures: Hashable, Sendable {
    struct Row: Hashable, Sendable {
        var partition: TopicPartition
        /// Nil where the group committed nothing.
        var committed: Int64?
        /// The first offset that the log has; asked only where nothing is committed, nil otherwise.
        var first: Int64?
        /// The offset behind the last record; nil where the partition is gone or nobody leads it.
        var end: Int64?
        /// Who was given the partition; nil for nobody.
        var member: String?

        var lag: Int64? { Lag.of(committed: committed, logStart: first, end: end) }
    }

    /// Every partition that was committed in or given to a member, in order.
    var rows: [Row]

    /// Nil where a partition's lag is not known, or there is no partition.
    var totalLag: Int64? { Lag.sum(rows.map(\.lag)) }
    /// Of the partitions whose lag is known.
    var knownLag: Int64 { rows.reduce(0) { $0 + ($1.lag ?? 0) } }

    /// What to tell of a group that must not be further behind than this in all; nil where it is known not to be.
    ///
    /// As long as what is known does not go beyond, a partition whose end is not known leaves it open.
    func trouble(of group: String, beyond maximum: Int64) -> Diagnostic? {
        let unknown = rows.filter { $0.lag == nil }.map { $0.partition.description }
        if knownLag > maximum {
            // The rows are in the order of their names, which decides where the lag does not.
            let behind = rows.enumerated().filter { $0.element.lag ?? 0 > 0 }.sorted {
                ($1.element.lag ?? 0, $0.offset) < ($0.element.lag ?? 0, $1.offset)
            }.map(\.element)
            let shown = behind.prefix(8).map { "\($0.partition): \(Amounts.number($0.lag ?? 0))" }
            let rest = behind.dropFirst(shown.count)
            return Diagnostic(
                .failure,
                "group \(group) is \(Amounts.number(knownLag)) behind, and may be \(Amounts.number(maximum)) (--max-lag)",
                notes: shown
                    + (rest.isEmpty
                        ? []
                        : [
                            "\(Amounts.count(rest.count, "more partition")): \(Amounts.number(rest.reduce(0) { $0 + ($1.lag ?? 0) }))"
                        ])
                    + (unknown.isEmpty ? [] : ["not known: \(Amounts.list(unknown))"]))
        }
        if unknown.isEmpty { return nil }
        return Diagnostic(
            .runtime, "how far group \(group) is behind is not known (--max-lag)",
            notes: ["the end of \(Amounts.list(unknown)) is not known: it has no leader, or is not there any more"])
    }

    static func read(of group: GroupFigures, from connection: KafkaConnection) throws -> OffsetFigures {
        let (admin, timeout) = (connection.admin, connection.timeout)
        return try connection.attempt { _ in
            let committed = try admin.groupOffsets(group.name, timeout: timeout)
            var owners: [TopicPartition: String] = [:]
            for member in group.members ?? [] {
                for partition in member.partitions { owners[partition] = member.id }
            }
            let partitions = Set(committed.keys).union(owners.keys)
            let led = try led(of: partitions, admin, timeout)
            let ends = try admin.endOffsets(led, timeout: timeout)
            let firsts = try admin.beginningOffsets(led.filter { committed[$0] == nil }, timeout: timeout)
            let sorted = partitions.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }
            return OffsetFigures(
                rows: sorted.map {
                    Row(
                        partition: $0, committed: committed[$0], first: firsts[$0], end: ends[$0], member: owners[$0])
                })
        }
    }

    /// Those that are there and have a leader.
    private static func led(
        of partitions: Set<TopicPartition>, _ admin: AdminClient, _ timeout: Duration
    ) throws(KafkaError) -> [TopicPartition] {
        guard !partitions.isEmpty else { return [] }
        return try admin.metadata(timeout: timeout).topics.flatMap { topic in
            topic.partitions.filter { $0.leader >= 0 }.map { TopicPartition(topic.name, $0.id) }
        }.filter { partitions.contains($0) }
    }
}

// MARK: - Groups of a Kafka

extension KafkaConnection {
    /// A group by its name; nil where there is none.
    func group(named name: String) throws -> GroupFigures? {
        try described([name])[0]
    }

    /// Groups by their names, in this order and each once.
    ///
    /// - Throws: `Diagnostics` about every name that no group has.
    func groups(named names: [String]) throws -> [GroupFigures] {
        var seen: Set<ExactName> = []
        let names = names.filter { seen.insert(ExactName($0)).inserted }
        let groups = try described(names)
        var missing: [Diagnostic] = []
        for (name, group) in zip(names, groups) where group == nil { missing.append(try unknownGroup(name)) }
        guard missing.isEmpty else { throw Diagnostics(missing) }
        return groups.compactMap { $0 }
    }

    /// That there is no such group, and which one may be meant.
    func unknownGroup(_ name: String) throws -> Diagnostic {
        Diagnostic(
            .runtime, "group \(name) does not exist on \(address.bootstrap)",
            notes: [try nearestGroup(to: name) ?? "`krun groups list` lists those that are there"])
    }

    /// `did you mean billing?`, or nil.
    func nearestGroup(to name: String) throws -> String? {
        let names = try attempt { _ in try admin.listGroups(timeout: timeout) }
        return Spelling.nearest(to: name, among: names.sorted()).map { "did you mean \(TerminalText.safe($0))?" }
    }

    /// Members who keep a group from being changed, and what to do.
    static func inUse(_ group: GroupFigures, _ what: String) -> Diagnostic {
        let count = group.members.map { Amounts.count($0.count, "member") }
        let title = "group \(group.name) has \(count ?? "members"): \(what)"
        let members = (group.members ?? []).sorted { $0.id < $1.id }.prefix(8).map { member in
            let place = "\(TerminalText.safe(member.id)) at \(TerminalText.safe(member.host))"
            return "\(place) has \(member.assignmentText(empty: "no partitions"))"
        }
        let more = (group.members?.count ?? 0) - members.count
        return Diagnostic(
            .runtime, title,
            notes: members + (more > 0 ? ["and \(Amounts.count(more, "more member"))"] : []) + [
                "stop them first; one that was killed is a member until its session.timeout.ms has passed"
            ])
    }

    /// As many as there are names, nil for those that no group has.
    private func described(_ names: [String]) throws -> [GroupFigures?] {
        guard !names.contains("") else {
            throw Diagnostic(.usage, "\"\" is no name for a group", notes: ["it is empty"])
        }
        let descriptions = try attempt { _ in try admin.describeGroups(names, timeout: timeout) }
        for case let error? in descriptions.map(\.error) { throw diagnostic(error) }
        let isListNeeded = descriptions.contains { $0.state == "Dead" }
        let listings = try attempt { _ in
            isListNeeded ? try admin.groupListings(timeout: timeout) : []
        }
        return names.map { name in
            let name = ExactName(name)
            return GroupFigures(
                descriptions.first { ExactName($0.group) == name },
                listing: listings.first { ExactName($0.group) == name })
        }
    }
}

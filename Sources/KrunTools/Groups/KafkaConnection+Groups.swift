import KrunDiagnostics
import KrunKafka
import KrunNames
import KrunReports

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

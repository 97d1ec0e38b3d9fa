import KrunDiagnostics
import KrunJSON
import KrunNames

/// The members that the steps so far leave in their groups.
final class MemberHistory {
    var names = NameMap<[String]>()
    /// Of those members, where a step has said it.
    var isolations = NameMap<ConsumeStep.Isolation>()
}

extension FieldDecoder {
    /// All members of a group have one isolation, from when they join.
    func refuseOther(
        _ own: ConsumeStep.Isolation, than members: ConsumeStep.Isolation?, of group: String, at node: JSONNode,
        _ wayOut: String
    ) {
        let members = members ?? .readUncommitted
        guard own != members else { return }
        report(
            "the members of group \(group.quotedForMessage) have another isolation", because: .combination,
            at: node.place, label: "they joined with \(members.rawValue): \(wayOut)")
    }
}

/// Reads `{ "group": … }`, and the names of members.
struct MembershipDecoder: FieldDecoder {
    let reader: ValueReader
    let file: Declarations
    let clients: ClientDecoder
    let sent: SentHistory
    let live: MemberHistory

    func step(_ fields: Fields) -> MembershipStep? {
        let before = reporter.faults
        let group = read(MembershipFields.group, in: fields)
        if let group, let node = fields[MembershipFields.group] {
            checkGroupName(group, at: node, existing: file.isExisting(group: group))
        }
        let topics = read(MembershipFields.topics, in: fields) ?? []
        for topic in topics { file.checkDeclared(topic.text, at: topic.node, by: reporter) }
        let known = live.names[group ?? ""] ?? []
        let change = change(in: fields, of: group ?? "", subscribes: !topics.isEmpty)
        if let group, file.isExisting(group: group), change == MembershipStep.Change.none { sent.watchesService = true }
        let assignor = read(MembershipFields.assignor, in: fields)
        let isStatic = read(MembershipFields.isStatic, in: fields)
        let isolation = isolation(in: fields, of: group ?? "", known: known)
        let client = fields[MembershipFields.client].map { clients.client($0, for: .consumer) } ?? []
        let expect = read(MembershipFields.expect, in: fields).map { expectation($0, topics.map(\.text)) }
        guard reporter.faults == before, let group, let change else { return nil }
        return MembershipStep(
            group: group, topics: topics.map(\.text), change: change, assignor: assignor, isStatic: isStatic,
            isolation: isolation, client: ClientPropertyTable.merged(file.defaults.client, client, for: .consumer),
            saysClient: fields[MembershipFields.client] != nil, expect: expect ?? .none)
    }

    /// What members that join are told; nil where no step has said it.
    private func isolation(in fields: Fields, of group: String, known: [String]) -> ConsumeStep.Isolation? {
        guard let own = read(MembershipFields.isolation, in: fields) else { return live.isolations[group] }
        if !known.isEmpty, let node = fields[MembershipFields.isolation] {
            refuseOther(own, than: live.isolations[group], of: group, at: node, "let them leave first")
        }
        live.isolations[group] = own
        return own
    }

    /// What the step does, which later steps know; nil, reported, where that cannot be told.
    private func change(in fields: Fields, of group: String, subscribes: Bool) -> MembershipStep.Change? {
        let named = MembershipFields.changes.filter { fields[$0] != nil }
        if named.count > 1 {
            let written = named.filter(fields.isWritten)
            if written.count > 1 {
                report(
                    "a group step has \"\(written[0])\" and \"\(written[1])\"", at: fields[written[1]]?.keyPlace,
                    label: "one change at a time")
            }
            return nil
        }
        let known = live.names[group]
        if let node = fields[MembershipFields.duration], !fields.has(MembershipFields.stall) {
            report("\"for\" without \"stall\"", at: node.keyPlace, label: "it says how long a member does not poll")
        }
        if let node = fields[MembershipFields.members] {
            guard let names = memberNames(node, MembershipFields.members.form) else { return nil }
            live.names[group] = names
            if !names.isEmpty, !subscribes, known == nil {
                report(
                    "nobody knows what group \(group.quotedForMessage) reads", because: .combination, at: node.place,
                    label: "\"subscribe\" is missing: no earlier step has members of it")
            }
            return .members(names)
        }
        if fields.has(MembershipFields.crash) {
            guard let crashing = read(MembershipFields.crash, in: fields) else { return nil }
            if let node = fields[MembershipFields.crash],
                resolve(node).map({ $0.kind == .array && $0.count == 0 }) == true
            {
                report("\"crash\" names nobody", at: node.place, label: "expected at least one")
            }
            for name in crashing { check(name.text, name.node, of: known ?? []) }
            let names = crashing.map(\.text)
            if let known { live.names[group] = known.filter { !names.contains($0) } }
            return .crash(names)
        }
        if let node = fields[MembershipFields.stall] {
            guard let name = read(MembershipFields.stall, in: fields) else { return nil }
            check(name, node, of: known ?? [])
            guard fields.has(MembershipFields.duration) else { return .stall(name, nil) }
            return read(MembershipFields.duration, in: fields).map { .stall(name, $0) }
        }
        return MembershipStep.Change.none
    }

    /// The names of members: a list, or `1` … `N` for a number of them; nil, reported, when they are wrong.
    func memberNames(_ node: JSONNode, _ form: MembersForm) -> [String]? {
        guard let value = resolve(node) else { return nil }
        guard value.kind == .array else {
            return reader.integer(node, "members", form.range).map { MembershipStep.names(Int($0)) }
        }
        let before = reporter.faults
        var names: [String] = []
        var seen: Set<ExactName> = []
        for (name, node) in reader.strings(node, "members") ?? [] {
            let isNew = seen.insert(ExactName(name)).inserted
            if !isNew || name.utf8.count > 100 || KafkaName.fault(of: name, existing: false) != nil {
                report(
                    "\(name.quotedForMessage) is no name for a member here", because: .name, at: node.place,
                    label: !isNew ? "the second one" : "expected letters, digits, \".\", \"_\" and \"-\"")
            } else {
                names.append(name)
            }
        }
        if value.elements.isEmpty, form.least > 0 {
            report("\"members\" names nobody", at: node.place, label: "expected at least one")
        }
        return reporter.faults == before ? names : nil
    }

    private func check(_ name: String, _ node: JSONNode, of live: [String]) {
        guard !live.contains(name) else { return }
        report(
            "there is no member \(name.quotedForMessage)", because: .declaration, at: node.place,
            label: live.isEmpty ? "the group has no members of this scenario" : "there are \(listed(live))")
    }

    private func expectation(_ fields: Fields, _ topics: [String]) -> MembershipExpectation {
        var scope = ExpectationScope(
            verb: .consume, topics: topics, hasGroup: true, members: nil, hasOffsets: true, messages: nil,
            partitioner: nil)
        scope.takesAnyMember = true
        let decoder = ExpectationDecoder(reader: reader, file: file, sent: sent, scope: scope)
        var expectation = MembershipExpectation()
        expectation.members = (read(MembershipExpectationFields.members, in: fields) ?? []).compactMap {
            decoder.member($0)
        }
        expectation.idle = decoder.matcher(MembershipExpectationFields.idle, in: fields)
        expectation.moved = decoder.matcher(MembershipExpectationFields.moved, in: fields)
        expectation.revoked = decoder.matcher(MembershipExpectationFields.revoked, in: fields)
        expectation.generation = decoder.matcher(MembershipExpectationFields.generation, in: fields)
        expectation.rebalances = decoder.matcher(MembershipExpectationFields.rebalances, in: fields)
        expectation.state = decoder.matcher(MembershipExpectationFields.state, in: fields)
        expectation.duration = decoder.matcher(MembershipExpectationFields.duration, in: fields)
        expectation.error = decoder.matcher(MembershipExpectationFields.error, in: fields)
        return expectation
    }
}

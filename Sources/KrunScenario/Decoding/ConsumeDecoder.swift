import KrunDiagnostics
import KrunJSON
import KrunNames

/// Reads `{ "consume": … }`.
struct ConsumeDecoder: FieldDecoder {
    let reader: ValueReader
    let file: Declarations
    let clients: ClientDecoder
    let sent: SentHistory
    let live: MemberHistory

    func step(_ fields: Fields) -> ConsumeStep? {
        let before = reporter.faults
        let topics = consumedTopics(in: fields)
        let group = groupName(in: fields)
        let hasGroup = fields.has(ConsumeFields.group)
        let names = memberNames(in: fields, of: group)
        let members = names.map { Int64($0.count) }
        let isStatic = read(ConsumeFields.isStatic, in: fields) ?? false
        let stays = read(ConsumeFields.stays, in: fields) ?? false
        let isolation = self.isolation(in: fields, of: group)
        if let group, stays, let names {
            live.names[group] = names
            live.isolations[group] = isolation
        }
        let from = fields[ConsumeFields.from].flatMap {
            StartDecoder(
                reader: reader, file: file, what: ConsumeFields.from.name, form: ConsumeFields.from.form,
                topics: topics ?? [], others: hasGroup ? .committed : .earliest, hasGroup: hasGroup
            ).points($0)
        }
        let records = RecordMatcherDecoder(reader: reader, topics: topics ?? [])
        let until = fields[ConsumeFields.until].flatMap { self.until($0, records) }
        let captures = (read(ConsumeFields.capture, in: fields) ?? []).compactMap { records.capture($0) }
        let commit = fields[ConsumeFields.commit].flatMap { self.commit($0) }
        let settle = read(ConsumeFields.settle, in: fields)
        let assignor = read(ConsumeFields.assignor, in: fields)
        if !hasGroup { checkWithoutGroup(fields, members: members, from: from) }
        if let members, let node = fields[ConsumeFields.members] { checkMembers(Int(members), at: node) }
        let client = fields[ConsumeFields.client].map { clients.client($0, for: .consumer) } ?? []
        clients.checkOrder(
            ClientPropertyOrder.consumer(
                session: sessionTimeout, fetch: clients.fetchDefault(file: file.defaults.client, own: client)),
            file: file.defaults.client, own: client)
        var scope = ExpectationScope(
            verb: .consume, topics: topics ?? [], hasGroup: hasGroup, members: members.map(Int.init), hasOffsets: true,
            messages: nil, partitioner: nil)
        scope.from = from
        if let names, names != MembershipStep.names(names.count) { scope.memberNames = names }
        let expect =
            read(ConsumeFields.expect, in: fields).map {
                [scope] in ExpectationDecoder(reader: reader, file: file, sent: sent, scope: scope).expectation($0)
            } ?? Expectation.none
        let rate = read(ConsumeFields.rate, in: fields)
        guard reporter.faults == before, let topics, let names else { return nil }
        return ConsumeStep(
            topics: topics, group: group, memberNames: names, isStatic: isStatic, stays: stays,
            from: from ?? StartPoints(hasGroup ? .committed : .earliest),
            until: until ?? .end, settle: settle, isolation: isolation ?? .readUncommitted,
            commit: commit ?? (hasGroup ? .end : .none),
            rate: rate.map { Int($0) },
            assignor: assignor, captures: captures,
            client: ClientPropertyTable.merged(file.defaults.client, client, for: .consumer),
            expect: expect.placed(as: topics, in: file))
    }

    /// Those that read: members that an earlier step left in the group, or as the step says; nil, reported, when that is wrong.
    private func memberNames(in fields: Fields, of group: String?) -> [String]? {
        let node = fields[ConsumeFields.members]
        if let group, let names = live.names[group], !names.isEmpty {
            if let node {
                report(
                    "the group has members of an earlier step", because: .combination, at: node.keyPlace,
                    label: "\(listed(names)) read: leave \"members\" out")
            }
            return names
        }
        guard let node else { return MembershipStep.names(1) }
        return MembershipDecoder(reader: reader, file: file, clients: clients, sent: sent, live: live)
            .memberNames(node, ConsumeFields.members.form)
    }

    /// The step's own, or that of the members that read for it.
    private func isolation(in fields: Fields, of group: String?) -> ConsumeStep.Isolation? {
        let own = read(ConsumeFields.isolation, in: fields)
        guard let group, live.names[group]?.isEmpty == false else { return own }
        let members = live.isolations[group]
        if let own, let node = fields[ConsumeFields.isolation] {
            refuseOther(own, than: members, of: group, at: node, "say it where they join")
        }
        return members
    }

    /// Says that the embedded cluster has too many brokers for so many members.
    private func checkMembers(_ members: Int, at node: JSONNode) {
        guard !file.requiresRealBroker,
            let fault = MemberLimit.fault(members: members, brokers: file.embeddedBrokers)
        else {
            return
        }
        report(fault.message, because: .combination, at: node.place, label: fault.label, notes: fault.notes)
    }

    private func consumedTopics(in fields: Fields) -> [String]? {
        guard let node = fields[ConsumeFields.topics], let names = read(ConsumeFields.topics, in: fields) else {
            return nil
        }
        if names.isEmpty {
            report("\"consume\" names no topic", at: node.place, label: "expected at least one")
            return nil
        }
        var topics: [String] = []
        var seen: Set<ExactName> = []
        for (name, node) in names {
            if !seen.insert(ExactName(name)).inserted {
                report(
                    "\"consume\" names topic \(name.quotedForMessage) twice", because: FaultReason(of: node),
                    at: node.place, label: "the second one")
            } else {
                file.checkDeclared(name, at: node, by: reporter)
                if name.utf8.count <= KafkaName.longestSought { topics.append(name) }
            }
        }
        return topics
    }

    private func groupName(in fields: Fields) -> String? {
        guard let node = fields[ConsumeFields.group], let name = read(ConsumeFields.group, in: fields) else {
            return nil
        }
        checkGroupName(name, at: node, existing: file.isExisting(group: name))
        return name
    }

    private func checkWithoutGroup(_ fields: Fields, members: Int64?, from: StartPoints?) {
        func report(_ what: String, _ node: JSONNode) {
            self.report(
                "\(what) needs a group", because: FaultReason(of: node), at: node.place,
                label: "this step reads without one",
                notes: ["add \"group\": \"…\" to the step"])
        }
        if let node = fields[ConsumeFields.members], let members, members > 1 {
            report("\"members\": \(members)", node)
        }
        if let node = fields[ConsumeFields.from], from?.others == .committed { report("\"from\": \"committed\"", node) }
        for field in ConsumeFields.shape.fields where field.needsGroup {
            if let node = fields[field.name] { report("\"\(field.name)\"", node) }
        }
    }

    private func commit(_ node: JSONNode) -> ConsumeStep.Commit? {
        guard let value = resolve(node) else { return nil }
        if let text = value.string {
            if let commit = ConsumeStep.Commit(text) { return commit }
            reader.unknownName(text, of: "\"commit\"", at: node, among: ConsumeStep.Commit.names)
            return nil
        }
        guard value.kind == .object else {
            reader.mismatch(
                "\"commit\"", node, expected: "\"end\", \"each\", \"auto\", \"none\" or { \"every\": N }")
            return nil
        }
        guard let fields = fields(of: node, CommitFields.shape) else { return nil }
        switch (fields[CommitFields.every], fields[CommitFields.auto]) {
        case (_?, nil): return read(CommitFields.every, in: fields).map { .every(Int($0)) }
        case (nil, _?): return read(CommitFields.auto, in: fields).map { .auto($0) }
        case (_?, let auto?):
            report("\"commit\" has \"every\" and \"auto\"", at: auto.keyPlace, label: "only one of them can commit")
        case (nil, nil):
            if fields.suspected.isEmpty {
                report(
                    "\"commit\" says nothing", at: node.place.firstScalar, label: "\"every\" or \"auto\" is missing")
            }
        }
        return nil
    }

    private func until(_ node: JSONNode, _ records: RecordMatcherDecoder) -> ConsumeStep.End? {
        let expected = "\"end\", { \"messages\": N }, { \"idle\": \"2s\" } or { \"matching\": … }"
        guard let value = resolve(node) else { return nil }
        if let text = value.string {
            if text == "end" { return .end }
            report(
                "\(text.quotedForMessage) is not a value of \"until\"", because: FaultReason(of: node), at: node.place,
                label: Spelling.nearest(to: text, among: ["end"]).map { "did you mean \"\($0)\"?" }
                    ?? "expected \(expected)")
            return nil
        }
        guard value.kind == .object else {
            reader.mismatch("\"until\"", node, expected: expected)
            return nil
        }
        guard let fields = fields(of: node, UntilFields.shape) else { return nil }
        let ends = [UntilFields.messages.name, UntilFields.idle.name, UntilFields.matching.name]
        let said = ends.filter { fields[$0] != nil }
        if said.count > 1, let second = fields[said[1]] {
            report(
                "\"until\" has \"\(said[0])\" and \"\(said[1])\"", at: second.keyPlace,
                label: "only one of them can end a step")
            return nil
        }
        if said != [UntilFields.matching.name], let count = fields[UntilFields.count] {
            report("\"count\" belongs to \"matching\"", at: count.keyPlace, label: "how many records must match")
            return nil
        }
        switch said.first {
        case UntilFields.messages.name: return read(UntilFields.messages, in: fields).map { .messages(Int($0)) }
        case UntilFields.idle.name: return read(UntilFields.idle, in: fields).map { .idle($0) }
        case UntilFields.matching.name:
            let count = read(UntilFields.count, in: fields)
            guard let matcher = read(UntilFields.matching, in: fields).flatMap({ records.matcher($0) }), let count
            else { return nil }
            return .matching(matcher, count: Int(count))
        default:
            if fields.suspected.isEmpty {
                report(
                    "\"until\" says nothing", at: node.place.firstScalar,
                    label: "\"messages\", \"idle\" or \"matching\" is missing")
            }
            return nil
        }
    }

    /// Of the embedded broker and of a real one, the lesser where it may be either.
    private var sessionTimeout: Int64 { file.requiresRealBroker ? 45_000 : 30_000 }
}

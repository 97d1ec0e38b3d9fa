import KrunDiagnostics
import KrunJSON
import KrunNames

/// Reader of `{ "consume": … }`.
extension DecodingContext {
    /// More members than a group sensibly has on one machine.
    static let mostMembers: Int64 = 1_000

    func consume(_ fields: Fields, defaults: StepDefaults) -> ConsumeStep? {
        let before = faults
        let topics = fields["consume"].flatMap { consumedTopics($0) }
        let group = fields["group"].flatMap { groupName($0) }
        let hasGroup = fields.has("group")
        let members = fields["members"].map { integer($0, "members", 1...Self.mostMembers) } ?? 1
        let from = fields["from"].flatMap { start($0) }
        let until = fields["until"].flatMap { self.until($0) }
        let commit = fields["commit"].flatMap { self.commit($0) }
        let assignor = fields["assignor"].flatMap { choice($0, "assignor", ConsumeStep.Assignor.self) }
        if !hasGroup { checkWithoutGroup(fields, members: members, from: from) }
        if let members, let node = fields["members"] { checkMembers(Int(members), at: node) }
        let client = fields["client"].map { self.client($0, for: .consumer) } ?? []
        checkOrder(
            ClientPropertyOrder.consumer(
                session: sessionTimeout, fetch: fetchDefault(file: defaults.client, own: client)),
            file: defaults.client, own: client)
        let scope = ExpectationScope(
            verb: .consume, topics: topics ?? [], hasGroup: hasGroup, members: members.map(Int.init), hasOffsets: true,
            messages: nil, partitioner: nil)
        let expect = fields["expect"].flatMap { expectation($0, scope) } ?? Expectation.none
        guard faults == before, let topics, let members else { return nil }
        return ConsumeStep(
            topics: topics, group: group, members: Int(members), from: from ?? (hasGroup ? .committed : .earliest),
            until: until ?? .end, commit: commit ?? (hasGroup ? .end : .none), assignor: assignor,
            client: ClientPropertyTable.merged(defaults.client, client, for: .consumer), expect: expect)
    }

    /// Says that the embedded cluster has too many brokers for so many members.
    private func checkMembers(_ members: Int, at node: JSONNode) {
        guard !requiresRealBroker, let fault = MemberLimit.fault(members: members, brokers: embeddedBrokers) else {
            return
        }
        report(fault.message, at: node.place, label: fault.label, notes: fault.notes)
    }

    private func consumedTopics(_ node: JSONNode) -> [String]? {
        guard let names = strings(node, "consume") else { return nil }
        if names.isEmpty {
            report("\"consume\" names no topic", at: node.place, label: "expected at least one")
            return nil
        }
        var topics: [String] = []
        var seen: Set<ExactName> = []
        for (name, node) in names {
            if !seen.insert(ExactName(name)).inserted {
                report(
                    "\"consume\" names topic \(name.quotedForMessage) twice", at: node.place, label: "the second one")
            } else {
                checkDeclared(name, at: node)
                if name.utf8.count <= KafkaName.longestSought { topics.append(name) }
            }
        }
        return topics
    }

    private func groupName(_ node: JSONNode) -> String? {
        guard let name = string(node, "group") else { return nil }
        checkGroupName(name, at: node, existing: groups[name] == true)
        return name
    }

    private func checkWithoutGroup(_ fields: Fields, members: Int64?, from: ConsumeStep.Start?) {
        func report(_ what: String, _ node: JSONNode) {
            self.report(
                "\(what) needs a group", at: node.place, label: "this step reads without one",
                notes: ["add \"group\": \"…\" to the step"])
        }
        if let node = fields["members"], let members, members > 1 { report("\"members\": \(members)", node) }
        if let node = fields["from"], from == .committed { report("\"from\": \"committed\"", node) }
        if let node = fields["commit"] { report("\"commit\"", node) }
        if let node = fields["assignor"] { report("\"assignor\"", node) }
    }

    private func start(_ node: JSONNode) -> ConsumeStep.Start? {
        guard let value = resolve(node) else { return nil }
        switch value.string {
        case "committed": return .committed
        case "earliest": return .earliest
        case "latest": return .latest
        case let text?:
            let isOffset = text.first == "-" && Int64(text) != nil
            if !isOffset, Timestamp.milliseconds(text) == nil {
                unknownName(text, of: "\"from\"", at: node.place, among: ["committed", "earliest", "latest"])
                return nil
            }
            fallthrough
        case nil where value.kind == .integer || value.kind == .object:
            report(
                "starting at a time or at offsets is not in this version's language", at: node.place,
                label: "expected \"committed\", \"earliest\" or \"latest\"")
        default: mismatch("\"from\"", node, expected: "\"committed\", \"earliest\" or \"latest\"")
        }
        return nil
    }

    private func commit(_ node: JSONNode) -> ConsumeStep.Commit? {
        if let text = resolve(node)?.string, Vocabulary.laterCommits.contains(text) {
            report(
                "\"commit\": \"\(text)\" is not in this version's language", at: node.place,
                label: "expected \"end\" or \"none\"")
            return nil
        }
        return choice(node, "commit", ConsumeStep.Commit.self)
    }

    private func until(_ node: JSONNode) -> ConsumeStep.End? {
        guard let value = resolve(node) else { return nil }
        if let text = value.string {
            if text == "end" { return .end }
            report(
                "\(text.quotedForMessage) is not a value of \"until\"", at: node.place,
                label: Spelling.nearest(to: text, among: ["end"]).map { "did you mean \"\($0)\"?" }
                    ?? "expected \"end\", { \"messages\": N } or { \"idle\": \"2s\" }")
            return nil
        }
        guard value.kind == .object else {
            mismatch("\"until\"", node, expected: "\"end\", { \"messages\": N } or { \"idle\": \"2s\" }")
            return nil
        }
        guard let fields = fields(of: node, Vocabulary.until) else { return nil }
        switch (fields["messages"], fields["idle"]) {
        case (let messages?, nil):
            return integer(messages, "messages", 0...Self.mostMessages).map { .messages(Int($0)) }
        case (nil, let idle?):
            return duration(idle, "idle", .milliseconds(1)...(.seconds(86_400))).map { .idle($0) }
        case (_?, let idle?):
            report(
                "\"until\" has \"messages\" and \"idle\"", at: idle.keyPlace, label: "only one of them can end a step")
        case (nil, nil):
            if fields.suspected.isEmpty {
                report(
                    "\"until\" says nothing", at: node.place.firstScalar,
                    label: "\"messages\" or \"idle\" is missing")
            }
        }
        return nil
    }

    /// Of the embedded broker and of a real one, the lesser where it may be either.
    private var sessionTimeout: Int64 { requiresRealBroker ? 45_000 : 30_000 }
}

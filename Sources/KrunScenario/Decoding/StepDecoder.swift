import KrunDiagnostics
import KrunJSON
import KrunOutcome

/// Reads `steps`, one after the other: what is sent by one may be expected by the next.
struct StepDecoder: FieldDecoder {
    let reader: ValueReader
    let file: Declarations
    let clients: ClientDecoder
    let sent: SentHistory
    let live: MemberHistory
    let producers: ProducerHistory

    func steps(in fields: Fields) -> [Step] {
        guard let node = fields[ScenarioFields.steps], let elements = read(ScenarioFields.steps, in: fields) else {
            return []
        }
        if elements.isEmpty {
            report("\"steps\" is empty", at: node.place, label: "a scenario needs at least one step")
        }
        return steps(elements) { StepPath($0) }
    }

    /// Reads a list of steps, each with the path that its number gives it.
    func steps(_ elements: [JSONNode], path: (_ number: Int) -> StepPath) -> [Step] {
        elements.enumerated().compactMap { index, element in
            let known = sent.count
            let step = step(element, path: path(index + 1))
            // What reads sends nothing, whatever else is wrong with it.
            if step == nil, element[Verb.consume.rawValue] == nil, sent.count == known { sent.isComplete = false }
            return step
        }
    }

    private func step(_ node: JSONNode, path: StepPath) -> Step? {
        guard !refuseTooMany(at: node, path: path), let value = resolve(node) else { return nil }
        guard value.kind == .object else {
            reader.mismatch("a step", node, expected: "an object")
            return nil
        }
        let members = value.members
        guard let verb = verb(of: node, members) else { return nil }
        let shape = verb.shape
        let laterVerb = members.first { Verb.later.contains($0.name) && !shape.has($0.name) }
        var reported: Set<String> = []
        if let laterVerb, shape.elsewhere[laterVerb.name] == nil {
            reportLaterVerb(laterVerb)
            reported.insert(laterVerb.name)
        }
        let before = reporter.faults
        guard let fields = fields(of: node, shape, ignoring: reported) else { return nil }
        var own: Set<Invariant> = []
        let action: Step.Action?
        switch verb {
        case .produce:
            own = allowed(ProduceFields.allow, in: fields)
            action = ProduceDecoder(
                reader: reader, file: file, clients: clients, sent: sent, live: live, producers: producers
            ).step(fields).map { .produce($0) }
        case .consume:
            own = allowed(ConsumeFields.allow, in: fields)
            action = ConsumeDecoder(reader: reader, file: file, clients: clients, sent: sent, live: live)
                .step(fields).map { .consume($0) }
        case .group:
            own = allowed(MembershipFields.allow, in: fields)
            action = MembershipDecoder(reader: reader, file: file, clients: clients, sent: sent, live: live)
                .step(fields).map { .group($0) }
        case .transaction:
            own = allowed(TransactionFields.allow, in: fields)
            action = TransactionDecoder(reader: reader, file: file, sent: sent, producers: producers)
                .step(fields).map { .transaction($0) }
        case .pause: action = read(PauseFields.duration, in: fields).map { .pause($0) }
        case .together: action = together(fields, path: path)
        case .repeat: action = rounds(fields, path: path)
        }
        guard let action, reporter.faults == before else { return nil }
        return Step(
            path: path, action: action, note: fields["note"]?.string, allow: file.defaults.allow.union(own), node: node)
    }

    /// Of the verbs that are among the names the one whose fields admit all the rest; nil, reported, where there is none or several.
    private func verb(of node: JSONNode, _ members: [JSONMember]) -> Verb? {
        let named = members.compactMap { member in Verb(rawValue: member.name).map { (verb: $0, member: member) } }
        guard named.count > 1 else {
            if named.isEmpty { reportMissingVerb(node, members) }
            return named.first?.verb
        }
        let admitting = named.filter { named in
            members.allSatisfy { $0.name == "note" || named.verb.shape.has($0.name) }
        }
        if admitting.count == 1 { return admitting[0].verb }
        // A field of another verb, without what it needs as a verb itself: something else is wrong with the step.
        let meant = named.filter { one in
            !named.contains { $0.verb != one.verb && $0.verb.shape.has(one.member.name) }
                || one.verb.shape.fields.allSatisfy { field in
                    !field.isRequired || members.contains { $0.name == field.name }
                }
        }
        if admitting.isEmpty, meant.count == 1 { return meant[0].verb }
        let several = admitting.isEmpty ? named : admitting
        report(
            "a step has two verbs, \"\(several[0].verb)\" and \"\(several[1].verb)\"", at: several[1].member.place,
            label: "make it a step of its own")
        return nil
    }

    private func reportMissingVerb(_ node: JSONNode, _ members: [JSONMember]) {
        if let later = members.first(where: { Verb.later.contains($0.name) }) {
            return reportLaterVerb(later)
        }
        for member in members {
            guard let verb = reporter.nearest(to: member.name, among: Verb.allCases.map(\.rawValue)) else { continue }
            return report(
                "unknown verb \(member.name.quotedForMessage)", at: member.place, label: "did you mean \"\(verb)\"?")
        }
        report(
            "a step has no verb", at: node.place.firstScalar, label: "one of \(Verb.sentence) is missing",
            notes: ["such as { \"produce\": \"orders\", … }"])
    }

    private func reportLaterVerb(_ member: JSONMember) {
        report(
            "the verb \"\(member.name)\" is not in this version's language", at: member.place,
            label: "there are \(Verb.sentence)")
    }
}

import KrunDiagnostics
import KrunJSON
import KrunOutcome

/// Reads `steps`, one after the other: what is sent by one may be expected by the next.
struct StepDecoder: FieldDecoder {
    let reader: ValueReader
    let topics: TopicHistory
    let clients: ClientDecoder
    let sent: SentHistory
    let live: MemberHistory
    let producers: ProducerHistory

    /// As it is where the next step stands.
    var file: Declarations { topics.file }

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
        // Whatever else is wrong with the step, so that those that use it are not wrong as well.
        defer { if verb == .consume { capture(value, at: path) } }
        let shape = verb.shape
        let before = reporter.faults
        let lateUses = reader.templates.lateUses
        guard let fields = fields(of: node, shape) else { return nil }
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
        case .offsets:
            action = OffsetsDecoder(reader: reader, file: file, sent: sent).step(fields).map { .offsets($0) }
        case .topic:
            action = TopicStepDecoder(reader: reader, topics: topics, sent: sent, path: path).step(fields).map {
                .topic($0)
            }
        case .fault:
            action = FaultDecoder(reader: reader, file: file, sent: sent).step(fields).map { .fault($0) }
        case .pause: action = read(PauseFields.duration, in: fields).map { .pause($0) }
        case .together: action = together(fields, path: path)
        case .repeat: action = rounds(fields, path: path)
        }
        guard let action, reporter.faults == before else { return nil }
        return Step(
            path: path, action: action, note: fields["note"]?.string, allow: file.defaults.allow.union(own),
            isLate: reader.templates.lateUses > lateUses, node: node)
    }

    private func capture(_ step: JSONNode, at path: StepPath) {
        guard let node = step[ConsumeFields.capture.name], node.kind == .object else { return }
        for member in node.members
        where VariableDecoder.fault(ofVariable: member.name) == nil
            && !reader.templates.namesOfFile.contains(member.name)
        {
            reader.templates.capture(member.name, at: path)
        }
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
        if admitting.isEmpty, let verb = likeliest(of: named.map(\.verb)) { return verb }
        let several = admitting.isEmpty ? named : admitting
        report(
            "a step has two verbs, \"\(several[0].verb)\" and \"\(several[1].verb)\"", at: several[1].member.place,
            label: "make it a step of its own")
        return nil
    }

    /// Of verbs none of which admits all the fields, the only one of which the others are fields, or that knows what to say of them; then it is
    /// one of the fields that is wrong.
    private func likeliest(of verbs: [Verb]) -> Verb? {
        func only(_ knows: (ObjectShape, String) -> Bool) -> Verb? {
            let found = verbs.filter { one in verbs.allSatisfy { $0 == one || knows(one.shape, $0.rawValue) } }
            return found.count == 1 ? found[0] : nil
        }
        return only { $0.has($1) } ?? only { $0.has($1) || $0.elsewhere[$1] != nil }
    }

    private func reportMissingVerb(_ node: JSONNode, _ members: [JSONMember]) {
        for member in members {
            guard let verb = reporter.nearest(to: member.name, among: Verb.allCases.map(\.rawValue)) else { continue }
            return report(
                "unknown verb \(member.name.quotedForMessage)", at: member.place, label: "did you mean \"\(verb)\"?")
        }
        report(
            "a step has no verb", at: node.place.firstScalar, label: "one of \(Verb.sentence) is missing",
            notes: ["such as { \"produce\": \"orders\", … }"])
    }
}

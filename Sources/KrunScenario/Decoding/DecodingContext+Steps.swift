import KrunDiagnostics
import KrunJSON
import KrunOutcome

/// Reader of `steps`.
extension DecodingContext {
    func steps(_ node: JSONNode, defaults: StepDefaults) -> [Step] {
        guard let elements = list(node, "steps") else { return [] }
        if elements.isEmpty {
            report("\"steps\" is empty", at: node.place, label: "a scenario needs at least one step")
        }
        return elements.enumerated().compactMap { index, element in
            let known = produced.count
            let step = step(element, path: StepPath(index + 1), defaults: defaults)
            // What reads sends nothing, whatever else is wrong with it.
            if step == nil, element["consume"] == nil, produced.count == known { knowsWhatIsProduced = false }
            return step
        }
    }

    private func step(_ node: JSONNode, path: StepPath, defaults: StepDefaults) -> Step? {
        guard let value = resolve(node) else { return nil }
        guard value.kind == .object else {
            mismatch("a step", node, expected: "an object")
            return nil
        }
        let members = value.members
        let verbs = members.filter { Vocabulary.verbs.contains($0.name) }
        guard let verb = verbs.first else {
            reportMissingVerb(node, members)
            return nil
        }
        if verbs.count > 1 {
            report(
                "a step has two verbs, \"\(verb.name)\" and \"\(verbs[1].name)\"", at: verbs[1].place,
                label: "make it a step of its own")
            return nil
        }
        let shape = verb.name == "produce" ? Vocabulary.produce : Vocabulary.consume
        let laterVerb = members.first { Vocabulary.laterVerbs.contains($0.name) && !shape.fields.contains($0.name) }
        var reported: Set<String> = []
        if let laterVerb, shape.elsewhere[laterVerb.name] == nil {
            reportLaterVerb(laterVerb)
            reported.insert(laterVerb.name)
        }
        let before = faults
        guard let fields = fields(of: node, shape, ignoring: reported) else { return nil }
        let own = fields["allow"].map { allow($0) } ?? []
        let action: Step.Action? =
            verb.name == "produce"
            ? produce(fields, defaults: defaults).map { .produce($0) }
            : consume(fields, defaults: defaults).map { .consume($0) }
        guard let action, faults == before else { return nil }
        return Step(
            path: path, action: action, note: fields["note"]?.string, allow: defaults.allow.union(own), node: node)
    }

    private func reportMissingVerb(_ node: JSONNode, _ members: [JSONMember]) {
        if let later = members.first(where: { Vocabulary.laterVerbs.contains($0.name) }) {
            return reportLaterVerb(later)
        }
        for member in members {
            guard let verb = nearest(to: member.name, among: Vocabulary.verbs) else { continue }
            return report(
                "unknown verb \(member.name.quotedForMessage)", at: member.place, label: "did you mean \"\(verb)\"?")
        }
        report(
            "a step has no verb", at: node.place.firstScalar, label: "\"produce\" or \"consume\" is missing",
            notes: ["such as { \"produce\": \"orders\", … }"])
    }

    private func reportLaterVerb(_ member: JSONMember) {
        report(
            "the verb \"\(member.name)\" is not in this version's language", at: member.place,
            label: "there are \"produce\" and \"consume\"")
    }
}

import KrunDiagnostics
import KrunJSON

/// Reader of what a value must be: a literal, or an object such as `{ "min": 1 }`.
extension DecodingContext {
    func matcher(_ node: JSONNode, _ what: String, _ kind: MatcherKind) -> Matcher? {
        // A variable's object is data, as in a payload.
        guard node.kind == .object, !isLiteralObject(node, kind) else {
            return operand(node, what, kind).map { Matcher(rule: .equals($0), node: node) }
        }
        guard let fields = fields(of: node, Vocabulary.matcher) else { return nil }
        return rule(fields, what, kind).map { Matcher(rule: $0, node: node) }
    }

    /// Whether an object is a record's own JSON rather than a matcher: it has no matcher's field, nor one that is nearly so.
    private func isLiteralObject(_ node: JSONNode, _ kind: MatcherKind) -> Bool {
        guard case .payload = kind, node.count > 0 else { return false }
        let names = Vocabulary.matcher.fields + Vocabulary.matcher.later
        // Short names are near to too many others.
        let long = names.filter { $0.count > 4 }
        return node.members.allSatisfy { member in
            !names.contains(member.name)
                && (node.count > 1 || Spelling.nearest(to: member.name, among: long, effort: &work.spelling) == nil)
        }
    }

    private func rule(_ fields: Fields, _ what: String, _ kind: MatcherKind) -> Matcher.Rule? {
        let used = Vocabulary.matcher.fields.filter { fields.has($0) }
        let names = Set(used.map { $0 == "max" ? "min" : $0 })
        guard names.count == 1, let name = used.first else {
            if let second = used.first(where: { $0 != used[0] && !($0 == "max" && used[0] == "min") }) {
                report(
                    "a matcher has \"\(used[0])\" and \"\(second)\"", at: fields[second]?.keyPlace,
                    label: "only \"min\" and \"max\" go together")
            } else if fields.members.allSatisfy({ $0.name == "note" }) {
                report(
                    "a matcher says nothing", at: fields.node.place.firstScalar,
                    label: "expected one of \(Vocabulary.matcher.fields.joined(separator: ", "))")
            }
            return nil
        }
        guard let node = fields[name] else { return nil }
        switch name {
        case "equals": return equals(node, what, kind).map { .equals($0) }
        case "oneOf":
            guard let elements = list(node, "oneOf") else { return nil }
            if elements.isEmpty {
                report("\"oneOf\" is empty", at: node.place, label: "nothing can be one of these")
                return nil
            }
            let operands = elements.map { operand($0, what, kind) }
            return operands.contains { $0 == nil } ? nil : .oneOf(operands.compactMap { $0 })
        case "matches": return matches(node, what, kind)
        default: return range(fields, what, kind)
        }
    }

    /// A literal's value, with variables put in and, in lists, templates.
    private func operand(_ node: JSONNode, _ what: String, _ kind: MatcherKind) -> Matcher.Operand? {
        guard case .payload = kind, node.kind == .array || node.kind == .object else {
            guard let value = resolve(node) else { return nil }
            return operand(value, writtenAs: node, what, kind)
        }
        // As the same forms say what is sent.
        if node.count == 1, let member = node.members.first, ["base64", "hex"].contains(member.name) {
            guard case .constant(let bytes)? = form(member) else { return nil }
            return .bytes(bytes, node)
        }
        guard let payload = jsonPayload(node, index: .none) else { return nil }
        guard case .constant(let bytes) = payload, bytes != node.compactText else { return .json(node) }
        return .json((try? JSONDocument.parse(bytes, file: file))?.root ?? node)
    }

    /// The content of `equals` is not touched, but a variable may stand for a number.
    private func equals(_ node: JSONNode, _ what: String, _ kind: MatcherKind) -> Matcher.Operand? {
        if case .payload = kind { return .json(node) }
        return operand(node, what, kind)
    }

    private func operand(
        _ value: JSONNode, writtenAs node: JSONNode, _ what: String, _ kind: MatcherKind
    ) -> Matcher.Operand? {
        switch kind {
        case .payload: return .json(value)
        case .duration:
            return duration(node, what, .zero...(.seconds(1_000_000_000))).map { .duration($0, value) }
        case .offset where value.isNull: return .json(value)
        case .count, .offset, .partition:
            guard let number = value.integer else {
                mismatch("\"\(what)\"", node, expected: value.kind == .real ? "a whole number" : kind.expected)
                return nil
            }
            guard number >= 0 else {
                report(
                    "\"\(what)\" can never be \(number)", at: node.place, label: "expected 0 or more, found \(number)")
                return nil
            }
            if case .partition(let topic, let partitions?) = kind, number >= partitions {
                report(noSuchPartition(number, of: topic, partitions: partitions, at: node.place))
                return nil
            }
            return .json(value)
        }
    }

    private func matches(_ node: JSONNode, _ what: String, _ kind: MatcherKind) -> Matcher.Rule? {
        guard case .payload = kind else {
            report(
                "\"\(what)\" cannot match a regular expression", at: node.keyPlace, label: "it is no text",
                notes: ["a number is judged with a literal, \"min\", \"max\", \"equals\" or \"oneOf\""])
            return nil
        }
        guard let text = string(node, "matches") else { return nil }
        // Once is enough.
        if work.patterns < 0 { return nil }
        do throws(PatternFault) {
            let pattern = try Pattern(text)
            work.patterns -= pattern.size
            if work.patterns >= 0 { return .matches(pattern) }
            report(
                "the regular expressions of this file are too large", at: node.place,
                label: "with their repetitions written out they have more than \(WorkBudget.mostPatterns) parts")
        } catch {
            let isWritten = !text.isEmpty && node.string.map { $0.utf8.elementsEqual(text.utf8) } ?? false
            report(
                "\"matches\" is not a regular expression that krun understands",
                at: isWritten ? node.place(ofScalarsAt: error.offset, length: error.length) : node.place,
                label: error.label, notes: error.notes)
        }
        return nil
    }

    private func range(_ fields: Fields, _ what: String, _ kind: MatcherKind) -> Matcher.Rule? {
        let least = fields["min"].map { bound($0, "min", kind) }
        let greatest = fields["max"].map { bound($0, "max", kind) }
        if case .some(.none) = least { return nil }
        if case .some(.none) = greatest { return nil }
        let range = (min: least ?? nil, max: greatest ?? nil)
        if let least = range.min, let greatest = range.max, let node = fields["max"], least.isAbove(greatest) {
            report("\"min\" is above \"max\"", at: node.place, label: "nothing is between them")
            return nil
        }
        return .range(min: range.min, max: range.max)
    }

    private func bound(_ node: JSONNode, _ what: String, _ kind: MatcherKind) -> Matcher.Operand? {
        switch kind {
        case .payload:
            guard let value = resolve(node) else { return nil }
            if value.number != nil { return .json(value) }
            mismatch("\"\(what)\"", node, expected: "a number")
            return nil
        case .count, .offset, .partition:
            // A bound beyond the topic's partitions is a bound all the same.
            guard resolve(node)?.isNull != true else {
                mismatch("\"\(what)\"", node, expected: "a whole number")
                return nil
            }
            return operand(node, what, .count)
        case .duration: return operand(node, what, kind)
        }
    }
}

extension Matcher.Operand {
    /// Whether this is the larger one; false where they cannot be compared.
    fileprivate func isAbove(_ other: Matcher.Operand) -> Bool {
        switch (self, other) {
        case (.duration(let a, _), .duration(let b, _)): return a > b
        case (.json(let a), .json(let b)):
            if let a = a.integer, let b = b.integer { return a > b }
            guard let a = a.number, let b = b.number else { return false }
            return a > b
        default: return false
        }
    }
}

extension Matcher {
    /// Whether only one value will do.
    var isExact: Bool {
        if case .equals = rule { return true }
        return false
    }
}

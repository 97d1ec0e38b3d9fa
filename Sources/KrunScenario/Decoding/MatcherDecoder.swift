import KrunDiagnostics
import KrunJSON
import KrunPatterns

/// Reads what a value must be: a literal, or an object such as `{ "min": 1 }`.
struct MatcherDecoder: FieldDecoder {
    let reader: ValueReader
    /// The field's name.
    let what: String
    let kind: MatcherKind
    /// Of which partitions are meant.
    let topic: TopicDeclaration?
    /// Why an object that is no matcher is wrong.
    let reason: FaultReason

    func matcher(_ node: JSONNode) -> Matcher? {
        // A variable's object is data, as in a payload.
        guard node.kind == .object, !isLiteralObject(node) else {
            return operand(node).map { Matcher(rule: .equals($0), node: node) }
        }
        let shape = MatcherFields.all.shape
        // Of a record's own JSON only the spelling tells that it was meant to be a matcher.
        let isNearly =
            kind == .payload && node.count > 0 && !node.members.contains { shape.has($0.name) }
        guard let fields = fields(of: node, shape, because: isNearly ? .spelling : reason) else { return nil }
        return rule(fields).map { Matcher(rule: $0, node: node) }
    }

    /// Whether an object is a record's own JSON rather than a matcher: it has no matcher's field, nor one that is nearly so.
    private func isLiteralObject(_ node: JSONNode) -> Bool {
        guard kind == .payload, node.count > 0 else { return false }
        let names = MatcherFields.names
        return node.members.allSatisfy { member in
            !names.contains(member.name)
                && (node.count > 1
                    || Spelling.nearest(
                        to: member.name, among: MatcherFields.longNames, effort: &reporter.work.spelling) == nil)
        }
    }

    private func rule(_ fields: Fields) -> Matcher.Rule? {
        let known = MatcherFields.all
        let used = known.shape.names.filter { fields[$0] != nil }
        let names = Set(used.map { $0 == "max" ? "min" : $0 })
        guard names.count == 1, let name = used.first else {
            if let second = used.first(where: { $0 != used[0] && !($0 == "max" && used[0] == "min") }) {
                report(
                    "a matcher has \"\(used[0])\" and \"\(second)\"", at: fields[second]?.keyPlace,
                    label: "only \"min\" and \"max\" go together")
            } else if fields.members.allSatisfy({ $0.name == "note" }) {
                report(
                    "a matcher says nothing", because: reason, at: fields.node.place.firstScalar,
                    label: "expected one of \(MatcherFields(kind).shape.names.joined(separator: ", "))")
            }
            return nil
        }
        guard let node = fields[name] else { return nil }
        switch name {
        case known.equals.name: return equals(node).map { .equals($0) }
        case known.oneOf.name:
            guard let elements = read(known.oneOf, in: fields) else { return nil }
            if elements.count < known.oneOf.form.minimumCount {
                report("\"oneOf\" is empty", at: node.place, label: "nothing can be one of these")
                return nil
            }
            let operands = elements.map { operand($0) }
            return operands.contains { $0 == nil } ? nil : .oneOf(operands.compactMap { $0 })
        case known.matches.name: return matches(node, in: fields)
        case known.minimum.name, known.maximum.name: return range(fields)
        case known.not.name:
            return nested(kind).matcher(node).map { .not($0) }
        case known.exists.name where kind == .payload || kind == .offset:
            return read(known.exists, in: fields).map { .exists($0) }
        default: return kind == .payload ? recordRule(name, node, fields) : refuse(name, node)
        }
    }

    /// What may be said of records and texts only.
    private func recordRule(_ name: String, _ node: JSONNode, _ fields: Fields) -> Matcher.Rule? {
        let known = MatcherFields.all
        switch name {
        case known.contains.name: return operand(node).map { .contains($0) }
        case known.size.name: return nested(.count).matcher(node).map { .size($0) }
        case known.anyOrder.name:
            guard let elements = read(known.anyOrder, in: fields) else { return nil }
            let operands = elements.map { operand($0) }
            return operands.contains { $0 == nil } ? nil : .anyOrder(operands.compactMap { $0 })
        case known.json.name: return .json(node)
        default: return paths(fields)
        }
    }

    private func refuse(_ name: String, _ node: JSONNode) -> Matcher.Rule? {
        report(
            "\"\(what)\" cannot have \"\(name)\"", at: node.keyPlace, label: "it is no record's value",
            notes: ["a number is judged with a literal, \"min\", \"max\", \"equals\", \"oneOf\" or \"not\""])
        return nil
    }

    private func nested(_ kind: MatcherKind) -> MatcherDecoder {
        MatcherDecoder(reader: reader, what: what, kind: kind, topic: kind == self.kind ? topic : nil, reason: reason)
    }

    private func paths(_ fields: Fields) -> Matcher.Rule? {
        guard let node = fields[MatcherFields.all.path], let members = read(MatcherFields.all.path, in: fields) else {
            return nil
        }
        if members.isEmpty {
            report("\"path\" is empty", at: node.place, label: "expected a JSONPath and what must stand there")
            return nil
        }
        let matchers = members.map { member -> PathMatcher? in
            let path = reader.jsonPath(member.name, at: member.value, isName: true)
            let matcher = nested(.payload).matcher(member.value)
            guard let path, let matcher else { return nil }
            return PathMatcher(path: path, matcher: matcher)
        }
        return matchers.contains { $0 == nil } ? nil : .path(matchers.compactMap { $0 })
    }

    /// A literal's value, with variables put in and, in lists, templates.
    private func operand(_ node: JSONNode) -> Matcher.Operand? {
        guard kind == .payload, node.kind == .array || node.kind == .object else {
            guard let value = resolve(node) else { return nil }
            return operand(value, of: kind, writtenAs: node, what)
        }
        // As the same forms say what is sent.
        if node.count == 1, let member = node.members.first,
            [PayloadFields.base64.name, PayloadFields.hex.name].contains(member.name)
        {
            guard case .constant(let bytes)? = PayloadDecoder(reader: reader, index: .none).form(member) else {
                return nil
            }
            return .bytes(bytes, node)
        }
        guard let payload = PayloadDecoder(reader: reader, index: .none).json(node) else { return nil }
        guard case .constant(let bytes) = payload, bytes != node.compactText else { return .json(node) }
        return .json((try? JSONDocument.parse(bytes, file: reporter.file))?.root ?? node)
    }

    /// The content of `equals` is not touched, but a variable may stand for a number.
    private func equals(_ node: JSONNode) -> Matcher.Operand? { kind == .payload ? .json(node) : operand(node) }

    private func operand(
        _ value: JSONNode, of kind: MatcherKind, writtenAs node: JSONNode, _ what: String
    ) -> Matcher.Operand? {
        switch kind {
        case .payload: return .json(value)
        case .duration:
            return MatcherKind.durations.read(node, named: what, by: reader).map { .duration($0, value) }
        case .offset where value.isNull: return .json(value)
        case .count, .offset, .partition:
            // What is not known yet is judged once it is.
            if reader.templates.isLate(node) { return .json(node) }
            guard let number = value.integer else {
                if reader.isTooLarge(node) { return nil }
                reader.mismatch("\"\(what)\"", node, expected: value.kind == .real ? "a whole number" : kind.expected)
                return nil
            }
            guard MatcherKind.numbers.contains(number) else {
                report(
                    "\"\(what)\" can never be \(number)", because: FaultReason(of: node), at: node.place,
                    label: "expected 0 or more, found \(number)")
                return nil
            }
            if kind == .partition, let topic, let partitions = topic.partitions, number >= partitions {
                reporter.report(
                    .noSuchPartition(number, of: topic.name, partitions: partitions, at: node.place),
                    because: FaultReason(of: node) == .template ? .template : .declaration)
                return nil
            }
            return .json(value)
        }
    }

    private func matches(_ node: JSONNode, in fields: Fields) -> Matcher.Rule? {
        guard kind == .payload else {
            report(
                "\"\(what)\" cannot match a regular expression", at: node.keyPlace, label: "it is no text",
                notes: ["a number is judged with a literal, \"min\", \"max\", \"equals\", \"oneOf\" or \"not\""])
            return nil
        }
        guard let text = read(MatcherFields.all.matches, in: fields) else { return nil }
        // Once is enough.
        if reporter.work.patterns < 0 { return nil }
        do throws(PatternFault) {
            let pattern = try Pattern(text)
            reporter.work.patterns -= pattern.size
            if reporter.work.patterns >= 0 { return .matches(pattern) }
            report(
                "the regular expressions of this file are too large", because: .budget, at: node.place,
                label: "with their repetitions written out they have more than \(WorkBudget.maximumPatterns) parts")
        } catch {
            let isWritten = !text.isEmpty && node.string.map { $0.utf8.elementsEqual(text.utf8) } ?? false
            report(
                "\"matches\" is not a regular expression that krun understands",
                because: .pattern,
                at: isWritten ? node.place(ofScalarsAt: error.offset, length: error.length) : node.place,
                label: error.label, notes: error.notes)
        }
        return nil
    }

    private func range(_ fields: Fields) -> Matcher.Rule? {
        let (minimum, maximum) = (MatcherFields.all.minimum, MatcherFields.all.maximum)
        let least = fields[minimum].map { bound($0, minimum.name) }
        let greatest = fields[maximum].map { bound($0, maximum.name) }
        if case .some(.none) = least { return nil }
        if case .some(.none) = greatest { return nil }
        let range = (min: least ?? nil, max: greatest ?? nil)
        if let least = range.min, let greatest = range.max, let node = fields[maximum], least.isAbove(greatest) {
            report(
                "\"min\" is above \"max\"", because: .combination, at: node.place, label: "nothing is between them")
            return nil
        }
        return .range(min: range.min, max: range.max)
    }

    private func bound(_ node: JSONNode, _ what: String) -> Matcher.Operand? {
        guard let value = resolve(node) else { return nil }
        switch kind {
        case .payload:
            if value.exactNumber != nil || reader.templates.isLate(node) { return .json(value) }
            reader.mismatch("\"\(what)\"", node, expected: "a number")
            return nil
        case .count, .offset, .partition:
            // A bound beyond the topic's partitions is a bound all the same.
            guard !value.isNull else {
                reader.mismatch("\"\(what)\"", node, expected: "a whole number")
                return nil
            }
            return operand(value, of: .count, writtenAs: node, what)
        case .duration: return operand(value, of: .duration, writtenAs: node, what)
        }
    }
}

extension Matcher.Operand {
    /// Whether this is the larger one; false where they cannot be compared.
    fileprivate func isAbove(_ other: Matcher.Operand) -> Bool {
        switch (self, other) {
        case (.duration(let a, _), .duration(let b, _)): return a > b
        case (.json(let a), .json(let b)):
            guard let a = a.exactNumber, let b = b.exactNumber else { return false }
            return a > b
        default: return false
        }
    }
}

extension Matcher {
    /// Whether only one value will do.
    var isExact: Bool {
        switch rule {
        case .equals, .json: true
        default: false
        }
    }
}

import KrunDiagnostics
import KrunJSON
import KrunJSONPath

/// Reads record matchers, lists of them, and what is captured from records.
struct RecordMatcherDecoder: FieldDecoder {
    let reader: ValueReader
    /// Those that the step is about; empty when they could not be read.
    let topics: [String]

    func matcher(_ node: JSONNode) -> RecordMatcher? {
        fields(of: node, RecordMatcherFields.shape).flatMap { matcher($0) }
    }

    func matcher(_ fields: Fields) -> RecordMatcher? {
        let before = reporter.faults
        var record = RecordMatcher(node: fields.node)
        record.topic = value(RecordMatcherFields.topic, in: fields)
        record.partition = value(RecordMatcherFields.partition, in: fields)
        record.offset = value(RecordMatcherFields.offset, in: fields)
        record.key = value(RecordMatcherFields.key, in: fields)
        record.value = value(RecordMatcherFields.value, in: fields)
        record.headers = fields[RecordMatcherFields.headers].flatMap { headers($0) }
        record.timestamp = value(RecordMatcherFields.timestamp, in: fields)
        checkTopic(record.topic)
        return reporter.faults == before ? record : nil
    }

    /// `[ … ]`, `{ "contains": [ … ] }` or `{ "inOrder": [ … ] }`
    func records(_ node: JSONNode) -> RecordsExpectation? {
        guard let value = resolve(node) else { return nil }
        if value.kind == .array { return records(value.elements, .exactly, at: node) }
        guard value.kind == .object else {
            reader.mismatch(
                "\"records\"", node,
                expected: "a list of record matchers, { \"contains\": [ … ] } or { \"inOrder\": [ … ] }")
            return nil
        }
        guard let fields = fields(of: node, RecordsFields.shape) else { return nil }
        switch (fields[RecordsFields.contains], fields[RecordsFields.inOrder]) {
        case (let list?, nil):
            return read(RecordsFields.contains, in: fields).flatMap { records($0, .contains, at: list) }
        case (nil, let list?):
            return read(RecordsFields.inOrder, in: fields).flatMap { records($0, .inOrder, at: list) }
        case (_?, let second?):
            report(
                "\"records\" has \"contains\" and \"inOrder\"", at: second.keyPlace, label: "only one of them can hold")
        case (nil, nil):
            if fields.suspected.isEmpty {
                report(
                    "\"records\" says nothing", at: node.place.firstScalar,
                    label: "\"contains\" or \"inOrder\" is missing")
            }
        }
        return nil
    }

    private func records(
        _ elements: [JSONNode], _ rule: RecordsExpectation.Rule, at node: JSONNode
    ) -> RecordsExpectation? {
        if elements.isEmpty, rule != .exactly {
            report("the list is empty", at: node.place, label: "nothing is expected")
            return nil
        }
        guard elements.count <= RecordsFields.limit else {
            report(
                "too many record matchers", because: .budget, at: node.place,
                label: "\(elements.count), of which there may be \(RecordsFields.limit)",
                notes: ["\"messages\" says how many there must be, \"partitions\" where"])
            return nil
        }
        let matchers = elements.map { matcher($0) }
        guard !matchers.contains(where: { $0 == nil }) else { return nil }
        return RecordsExpectation(rule: rule, matchers: matchers.compactMap { $0 }, node: node)
    }

    /// Reads one member of `capture`.
    func capture(_ member: JSONMember) -> Capture? {
        let before = reporter.faults
        if let fault = VariableDecoder.fault(ofVariable: member.name) {
            report("\(member.name.quotedForMessage) is no name for a capture", at: member.place, label: fault)
        } else if reader.templates.namesOfFile.contains(member.name) {
            report(
                "the file has a variable \(member.name.quotedForMessage)", because: .declaration, at: member.place,
                label: "name the capture otherwise")
        }
        guard let fields = fields(of: member.value, CaptureFields.shape) else { return nil }
        let from =
            fields.has(CaptureFields.from)
            ? read(CaptureFields.from, in: fields).flatMap { matcher($0) } : RecordMatcher(node: member.value)
        let path = required(CaptureFields.path, in: fields).flatMap { node in
            read(CaptureFields.path, in: fields).flatMap { reader.jsonPath($0, at: node) }
        }
        guard reporter.faults == before, let from, let path else { return nil }
        return Capture(name: member.name, from: from, path: path, node: member.value)
    }

    private func value(_ field: Field<MatcherForm>, in fields: Fields) -> Matcher? {
        fields[field].flatMap { value($0, field.name, field.form.kind) }
    }

    private func value(_ node: JSONNode, _ what: String, _ kind: MatcherKind) -> Matcher? {
        MatcherDecoder(reader: reader, what: what, kind: kind, topic: nil, reason: .structure).matcher(node)
    }

    private func headers(_ node: JSONNode) -> RecordMatcher.HeadersMatcher? {
        guard let value = resolve(node) else { return nil }
        switch value.kind {
        case .array:
            let headers = value.elements.map { element -> RecordMatcher.Header? in
                guard let fields = fields(of: element, RecordHeaderFields.shape) else { return nil }
                let key = required(RecordHeaderFields.key, in: fields).flatMap { _ in
                    read(RecordHeaderFields.key, in: fields)
                }
                let value = self.value(RecordHeaderFields.value, in: fields)
                guard let key, value != nil || !fields.has(RecordHeaderFields.value) else { return nil }
                return .init(key: key, value: value)
            }
            return headers.contains { $0 == nil } ? nil : .exactly(headers.compactMap { $0 }, node)
        case .object:
            let headers = value.members.map { member in
                self.value(member.value, member.name, .payload).map {
                    RecordMatcher.Header(key: member.name, value: $0)
                }
            }
            return headers.contains { $0 == nil } ? nil : .contains(headers.compactMap { $0 }, node)
        default:
            reader.mismatch("\"headers\"", node, expected: "a list of headers or an object")
            return nil
        }
    }

    /// Says that a step never has records of a topic.
    private func checkTopic(_ matcher: Matcher?) {
        guard let matcher, case .equals(.json(let value)) = matcher.rule, !topics.isEmpty else { return }
        guard let name = value.string, !topics.contains(where: { $0.utf8.elementsEqual(name.utf8) }) else { return }
        report(
            "no record of this step is of topic \(name.quotedForMessage)", because: .declaration,
            at: matcher.node.place,
            label: reporter.nearest(to: name, among: topics).map { "did you mean \"\($0)\"?" }
                ?? "it has \(listed(topics))")
    }
}

extension ValueReader {
    /// A JSONPath; nil, reported with the place in it, when it is wrong.
    ///
    /// - Parameter isName: whether it is the name of the member that the node is the value of.
    func jsonPath(_ text: String, at node: JSONNode, isName: Bool = false) -> JSONPath? {
        // Once is enough.
        if reporter.work.patterns < 0 { return nil }
        do throws(JSONPathFault) {
            let path = try JSONPath(text)
            if let fault = path.neverMatching.first { throw fault }
            reporter.work.patterns -= path.size
            if reporter.work.patterns >= 0 { return path }
            report(
                "the JSON paths of this file are too large", because: .budget, at: isName ? node.keyPlace : node.place,
                label: "with their regular expressions they have more than \(WorkBudget.maximumPatterns) parts")
            return nil
        } catch {
            let scalars = text.unicodeScalars
            // With an `…` that says that it goes on, by which a secret is found that is cut there.
            let start = String(scalars.prefix(error.offset)) + (error.offset < scalars.count ? "…" : "")
            let isWritten = !isName && !text.isEmpty && node.string.map { $0.utf8.elementsEqual(text.utf8) } ?? false
            report(
                "\(text.quotedForMessage) is not a JSONPath", because: .pattern,
                at: isWritten
                    ? node.place(ofScalarsAt: error.offset, length: error.length) : isName ? node.keyPlace : node.place,
                label: isWritten || error.offset == 0
                    ? error.label
                    : "after \(start.quotedForMessage): \(error.label)",
                notes: error.notes)
            return nil
        }
    }
}

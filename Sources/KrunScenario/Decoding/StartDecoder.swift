import KrunDiagnostics
import KrunJSON

/// Reads where to begin: `from` of a consume step, `reset` of an offsets step.
struct StartDecoder: FieldDecoder {
    let reader: ValueReader
    let file: Declarations
    /// The field's name.
    let what: String
    let form: StartForm
    /// Of the step; empty where they could not be read, or it names none.
    let topics: [String]
    /// What is asked for partitions that are not named; nil where those stay as they are.
    let others: StartPoint?
    /// Whether the step has a group, so that something may be committed.
    let hasGroup: Bool

    private var expected: String {
        form.names.map { "\"\($0)\"" }.joined(separator: ", ") + ", a time, -N, or an object"
    }

    func points(_ node: JSONNode) -> StartPoints? {
        guard let value = resolve(node) else { return nil }
        // Where that is is known once it runs.
        if reader.templates.isLate(node) { return StartPoints(.earliest) }
        if value.kind == .object { return object(node, value) }
        if let number = value.integer {
            if number < 0 || number >= StartForm.earliestTime {
                return self.number(number, node).map { StartPoints($0) }
            }
            report(
                "\"\(what)\": \(number) is no time that can be meant", because: FaultReason(of: node), at: node.place,
                label: "as milliseconds since 1970 it is in January of that year",
                notes: [
                    "an offset is said by partition: { \"0\": \(number) }",
                    "the last \(max(1, number)) of each partition: -\(max(1, number))",
                ])
            return nil
        }
        guard value.string != nil else {
            if reader.isTooLarge(node) { return nil }
            reader.mismatch("\"\(what)\"", node, expected: expected)
            return nil
        }
        return text(value, node).map { StartPoints($0) }
    }

    private func number(_ number: Int64, _ node: JSONNode) -> StartPoint? {
        if number >= 0 { return .time(number) }
        guard StartForm.last.contains(number) else {
            report(
                "\"\(what)\" is out of range", because: FaultReason(of: node), at: node.place,
                label: "expected \(StartForm.last.lowerBound) or more, found \(number)")
            return nil
        }
        return .last(-number)
    }

    private func text(_ value: JSONNode, _ node: JSONNode) -> StartPoint? {
        let text = value.string ?? ""
        if form.names.contains(text), let point = StartPoint(text) { return point }
        if let time = Timestamp.milliseconds(text), time >= 0 { return .time(time) }
        if text.hasPrefix("-"), Int64(text) != nil {
            report(
                "\"\(what)\" is a number in quotation marks", because: FaultReason(of: node), at: node.place,
                label: "write \(text) without them")
        } else if Timestamp.isWritten(text) {
            report(
                "\"\(what)\" is no time", because: .calendar, at: node.place,
                label: "no calendar has it, or it is before 1970",
                notes: ["such as \"2026-01-01T00:00:00Z\"; Kafka has no parts of a millisecond"])
        } else {
            reader.unknownName(text, of: "\"\(what)\"", at: node, among: form.names)
        }
        return nil
    }

    // MARK: Objects

    private func object(_ node: JSONNode, _ value: JSONNode) -> StartPoints? {
        let members = value.members
        guard !members.isEmpty else {
            report(
                "\"\(what)\" says nothing", because: FaultReason(of: node), at: node.place.firstScalar,
                label: "expected \(expected)")
            return nil
        }
        if form.hasCommitted, let committed = members.first(where: { $0.name == "committed" }),
            resolve(committed.value)?.kind != .object
        {
            guard let fields = fields(of: node, UncommittedFields.shape, named: what) else { return nil }
            return read(UncommittedFields.committed, in: fields).map {
                StartPoints(.committed, uncommitted: $0 == .latest ? .latest : .earliest)
            }
        }
        var points = StartPoints(others)
        guard !topics.isEmpty else { return unnamed(members) }
        let isOfOneTopic = topics.count == 1 && !members.contains { $0.name == topics[0] }
        if isOfOneTopic {
            points.named[topics[0]] = byPartition(members, of: topics[0])
            return points
        }
        let names = Set(topics)
        for member in members {
            guard names.contains(member.name) else {
                let nearest = reporter.nearest(to: member.name, among: topics)
                report(
                    "this step is not about topic \(member.name.quotedForMessage)", because: .declaration,
                    at: member.place,
                    label: nearest.map { "did you mean \"\($0)\"?" } ?? "it is about \(listed(topics))")
                continue
            }
            guard let inner = reader.map(member.value, member.name) else { continue }
            if inner.isEmpty {
                report(
                    "\"\(what)\" says nothing of \(member.name.quotedForMessage)",
                    because: FaultReason(of: member.value), at: member.value.place, label: "expected partitions")
            }
            points.named[member.name] = byPartition(inner, of: member.name)
        }
        return points
    }

    /// Of a step that names no topic: it has to say which are meant.
    private func unnamed(_ members: [JSONMember]) -> StartPoints? {
        for member in members.prefix(1) {
            report(
                "\"\(what)\" does not say of which topic", because: .combination, at: member.place,
                label: "the step names none", notes: ["add \"topic\": \"…\" to the step"])
        }
        return nil
    }

    private func byPartition(_ members: [JSONMember], of topic: String) -> [Int32: StartPoint] {
        var points: [Int32: StartPoint] = [:]
        for member in members {
            guard let number = Int32(member.name), number >= 0, String(number) == member.name else {
                report(
                    "\(member.name.quotedForMessage) is not a partition", because: .declaration, at: member.place,
                    label: "expected a number such as \"0\"")
                continue
            }
            if let partitions = file.partitions(of: topic), number >= partitions {
                reporter.report(
                    .noSuchPartition(Int64(number), of: topic, partitions: partitions, at: member.place),
                    because: .declaration)
                continue
            }
            if let point = point(member.value) { points[number] = point }
        }
        return points
    }

    /// In one partition a number is an offset.
    private func point(_ node: JSONNode) -> StartPoint? {
        guard let value = resolve(node) else { return nil }
        if reader.templates.isLate(node) { return .offset(0) }
        if let number = value.integer { return number < 0 ? self.number(number, node) : .offset(number) }
        guard value.string != nil else {
            if reader.isTooLarge(node) { return nil }
            // An object there may be what the schema takes for a topic.
            if value.kind == .object {
                report(
                    "\"\(what)\" of a partition is an object", because: .declaration, at: node.place,
                    label: "expected an offset, -N, a time or a name")
            } else {
                reader.mismatch("\"\(what)\" of a partition", node, expected: "an offset, -N, a time or a name")
            }
            return nil
        }
        let point = text(value, node)
        if point == .committed, !hasGroup {
            report(
                "\"committed\" needs a group", because: .combination, at: node.place,
                label: "this step reads without one", notes: ["add \"group\": \"…\" to the step"])
            return nil
        }
        return point
    }
}

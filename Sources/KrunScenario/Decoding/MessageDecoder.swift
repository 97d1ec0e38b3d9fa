import KrunDiagnostics
import KrunJSON

/// Reads the messages of a produce step.
struct MessageDecoder: FieldDecoder {
    let reader: ValueReader
    let topic: String
    /// How many the topic has; nil where that is not known.
    let partitions: Int?

    /// The messages of the list, or the generator on the step itself.
    func messages(_ fields: Fields) -> [MessageTemplate]? {
        guard fields.has(ProduceFields.messages) else {
            guard fields.has(ProduceFields.count) else {
                let generates = MessageFields.shape.names.contains { fields[$0] != nil }
                report(
                    generates ? "a produce step has no \"count\"" : "a produce step has nothing to send",
                    at: fields.node.place.firstScalar,
                    label: generates ? "\"count\" is missing" : "\"messages\" or \"count\" is missing",
                    notes: generates ? ["say how many messages to make, or put them into \"messages\""] : [])
                return nil
            }
            return message(fields).map { [$0] }
        }
        for name in MessageFields.shape.names {
            guard let other = fields[name], fields.isWritten(name), fields.isWritten(ProduceFields.messages.name) else {
                continue
            }
            report(
                "a produce step has \"messages\" and \"\(name)\"", at: other.keyPlace,
                label: "it belongs into a message, or stands without \"messages\"")
        }
        guard let node = fields[ProduceFields.messages] else { return nil }
        // What has a message's fields was meant to be in a list.
        if let value = resolve(node), value.kind == .object,
            value[RecordFileFields.file.name] != nil
                || !value.members.contains(where: { MessageFields.shape.has($0.name) })
        {
            return RecordFileDecoder(reader: reader, topic: topic, partitions: partitions).messages(node)
        }
        return reader.list(node, ProduceFields.messages.name)?.map { element in
            self.fields(of: element, MessageFields.shape).flatMap { message($0) }
        }.reduce(into: [MessageTemplate]?.some([])) { messages, message in
            if let message { messages?.append(message) } else { messages = nil }
        }
    }

    private func message(_ fields: Fields) -> MessageTemplate? {
        let count = read(MessageFields.count, in: fields)
        // Where the count is wrong, templates are read as if there were no messages, so as not to judge their range.
        let index = IndexScope.messages(count: count ?? 0)
        let payloads = PayloadDecoder(reader: reader, index: index)
        let key = fields[MessageFields.key].map { payloads.payload($0) } ?? .null
        let value = fields[MessageFields.value].map { payloads.payload($0) } ?? .null
        let headers = fields[MessageFields.headers].map { payloads.headers($0) } ?? []
        let partition = fields[MessageFields.partition].map { self.partition($0, index: index) }
        let timestamp = fields[MessageFields.timestamp].map { self.timestamp($0, index: index) }
        guard let count, let key, let value, let headers else { return nil }
        if case .some(.none) = partition { return nil }
        if case .some(.none) = timestamp { return nil }
        return MessageTemplate(
            key: key, value: value, headers: headers, partition: partition ?? nil, timestamp: timestamp ?? nil,
            count: Int(count), node: fields.node)
    }

    /// The partition a message names: below `partitions`, where that is known.
    private func partition(_ node: JSONNode, index: IndexScope) -> NumberTemplate? {
        let range = MessageFields.partition.form.range.clamped(to: 0...Int64(partitions.map { $0 - 1 } ?? .max))
        return number(
            node, "partition", expected: "a whole number or a template of one", index: index, within: range
        ) { (place, value, position) in
            guard value >= 0 else {
                return Diagnostic(
                    .invalid, "\"partition\" is out of range", at: place,
                    label: "expected 0 or more, found \(value)\(position)")
            }
            return .noSuchPartition(value, of: topic, partitions: partitions, at: place, position)
        }
    }

    /// Milliseconds since 1970-01-01 UTC, or RFC 3339.
    ///
    /// librdkafka takes 0 for "now", so a message cannot have it.
    private func timestamp(_ node: JSONNode, index: IndexScope) -> NumberTemplate? {
        let expected = "milliseconds since 1970 or an RFC 3339 time"
        if let text = node.string, !TemplateScanner.mayHoldTemplates(text) {
            guard let milliseconds = Timestamp.milliseconds(text) else {
                report(
                    "\"timestamp\" is no time", because: Timestamp.isWritten(text) ? .calendar : .structure,
                    at: node.place,
                    label: "expected \(expected), found a string \(text.quotedForMessage)",
                    notes: ["such as 1767225600000 or \"2026-01-01T00:00:00Z\"; Kafka has no parts of a millisecond"])
                return nil
            }
            return checkedTimestamp(milliseconds, at: node)
        }
        return number(node, "timestamp", expected: expected, index: index, within: MessageFields.timestamp.form.range) {
            (place, value, position) in
            Diagnostic(
                .invalid, "\"timestamp\" is out of range", at: place,
                label: "expected 1 or more, found \(value)\(position)")
        }
    }

    private func checkedTimestamp(_ milliseconds: Int64, at node: JSONNode) -> NumberTemplate? {
        // A text tells no time beyond the year 9999.
        guard MessageFields.timestamp.form.range.contains(milliseconds) else {
            report(
                "\"timestamp\" is out of range", because: node.kind == .integer ? .structure : .calendar,
                at: node.place, label: "expected a time after 1970-01-01T00:00:00Z")
            return nil
        }
        return .constant(milliseconds)
    }

    /// A whole number, or a string that is one template.
    ///
    /// - Parameters:
    ///   - range: the values that are right.
    ///   - fault: what is wrong with another one; its last argument says for which message.
    private func number(
        _ node: JSONNode, _ what: String, expected: String, index: IndexScope, within range: ClosedRange<Int64>,
        fault: (_ place: Place, _ value: Int64, _ position: String) -> Diagnostic
    ) -> NumberTemplate? {
        if let text = node.string, TemplateScanner.mayHoldTemplates(text) {
            guard let parts = reader.templates.templateParts(of: text, in: node, index: index) else { return nil }
            guard parts.count == 1 else {
                mismatchedNumber(what, node, expected: expected, label: "found text around a template")
                return nil
            }
            switch parts[0] {
            case .expression(let expression):
                if expression.isLate { return .constant(range.lowerBound) }
                return number(expression, node, index, range, fault)
            case .text: break
            case .drawn(let draw, let place):
                return number(draw, place, what, node, expected: expected, within: range, fault)
            case .variable(let variable):
                if variable.isLate { return .constant(range.lowerBound) }
                if let value = variable.value.integer { return constant(value, node, range, fault) }
                if what == "timestamp", let time = variable.value.string.flatMap(Timestamp.milliseconds) {
                    return checkedTimestamp(time, at: node)
                }
                if reader.isTooLarge(node) { return nil }
                mismatchedNumber(
                    what, node, expected: expected,
                    label: "found \(variable.value.described)")
                return nil
            }
        }
        guard let value = node.integer else {
            if reader.isTooLarge(node) { return nil }
            mismatchedNumber(what, node, expected: expected, label: "found \(node.described)")
            return nil
        }
        return constant(value, node, range, fault)
    }

    private func number(
        _ draw: Draw, _ place: UInt64, _ what: String, _ node: JSONNode, expected: String,
        within range: ClosedRange<Int64>, _ fault: (Place, Int64, String) -> Diagnostic
    ) -> NumberTemplate? {
        switch draw {
        case .now where what == "timestamp": break
        case .random(let least, let greatest):
            for bound in [least, greatest] where !range.contains(bound) { return constant(bound, node, range, fault) }
        case .uuid, .now:
            mismatchedNumber(what, node, expected: expected, label: "found a text")
            return nil
        }
        return .drawn(DrawnNumber(draw: draw, place: place))
    }

    private func mismatchedNumber(_ what: String, _ node: JSONNode, expected: String, label: String) {
        report(
            "wrong type for \"\(what)\"", because: FaultReason(of: node), at: node.place,
            label: "expected \(expected), \(label)")
    }

    private func constant(
        _ value: Int64, _ node: JSONNode, _ range: ClosedRange<Int64>, _ fault: (Place, Int64, String) -> Diagnostic
    ) -> NumberTemplate? {
        if range.contains(value) { return .constant(value) }
        reporter.report(
            fault(node.place, value, ""),
            because: FaultReason(of: node) != .structure
                ? .template : MessageFields.partition.form.range.contains(value) ? .declaration : .structure)
        return nil
    }

    private func number(
        _ expression: IntegerExpression, _ node: JSONNode, _ index: IndexScope, _ range: ClosedRange<Int64>,
        _ fault: (Place, Int64, String) -> Diagnostic
    ) -> NumberTemplate? {
        if expression.isConstant, let value = expression.value(index: 0) { return constant(value, node, range, fault) }
        guard case .messages(let count) = index, count > 0,
            case .within(let bounds) = expression.verdict(count: count, trials: &reporter.work.trials),
            !range.contains(bounds.lowerBound) || !range.contains(bounds.upperBound)
        else { return .expression(expression) }
        // The bounds need not be reached, so only a message that is really wrong is an error.
        let tried = expression.triable(count, &reporter.work.trials)
        for index in 0..<tried {
            guard let value = expression.value(index: index), !range.contains(value) else { continue }
            reporter.report(fault(node.place, value, " at index \(index)"), because: .template)
            return nil
        }
        return .expression(expression)
    }
}

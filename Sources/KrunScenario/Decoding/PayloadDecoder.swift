import KrunDiagnostics
import KrunJSON

/// Reads keys, values and headers.
struct PayloadDecoder: FieldDecoder {
    let reader: ValueReader
    /// Whether `{{index}}` means something in them.
    let index: IndexScope
    /// Whether this is one of several payloads.
    var isChoice = false

    /// The bytes of a payload; nil, reported, when it is wrong.
    func payload(_ node: JSONNode) -> PayloadTemplate? {
        switch node.kind {
        case .null: return .null
        case .boolean, .integer, .real: return .constant(node.compactText)
        case .array: return json(node)
        case .object:
            let members = node.members
            if members.count == 1 {
                let name = members[0].name
                if PayloadFields.names.contains(name) { return form(members[0]) }
            }
            return json(node)
        case .string: return textPayload(node)
        }
    }

    private func textPayload(_ node: JSONNode) -> PayloadTemplate? {
        let text = node.string ?? ""
        guard TemplateScanner.mayHoldTemplates(text) else { return .constant(Array(text.utf8)) }
        guard let parts = reader.templates.templateParts(of: text, in: node, index: index) else { return nil }
        if parts.count == 1, case .variable(let variable) = parts[0], variable.value.isNull { return .null }
        if parts.contains(where: \.isLate) { return .late }
        var builder = SegmentBuilder()
        builder.append(parts, escapedForJSON: false)
        return builder.payload()
    }

    /// `{ "json": … }` and its like.
    func form(_ member: JSONMember) -> PayloadTemplate? {
        let node = member.value
        switch member.name {
        case "json": return .constant(node.compactText)
        case "bytes":
            return PayloadFields.bytes.form.read(node, named: member.name, by: reader).map { .filler(Int($0)) }
        case "file": return reader.file(node, member.name).map { .constant($0.bytes) }
        case "cycle", "oneOf": return choice(member)
        default:
            guard let text = reader.string(node, member.name) else { return nil }
            do throws(BinaryText.Fault) {
                return .constant(try member.name == "hex" ? BinaryText.hex(text) : BinaryText.base64(text))
            } catch {
                let isWritten = node.string == text && !text.isEmpty
                report(
                    "\"\(member.name)\" does not hold \(member.name == "hex" ? "hexadecimal digits" : "base64")",
                    because: FaultReason(of: node),
                    at: isWritten ? node.place(ofScalarsAt: error.offset, length: 1) : node.place,
                    label: error.label)
                return nil
            }
        }
    }

    /// Several payloads; nil, reported, when one of them is wrong.
    private func choice(_ member: JSONMember) -> PayloadTemplate? {
        let (name, node) = (member.name, member.value)
        guard !isChoice else {
            report(
                "\"\(name)\" within a choice", at: member.place, label: "one payload is expected here",
                notes: ["to send the object itself, write { \"json\": { \"\(name)\": … } }"])
            return nil
        }
        // Not by way of a variable: its content is data, and these may hold templates.
        guard node.kind == .array else {
            report(
                "wrong type for \"\(name)\"", at: node.place,
                label: "expected a list of payloads, found \(node.described)")
            return nil
        }
        let elements = node.elements
        if elements.isEmpty {
            report("\"\(name)\" is empty", at: node.place, label: "there is nothing to send")
            return nil
        }
        let decoder = PayloadDecoder(reader: reader, index: index, isChoice: true)
        let payloads = elements.map { decoder.payload($0) }
        if payloads.contains(where: { $0 == nil }) { return nil }
        let all = payloads.compactMap { $0 }
        if all.contains(where: { if case .late = $0 { true } else { false } }) { return .late }
        if all.count == 1 { return all[0] }
        return name == PayloadFields.cycle.name ? .cycle(all) : .oneOf(all)
    }

    /// A list of `{ "key", "value" }`, or an object, its short form.
    func headers(_ node: JSONNode) -> [MessageTemplate.Header]? {
        // Not by way of a variable: its content is data, and these may hold templates.
        switch node.kind {
        case .object:
            let headers = node.members.map { member in
                payload(member.value).map {
                    MessageTemplate.Header(key: member.name, value: $0)
                }
            }
            return headers.contains { $0 == nil } ? nil : headers.compactMap { $0 }
        case .array:
            let headers = node.elements.map { header($0) }
            return headers.contains { $0 == nil } ? nil : headers.compactMap { $0 }
        default:
            reader.mismatch("\"headers\"", node, expected: "a list of headers or an object")
            return nil
        }
    }

    private func header(_ node: JSONNode) -> MessageTemplate.Header? {
        guard let fields = fields(of: node, HeaderFields.shape) else { return nil }
        let key = required(HeaderFields.key, in: fields).flatMap { _ in read(HeaderFields.key, in: fields) }
        let value = fields[HeaderFields.value].map { payload($0) } ?? .null
        guard let key, let value else { return nil }
        return MessageTemplate.Header(key: key, value: value)
    }

    /// The payload of an array or object, in whose strings templates are replaced; nil, reported, when one of them is wrong.
    func json(_ node: JSONNode) -> PayloadTemplate? { reader.templates.jsonPayload(node, index: index) }
}

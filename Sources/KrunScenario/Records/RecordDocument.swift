import KrunDiagnostics
import KrunJSON

/// Reads a record from a JSON document, and says all that is wrong with it, each with its place.
struct RecordDocument {
    private var record: InputRecord
    private var problems: [Diagnostic] = []

    /// - Parameter record: an empty one, whose memory is used.
    init(_ record: InputRecord) {
        self.record = record
    }

    mutating func read(_ root: JSONNode) throws(Diagnostics) -> InputRecord {
        guard root.kind == .object else {
            throw Diagnostics(
                Diagnostic(
                    .invalid, "a record is an object", at: root.place.firstScalar, label: "found \(root.described)",
                    notes: [#"such as {"key": "alice", "value": "espresso"}"#]))
        }
        var hasValue = false
        for member in root.members {
            guard let field = RecordLineReader.Field.allCases.first(where: { $0.name == member.name }) else {
                if reportUnknown(member, among: RecordLineReader.Field.allCases.map(\.name), of: "a record") == "value"
                {
                    hasValue = true
                }
                continue
            }
            if field == .value { hasValue = true }
            read(field, member.value)
        }
        if !hasValue {
            problems.append(
                Diagnostic(
                    .invalid, "the record has no \"value\"", at: root.place.firstScalar, label: "\"value\" is missing",
                    notes: ["a tombstone is written \"value\": null"]))
        }
        guard problems.isEmpty else { throw Diagnostics(problems) }
        return record
    }

    private mutating func read(_ field: RecordLineReader.Field, _ node: JSONNode) {
        switch field {
        case .topic, .error, .reason: if node.kind != .string { mismatch(field.name, node, expected: "a string") }
        case .partition: record.partition = number(field.name, node, 0...Int64(Int32.max)).map { Int32($0) }
        case .offset: _ = number(field.name, node, 0...Int64.max)
        case .timestamp: record.timestamp = number(field.name, node, 0...Int64.max)
        case .key: record.key = content(node)
        case .value: record.value = content(node)
        case .headers: headers(node)
        }
    }

    /// Nil for null, and where it is wrong.
    private mutating func number(_ name: String, _ node: JSONNode, _ range: ClosedRange<Int64>) -> Int64? {
        if node.isNull { return nil }
        guard let number = node.integer else {
            if node.kind == .integer {
                problems.append(
                    Diagnostic(.invalid, "\(node.described) does not fit in a 64-bit integer", at: node.place))
                return nil
            }
            mismatch(name, node, expected: "a whole number")
            return nil
        }
        guard range.contains(number) else {
            let expected = number < range.lowerBound ? "\(range.lowerBound) or more" : "at most \(range.upperBound)"
            problems.append(
                Diagnostic(
                    .invalid, "\"\(name)\" is out of range", at: node.place,
                    label: "expected \(expected), found \(number)"))
            return nil
        }
        return number
    }

    /// The bytes of a key or value; nil for null, and where it is wrong.
    private mutating func content(_ node: JSONNode) -> Range<Int>? {
        switch node.kind {
        case .null: return nil
        case .string: return record.append((node.string ?? "").utf8)
        case .object where node.count == 1:
            let member = node.members[0]
            if member.name == "base64" || member.name == "hex" { return binary(member) }
        default: break
        }
        return record.append(node.compactText)
    }

    /// The bytes of `{"base64": …}` or `{"hex": …}`; nil where it is wrong.
    private mutating func binary(_ member: JSONMember) -> Range<Int>? {
        let isHex = member.name == "hex"
        guard let text = member.value.string else {
            mismatch(member.name, member.value, expected: "a string")
            return nil
        }
        do throws(BinaryText.Fault) {
            return record.append(try isHex ? BinaryText.hex(text) : BinaryText.base64(text))
        } catch {
            problems.append(
                Diagnostic(
                    .invalid, "\"\(member.name)\" does not hold \(isHex ? "hexadecimal digits" : "base64")",
                    at: text.isEmpty ? member.value.place : member.value.place(ofScalarsAt: error.offset, length: 1),
                    label: error.label))
            return nil
        }
    }

    private mutating func headers(_ node: JSONNode) {
        switch node.kind {
        case .null: break
        case .object:
            for member in node.members {
                let key = record.append(member.name.utf8)
                record.headerRanges.append(InputRecord.Header(key: key, value: content(member.value)))
            }
        case .array: for element in node.elements { header(element) }
        default: mismatch("headers", node, expected: "a list of headers or an object")
        }
    }

    private mutating func header(_ node: JSONNode) {
        guard node.kind == .object else {
            problems.append(
                Diagnostic(
                    .invalid, "wrong type for a header", at: node.place,
                    label: "expected an object, found \(node.described)"))
            return
        }
        var key: Range<Int>?
        var value: Range<Int>?
        var isKnown = false
        for member in node.members {
            switch member.name {
            case "key":
                isKnown = true
                if let text = member.value.string {
                    key = record.append(text.utf8)
                } else {
                    mismatch("key", member.value, expected: "a string")
                }
            case "value": value = content(member.value)
            default: if reportUnknown(member, among: ["key", "value"], of: "a header") == "key" { isKnown = true }
            }
        }
        if !isKnown {
            problems.append(
                Diagnostic(
                    .invalid, "the header has no \"key\"", at: node.place.firstScalar, label: "\"key\" is missing"))
        }
        record.headerRanges.append(InputRecord.Header(key: key ?? 0..<0, value: value))
    }

    private mutating func mismatch(_ name: String, _ node: JSONNode, expected: String) {
        problems.append(
            Diagnostic(
                .invalid, "wrong type for \"\(name)\"", at: node.place,
                label: "expected \(expected), found \(node.described)"))
    }

    /// Says that a name is unknown; returns what it was probably meant to be.
    private mutating func reportUnknown(_ member: JSONMember, among names: [String], of owner: String) -> String? {
        let nearest = Spelling.nearest(to: member.name, among: names)
        problems.append(
            Diagnostic(
                .invalid, "unknown field \(member.name.quotedForMessage)", at: member.place,
                label: nearest.map { "did you mean \"\($0)\"?" } ?? "not a field of \(owner)",
                notes: nearest == nil ? ["the fields of \(owner): \(names.joined(separator: ", "))"] : []))
        return nearest
    }
}

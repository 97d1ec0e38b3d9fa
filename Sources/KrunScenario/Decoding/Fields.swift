package import KrunDiagnostics
import KrunJSON

/// The members of an object whose fields the language defines, with unknown ones already reported.
struct Fields {
    /// The object where it is used, for its place.
    let node: JSONNode
    let shape: ObjectShape
    let members: [JSONMember]
    /// Those whose names the shape has.
    let known: [JSONMember]
    /// Fields that an unknown name was probably meant to be, with its value.
    let suspected: [String: JSONNode]

    /// The field's value; that of an unknown name that was probably meant to be the field, so that one misspelt name
    /// is not reported again wherever the field is missed.
    subscript(name: String) -> JSONNode? {
        assert(shape.names.contains(name) || name == "note", "the table of \(shape.called) lacks \(name)")
        return known.first { $0.name == name }?.value ?? suspected[name]
    }

    subscript(field: some FieldDescription) -> JSONNode? { self[field.name] }

    func has(_ field: some FieldDescription) -> Bool { self[field] != nil }

    /// Whether a field stands there by its own name: two that exclude each other are worth a word only where none is a guess.
    func isWritten(_ name: String) -> Bool { known.contains { $0.name == name } }
}

extension FieldDecoder {
    /// The fields of `node`; nil, reported, when it is no object.
    ///
    /// - Parameters:
    ///   - reason: why an unknown field is wrong.
    func fields(
        of node: JSONNode, _ shape: ObjectShape, named name: String? = nil,
        because reason: FaultReason = .structure
    ) -> Fields? {
        guard let value = resolve(node) else { return nil }
        guard value.kind == .object else {
            reader.mismatch(name.map { "\"\($0)\"" } ?? shape.called, node, expected: "an object")
            return nil
        }
        let members = value.members
        let known = members.filter { $0.isNote || shape.has($0.name) }
        if let note = known.first(where: \.isNote) { _ = reader.string(note.value, "note", templates: false) }
        var suspected: [String: JSONNode] = [:]
        if known.count < members.count {
            // The fields that are not there, and so may have been meant.
            let free = shape.allNames.filter { name in !known.contains { $0.name == name } }
            for member in members where !member.isNote && !shape.has(member.name) {
                guard let nearest = reportUnknown(member, of: shape, free: free, because: reason) else { continue }
                if suspected[nearest] == nil { suspected[nearest] = member.value }
            }
        }
        return Fields(node: node, shape: shape, members: members, known: known, suspected: suspected)
    }

    /// The field's value; nil, reported, when it is missing.
    func required(_ field: some FieldDescription, in fields: Fields) -> JSONNode? {
        assert(field.isRequired, "\(field.name) may be left out")
        if let node = fields[field] { return node }
        report(
            "\(fields.shape.called) has no \"\(field.name)\"", at: fields.node.place.firstScalar,
            label: "\"\(field.name)\" is missing")
        return nil
    }

    /// Says what is wrong with a name that the object may not have; returns what it was probably meant to be.
    private func reportUnknown(
        _ member: JSONMember, of shape: ObjectShape, free: [String], because reason: FaultReason
    ) -> String? {
        let name = member.name
        if shape.later.contains(name) {
            report(
                "\(name.quotedForMessage) is not in this version's language", at: member.place,
                label: "\(shape.called) does not have it yet")
            return nil
        }
        if let explanation = shape.elsewhere[name] {
            report("\(name.quotedForMessage) is not a field of \(shape.called)", at: member.place, label: explanation)
            return nil
        }
        let nearest =
            reporter.nearest(to: name, among: free) ?? reporter.nearest(to: name, among: shape.allNames)
        report(
            "unknown field \(name.quotedForMessage)", because: reason, at: member.place,
            label: nearest.map { "did you mean \"\($0)\"?" } ?? "not a field of \(shape.called)",
            notes: nearest == nil ? ["the fields of \(shape.called): \(listed(shape.allNames))"] : [])
        if nearest != nil { reader.guessed.insert(member.value.id) }
        return nearest
    }
}

extension JSONMember {
    fileprivate var isNote: Bool { name.utf8.elementsEqual("note".utf8) }
}

extension Place {
    /// Only where it begins: for an object of which something is missing.
    package var firstScalar: Place {
        var place = self
        place.length = 1
        return place
    }
}

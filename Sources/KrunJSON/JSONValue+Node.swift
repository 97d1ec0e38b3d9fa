extension JSONValue {
    /// A value of a document, to be written again; a real keeps its value, not its digits.
    public init(_ node: JSONNode) {
        switch node.kind {
        case .null: self = .null
        case .boolean: self = .boolean(node.boolean ?? false)
        case .integer: self = .integer(node.integer ?? 0)
        case .real: self = .real(node.number ?? 0)
        case .string: self = .string(node.string ?? "")
        case .array: self = .array(node.elements.map { JSONValue($0) })
        case .object: self = .object(node.members.map { Member($0.name, JSONValue($0.value)) })
        }
    }
}

extension JSONNode {
    /// Whether both are the same JSON value: numbers by value, objects whatever the order of their members, strings
    /// byte by byte.
    public static func isEqual(_ a: JSONNode, _ b: JSONNode) -> Bool {
        // A list of work instead of recursion: values may be nested 2048 levels deep.
        var pairs = [(a, b)]
        while let (a, b) = pairs.popLast() {
            switch (a.kind, b.kind) {
            case (.null, .null): break
            case (.boolean, .boolean):
                if a.boolean != b.boolean { return false }
            case (.string, .string):
                if a.content != b.content { return false }
            case (.integer, .integer):
                if a.integer != b.integer { return false }
            case (.real, .real):
                if a.number != b.number { return false }
            case (.integer, .real):
                if a.integer != b.number.flatMap({ Int64(exactly: $0) }) { return false }
            case (.real, .integer):
                pairs.append((b, a))
            case (.array, .array):
                if a.count != b.count { return false }
                pairs += zip(a.elements, b.elements)
            case (.object, .object):
                if a.count != b.count { return false }
                for member in a.document.index.children(of: a.index) {
                    guard let other = b.member(a.document.index.name(of: member, in: a.bytes)) else { return false }
                    pairs.append((JSONNode(document: a.document, index: member), other))
                }
            default: return false
            }
        }
        return true
    }
}

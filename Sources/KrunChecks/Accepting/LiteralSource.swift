import KrunDiagnostics
import KrunJSON
import KrunScenario

/// How a value that was seen is written as the literal of an expectation.
enum LiteralSource {
    struct Unwritable: Error {
        let reason: String
    }

    /// Whether a field is never the same twice.
    static func isMeasured(_ field: String) -> Bool {
        field == "duration" || field == "rate" || field.hasPrefix("latency.")
    }

    /// Why what stands there is no literal that could be replaced; nil where it is one.
    static func reasonToLeave(_ node: JSONNode, _ expected: Mismatch.Value) -> String? {
        if LiteralText.hasTemplate(node) { return "a variable or a template says what is expected" }
        switch expected {
        case .oneOf, .matches, .range: return matcher
        default: break
        }
        switch node.kind {
        case .object: return LiteralText.isMatcher(node) ? matcher : nil
        // Of a list of values each may be one.
        case .array:
            guard case .list = expected else { return nil }
            return node.elements.contains(where: LiteralText.isMatcher) ? "one of its elements is a matcher" : nil
        default: return nil
        }
    }

    private static let matcher = "a matcher says what is expected"

    /// - Parameter old: what stands there, of whose kind the new literal is as far as it can be.
    static func text(of value: Mismatch.Value, insteadOf old: JSONNode) throws(Unwritable) -> [UInt8] {
        switch value {
        case .null: return Array("null".utf8)
        case .number(let number): return Array("\(number)".utf8)
        case .text(let text): return plain(text, like: old) ?? quoted(text)
        case .duration: throw Unwritable(reason: "it is another in each run")
        case .record(let bytes, let isJSON): return try record(bytes, isJSON: isJSON)
        case .json(let text): return try record(Array(text.utf8), isJSON: true)
        case .list(let elements):
            guard old.kind == .array else { throw Unwritable(reason: "there were several: \(elements.count)") }
            return try list(elements, insteadOf: old)
        case .object, .oneOf, .matches, .range, .matcher, .boolean:
            throw Unwritable(reason: "no literal can say what there was")
        }
    }

    private static func quoted(_ text: String) -> [UInt8] {
        Array(JSONValue.string(LiteralText.escaped(text)).text(pretty: false).utf8)
    }

    /// A config's number or boolean, where the file has one.
    private static func plain(_ text: String, like old: JSONNode) -> [UInt8]? {
        guard old.kind == .integer || old.kind == .real || old.kind == .boolean,
            let document = try? JSONDocument.parse(Array(text.utf8), file: ""),
            [.integer, .real, .boolean].contains(document.root.kind)
        else { return nil }
        return Array(text.utf8)
    }

    private static func record(_ bytes: [UInt8]?, isJSON: Bool) throws(Unwritable) -> [UInt8] {
        guard let bytes else { return Array("null".utf8) }
        if isJSON, let document = try? JSONDocument.parse(bytes, file: ""), document.root.kind != .string,
            !document.root.isNull
        {
            let root = document.root
            guard !LiteralText.hasTemplate(root), !LiteralText.isMatcher(root), !LiteralText.isBytes(root) else {
                throw Unwritable(reason: "the value looks like a matcher or a template: write it with \"equals\"")
            }
            return root.compactText
        }
        guard let text = ByteText.writable(bytes) else {
            return Array("{ \"hex\": \"\(ByteText.digits(bytes))\" }".utf8)
        }
        return quoted(text)
    }

    /// On one line; of elements that are as they were the text stays.
    private static func list(_ elements: [Mismatch.Value], insteadOf old: JSONNode) throws(Unwritable) -> [UInt8] {
        let known = old.elements
        // Values that are JSON stay JSON.
        let hasJSON = known.contains { $0.kind != .string && !$0.isNull && !LiteralText.isBytes($0) }
        var texts: [[UInt8]] = []
        for (index, element) in elements.enumerated() {
            if case .record(let bytes, _) = element {
                let before = index < known.count ? known[index] : nil
                if let bytes, let before, let text = before.string, text.utf8.elementsEqual(bytes) {
                    texts.append(Array(before.sourceText))
                } else {
                    texts.append(try record(bytes, isJSON: hasJSON && before?.kind != .string))
                }
            } else {
                texts.append(try text(of: element, insteadOf: old))
            }
        }
        return Array("[".utf8) + texts.joined(separator: ", ".utf8) + Array("]".utf8)
    }
}

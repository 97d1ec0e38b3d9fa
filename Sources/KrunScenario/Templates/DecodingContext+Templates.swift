import KrunDiagnostics
import KrunJSON

extension DecodingContext {
    /// The value that a node stands for: itself, or what its template makes of it; nil, reported, when it is wrong.
    ///
    /// `"{{name}}"` alone is the variable's value with its type; within other text it is text.
    func resolve(_ node: JSONNode) -> JSONNode? {
        guard node.kind == .string, let text = node.string, TemplateScanner.mayHoldTemplates(text) else { return node }
        let use = TemplateUse(text: text, offset: node.sourceText.startIndex)
        if let known = resolved[use] { return known }
        let value = resolveTemplates(text, in: node)
        resolved[use] = .some(value)
        return value
    }

    private func resolveTemplates(_ text: String, in node: JSONNode) -> JSONNode? {
        guard let parts = templateParts(of: text, in: node, index: .none) else { return nil }
        if parts.count == 1, case .variable(let variable) = parts[0] { return variable.value }
        if parts.count == 1, case .expression(let expression) = parts[0] {
            return literal(expression.value(index: 0).map { Array(String($0).utf8) }) ?? node
        }
        return literal(JSONText.quoted(parts.flatMap { $0.bytes(index: 0) })) ?? node
    }

    /// A value that stands nowhere in the file.
    private func literal(_ json: [UInt8]?) -> JSONNode? {
        json.flatMap { try? JSONDocument.parse($0, file: file) }?.root
    }

    /// The parts of a string; nil, reported, when a template is wrong.
    ///
    /// - Parameter isName: whether it is a member's name, whose scalars have no places of their own.
    func templateParts(
        of text: String, in node: JSONNode, index: IndexScope, isName: Bool = false
    ) -> [TemplatePart]? {
        var parts: [TemplatePart] = []
        var isSound = true
        for part in TemplateScanner.parts(of: text) {
            do throws(TemplateError) {
                if let part = try templatePart(part, index) { parts.append(part) }
            } catch {
                isSound = false
                report(
                    error.title,
                    at: isName ? node.keyPlace : node.place(ofScalarsAt: error.offset, length: error.length),
                    label: error.label, notes: error.notes)
            }
        }
        return isSound ? parts : nil
    }

    private func templatePart(
        _ part: TemplateScanner.Part, _ index: IndexScope
    ) throws(TemplateError) -> TemplatePart? {
        switch part {
        case .text(let text): return .text(text)
        case .unclosed(let offset):
            throw TemplateError(
                title: "a template is not closed", offset: offset, length: 2, label: "expected }} after this",
                notes: [TemplateError.literalNote])
        case .template(let text, let offset):
            var allowsIndex = false
            if case .messages = index { allowsIndex = true }
            let content = try ExpressionParser.parse(text, at: offset, variables: variables, allowsIndex: allowsIndex)
            switch content {
            case .variable(let variable): return .variable(variable)
            case .expression(let expression):
                if case .messages(let count) = index { try check(expression, text, offset, count) }
                return .expression(expression)
            }
        }
    }

    /// Refuses an expression that has no value for one of the messages.
    private func check(
        _ expression: IntegerExpression, _ text: String, _ offset: Int, _ count: Int64
    ) throws(TemplateError) {
        guard count > 0, !expression.isConstant else { return }
        let length = max(text.unicodeScalars.count, 1)
        switch expression.verdict(count: count, trials: &trials) {
        case .within: return
        case .fails(let index):
            throw TemplateError(
                title: "the expression has no value at index \(index)", offset: offset, length: length,
                label: "it divides by zero, or its result is beyond 64 bits")
        case .unknown:
            throw TemplateError(
                title: "the expression may have no value for some messages", offset: offset, length: length,
                label: "it may divide by zero, or leave 64 bits",
                notes: ["\(count) messages are too many to try each"])
        }
    }
}

extension TemplatePart {
    /// The part's text at an index.
    func bytes(index: Int64) -> [UInt8] {
        switch self {
        case .text(let text): Array(text.utf8)
        case .variable(let variable): variable.text
        case .expression(let expression): expression.value(index: index).map { Array(String($0).utf8) } ?? []
        }
    }
}

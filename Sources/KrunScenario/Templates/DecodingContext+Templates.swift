import KrunDiagnostics
import KrunJSON

extension DecodingContext {
    /// How many faults of one string are told: to find the place of each, the string is read from its beginning.
    private static let mostFaultsOfString = 20

    /// The value that a node stands for: itself, or what its template makes of it; nil, reported, when it is wrong.
    ///
    /// `"{{name}}"` alone is the variable's value with its type; within other text it is text.
    func resolve(_ node: JSONNode) -> JSONNode? {
        guard node.kind == .string, let text = node.string, TemplateScanner.mayHoldTemplates(text) else { return node }
        if let known = resolved[node.id] { return known.value }
        let value = resolveTemplates(text, in: node)
        resolved[node.id] = (node, value)
        return value
    }

    private func resolveTemplates(_ text: String, in node: JSONNode) -> JSONNode? {
        guard let parts = templateParts(of: text, in: node, index: .none) else { return nil }
        if parts.count == 1, case .variable(let variable) = parts[0] { return variable.value }
        if parts.count == 1, case .expression(let expression) = parts[0] {
            return literal(expression.value(index: 0).map { Array(String($0).utf8) }) ?? node
        }
        var json: [UInt8] = [UInt8(ascii: "\"")]
        for part in parts { part.withBytes(index: 0) { JSONText.appendEscaped($0, to: &json) } }
        json.append(UInt8(ascii: "\""))
        guard json.count <= JSONDocument.sizeLimit else {
            report(
                "a text is too long", because: .budget, at: node.place,
                label: "with its variables it has \(json.count) bytes, more than \(JSONDocument.sizeLimit >> 20) MiB")
            return nil
        }
        return literal(json) ?? node
    }

    /// A value that stands nowhere in the file.
    private func literal(_ json: [UInt8]?) -> JSONNode? {
        json.flatMap { try? JSONDocument.parse($0, file: file) }?.root
    }

    /// The parts of a string; nil, reported, when a template is wrong, or its variables are too much.
    ///
    /// - Parameter isName: whether it is a member's name, whose scalars have no places of their own.
    func templateParts(
        of text: String, in node: JSONNode, index: IndexScope, isName: Bool = false
    ) -> [TemplatePart]? {
        var parts: [TemplatePart] = []
        var faults = 0
        var isSound = true
        for part in TemplateScanner.parts(of: text) {
            if faults == Self.mostFaultsOfString { break }
            do throws(TemplateError) {
                if !takesTemplate(part, at: node) { return nil }
                guard let part = try templatePart(part, index) else { continue }
                if case .variable(let variable) = part, !takesExpansion(of: variable, at: node) { return nil }
                if isSound { parts.append(part) }
            } catch {
                isSound = false
                faults += 1
                report(error, in: node, isName: isName)
            }
        }
        return isSound ? parts : nil
    }

    private func report(_ error: TemplateError, in node: JSONNode, isName: Bool) {
        if isFull { return omit() }
        var (label, notes) = (error.label, error.notes)
        if let name = error.unknownVariable {
            let names = variableNames
            if let nearest = nearest(to: name, among: names.prefix(Self.mostCandidates) + ["index"]) {
                label = "did you mean \"\(nearest)\"?"
            } else {
                notes = [names.isEmpty ? "the file has no variables" : "the file's variables: \(listed(names))"]
            }
        }
        report(
            error.title, because: .template,
            at: isName ? node.keyPlace : node.place(ofScalarsAt: error.offset, length: error.length),
            label: label, notes: notes)
    }

    /// Whether the file may have one more template; says it once when it may not.
    private func takesTemplate(_ part: TemplateScanner.Part, at node: JSONNode) -> Bool {
        guard case .template(let text, _) = part else { return true }
        let bytes = text.utf8.count
        if work.templateBytes < bytes {
            if work.templateBytes >= 0 {
                report(
                    "the templates of this file have more than \(WorkBudget.mostTemplateBytes >> 20) MiB",
                    because: .budget, at: node.place,
                    label: "no more are read", notes: ["split it into several files"])
            }
            work.templateBytes = -1
            return false
        }
        work.templateBytes -= bytes
        work.templates -= 1
        if work.templates == -1 {
            report(
                "the file has more than \(WorkBudget.mostTemplates) templates", because: .budget, at: node.place,
                label: "no more are read", notes: ["split it into several files"])
        }
        return work.templates >= 0
    }

    /// Whether the file's variables may come to so much more; says it once when they may not.
    private func takesExpansion(of variable: Variable, at node: JSONNode) -> Bool {
        let size = variable.value.sourceText.count
        // What is in a list or an object is looked at one by one.
        let cost = [.array, .object].contains(variable.value.kind) ? 4 * size : size
        if work.expansion >= cost {
            work.expansion -= cost
            return true
        }
        if work.expansion >= 0 {
            report(
                "the variables of this file come to more than \(WorkBudget.mostExpansion >> 20) MiB where they are used",
                because: .budget, at: node.place, label: "{{\(variable.name)}} would be \(size) bytes more",
                notes: ["\"count\" sends a message many times, and { \"bytes\": … } makes a large one"])
        }
        // Once is enough.
        work.expansion = -1
        return false
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
        switch expression.verdict(count: count, trials: &work.trials) {
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
    /// Lends the part's text at an index.
    func withBytes(index: Int64, _ body: ([UInt8]) -> Void) {
        switch self {
        case .text(let text): body(Array(text.utf8))
        case .variable(let variable): body(variable.text)
        case .expression(let expression): expression.value(index: index).map { body(Array(String($0).utf8)) }
        }
    }
}

import KrunDiagnostics
import KrunJSON
import KrunOutcome

/// Understands the templates of one file.
final class TemplateDecoder {
    private let reporter: Reporter
    /// By name; set before anything that may use them is read.
    var variables: [String: Variable] = [:] {
        didSet { variableNames = variables.keys.sorted() }
    }
    private(set) var variableNames: [String] = []
    /// What is known only while the scenario runs; nothing of it where a file is only checked.
    var late = LateValues()
    /// How often something was used that is not known yet.
    private(set) var lateUses = 0
    /// Those that the file itself has, rather than captures.
    var namesOfFile: Set<String> = []
    /// The number of the round, where steps are repeated; nil elsewhere. What templates stand for is another thing in each.
    var round: Variable? {
        didSet {
            // Nodes are told apart by their documents, whose place no other one may take.
            forgotten += resolved.values.compactMap(\.value)
            resolved.removeAll()
        }
    }
    /// What templates stood for in earlier rounds.
    private var forgotten: [JSONNode] = []
    /// What strings with templates stand for, which are kept, too; nil for what is wrong and was reported.
    private var resolved: [JSONNode.ID: (use: JSONNode, value: JSONNode?, isLate: Bool)] = [:]

    init(reporter: Reporter) {
        self.reporter = reporter
    }

    private func report(
        _ title: String, because reason: FaultReason, at place: @autoclosure () -> Place?, label: String,
        notes: [String] = []
    ) {
        reporter.report(Diagnostic(.invalid, title, at: place(), label: label, notes: notes), because: reason)
    }

    /// Variables of the environment that the caller lets the file see; nil for one that is not set, and instead of all where no caller can.
    var environment: [String: String?]? = [:]

    /// How many faults of one string are told: to find the place of each, the string is read from its beginning.
    private static let maximumFaultsOfString = 20

    /// The value that a node stands for: itself, or what its template makes of it; nil, reported, when it is wrong.
    ///
    /// `"{{name}}"` alone is the variable's value with its type; within other text it is text.
    func resolve(_ node: JSONNode) -> JSONNode? {
        guard node.kind == .string, let text = node.string, TemplateScanner.mayHoldTemplates(text) else { return node }
        if let known = resolved[node.id] { return known.value }
        let uses = lateUses
        let value = resolveTemplates(text, in: node)
        resolved[node.id] = (node, value, lateUses > uses)
        return value
    }

    /// Whether what a string stands for is not known yet, as it holds something that is captured or drawn while the scenario runs. What is read
    /// instead is only a stand-in.
    func isLate(_ node: JSONNode) -> Bool {
        resolve(node) != nil && resolved[node.id]?.isLate == true
    }

    /// What a step has taken from records, or is to take: a variable from here on.
    func capture(_ name: String, at path: StepPath) {
        let value = late.captured[path]?.first { $0.name == name }.flatMap { literal(Array($0.json.utf8)) }
        variables[name] =
            value.map { Variable(name, $0, source: "step \(path)") } ?? Variable.unknown(name)
    }

    private func resolveTemplates(_ text: String, in node: JSONNode) -> JSONNode? {
        guard let parts = templateParts(of: text, in: node, index: .none) else { return nil }
        if parts.count == 1, case .variable(let variable) = parts[0] { return variable.value }
        if parts.contains(where: \.isLate) { return Variable.unknown("").value }
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
        json.flatMap { try? JSONDocument.parse($0, file: reporter.file, allowsNUL: true) }?.root
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
            if faults == Self.maximumFaultsOfString { break }
            do throws(TemplateError) {
                if !takesTemplate(part, at: node) { return nil }
                guard let part = try templatePart(part, index, node) else { continue }
                if part.isLate { lateUses += 1 }
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
        if reporter.isFull { return reporter.omit() }
        var (label, notes) = (error.label, error.notes)
        if let name = error.unknownVariable {
            let names = variableNames
            if let nearest = reporter.nearest(to: name, among: names.prefix(Reporter.maximumCandidates) + ["index"]) {
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
        if reporter.work.templateBytes < bytes {
            if reporter.work.templateBytes >= 0 {
                report(
                    "the templates of this file have more than \(WorkBudget.maximumTemplateBytes >> 20) MiB",
                    because: .budget, at: node.place,
                    label: "no more are read", notes: ["split it into several files"])
            }
            reporter.work.templateBytes = -1
            return false
        }
        reporter.work.templateBytes -= bytes
        reporter.work.templates -= 1
        if reporter.work.templates == -1 {
            report(
                "the file has more than \(WorkBudget.maximumTemplates) templates", because: .budget, at: node.place,
                label: "no more are read", notes: ["split it into several files"])
        }
        return reporter.work.templates >= 0
    }

    /// Whether the file's variables may come to so much more; says it once when they may not.
    private func takesExpansion(of variable: Variable, at node: JSONNode) -> Bool {
        let size = variable.value.sourceText.count
        // What is in a list or an object is looked at one by one.
        let cost = [.array, .object].contains(variable.value.kind) ? 4 * size : size
        if reporter.work.expansion >= cost {
            reporter.work.expansion -= cost
            return true
        }
        if reporter.work.expansion >= 0 {
            report(
                "the variables of this file come to more than \(WorkBudget.maximumExpansion >> 20) MiB where they are used",
                because: .budget, at: node.place, label: "{{\(variable.name)}} would be \(size) bytes more",
                notes: ["\"count\" sends a message many times, and { \"bytes\": … } makes a large one"])
        }
        // Once is enough.
        reporter.work.expansion = -1
        return false
    }

    private func templatePart(
        _ part: TemplateScanner.Part, _ index: IndexScope, _ node: JSONNode
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
            let content = try ExpressionParser.parse(
                text, at: offset, variables: variables, round: round, allowsIndex: allowsIndex,
                environment: environment)
            switch content {
            case .variable(let variable): return .variable(variable)
            case .drawn(let draw):
                let place = self.place(of: node, offset)
                if case .messages = index { return .drawn(draw, place: place) }
                return .variable(drawn(draw, named: text, place: place))
            case .expression(let expression):
                if case .messages(let count) = index { try check(expression, text, offset, count) }
                return .expression(expression)
            }
        }
    }

    /// A number of its own for each template of the file and each round.
    private func place(of node: JSONNode, _ offset: Int) -> UInt64 {
        let place = node.place
        let numbers = [place.line, place.column, offset] + reporter.rounds.map { $0 + 1 }
        return numbers.reduce(0) { Draw.seed($0, at: UInt64(bitPattern: Int64($1))) }
    }

    /// A value that is the same wherever it is asked for within a run; not known before.
    private func drawn(_ draw: Draw, named name: String, place: UInt64) -> Variable {
        guard let run = late.run else { return Variable.unknown(name) }
        let seed = Draw.seed(run.seed, at: place)
        var json: [UInt8] = []
        draw.append(seed: seed, time: run.startedAt, to: &json)
        if case .random = draw {} else { json = JSONText.quoted(json) }
        return literal(json).map { Variable(name, $0, source: nil) } ?? Variable.unknown(name)
    }

    /// Refuses an expression that has no value for one of the messages.
    private func check(
        _ expression: IntegerExpression, _ text: String, _ offset: Int, _ count: Int64
    ) throws(TemplateError) {
        guard count > 0, !expression.isConstant else { return }
        let length = max(text.unicodeScalars.count, 1)
        switch expression.verdict(count: count, trials: &reporter.work.trials) {
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

/// Templates within the strings of a JSON payload.
extension TemplateDecoder {
    /// The payload of an array or object: its own compact text, in which only strings with templates are replaced;
    /// nil, reported, when one of them is wrong.
    func jsonPayload(_ node: JSONNode, index: IndexScope) -> PayloadTemplate? {
        let source = node.compactText
        guard mayHoldTemplates(source) else { return .constant(source) }
        let strings = node.strings
        var builder = SegmentBuilder()
        var isSound = true
        var isLate = false
        var copied = 0
        var position = 0
        var next = 0
        while position < source.count {
            guard source[position] == UInt8(ascii: "\"") else {
                position += 1
                continue
            }
            let start = position
            position = endOfString(in: source, from: start)
            let string = strings[next]
            next += 1
            guard TemplateScanner.mayHoldTemplates(string.text) else { continue }
            builder.append(source[copied..<start])
            copied = position
            guard
                let parts = templateParts(of: string.text, in: string.node, index: index, isName: string.isName)
            else {
                isSound = false
                continue
            }
            if parts.contains(where: \.isLate) { isLate = true }
            append(parts, isName: string.isName, to: &builder)
        }
        builder.append(source[copied...])
        return isSound ? isLate ? .late : builder.payload() : nil
    }

    /// A value that is one template alone keeps its type; everything else is text.
    private func append(_ parts: [TemplatePart], isName: Bool, to builder: inout SegmentBuilder) {
        if parts.count == 1, !isName {
            switch parts[0] {
            case .variable(let variable): return builder.append(variable.value.compactText)
            case .expression(let expression): return builder.append(expression)
            case .drawn(.random(let least, let greatest), let place):
                return builder.append(.random(least, greatest), place: place)
            case .text, .drawn: break
            }
        }
        builder.append([UInt8(ascii: "\"")])
        builder.append(parts, escapedForJSON: true)
        builder.append([UInt8(ascii: "\"")])
    }

    /// Braces may also be written as escapes.
    private func mayHoldTemplates(_ source: [UInt8]) -> Bool {
        if TemplateScanner.holdsOpening(source) { return true }
        var position = 0
        while position + 5 < source.count {
            if source[position] == UInt8(ascii: "\\"), source[position + 1] == UInt8(ascii: "u"),
                source[position + 4] == UInt8(ascii: "7"), source[position + 5] | 0x20 == UInt8(ascii: "b")
            {
                return true
            }
            position += 1
        }
        return false
    }

    /// The position after the closing quotation mark.
    private func endOfString(in source: [UInt8], from start: Int) -> Int {
        var position = start + 1
        while source[position] != UInt8(ascii: "\"") {
            position += source[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        return position + 1
    }
}

extension TemplatePart {
    /// Lends the part's text at an index.
    func withBytes(index: Int64, _ body: ([UInt8]) -> Void) {
        switch self {
        case .text(let text): body(Array(text.utf8))
        case .variable(let variable): body(variable.text)
        case .expression(let expression): expression.value(index: index).map { body(Array(String($0).utf8)) }
        // Another one for each message.
        case .drawn: break
        }
    }

    /// Whether it stands for something that is not known yet.
    var isLate: Bool {
        switch self {
        case .variable(let variable): variable.isLate
        case .expression(let expression): expression.isLate
        case .text, .drawn: false
        }
    }
}

/// A part of a string whose templates are understood.
enum TemplatePart {
    case text(String)
    case variable(Variable)
    /// Has a value at every index it will be asked for.
    case expression(IntegerExpression)
    /// Another value for each message; `place` tells it from others of the file.
    case drawn(Draw, place: UInt64)
}

/// Whether `{{index}}` means something where a template stands.
enum IndexScope {
    case none
    /// It runs over `0..<count`.
    case messages(count: Int64)
}

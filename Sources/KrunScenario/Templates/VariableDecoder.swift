import KrunDiagnostics
import KrunJSON

/// Reads `variables`.
struct VariableDecoder: FieldDecoder {
    let reader: ValueReader
    private var variables: [String: Variable] = [:]

    init(reader: ValueReader) {
        self.reader = reader
    }

    /// The file's variables (nil when it has none) with the caller's values in their place, by name; on top of them those of a case, which
    /// nothing replaces.
    mutating func variables(
        _ node: JSONNode?, overrides: ScenarioOverrides, case one: ScenarioCase? = nil
    ) -> [String: Variable] {
        let fixed = Set(one?.variables.map(\.name) ?? [])
        for variable in one?.variables ?? [] { variables[variable.name] = variable }
        for member in node.flatMap({ declaredVariables($0) }) ?? [] where !fixed.contains(member.name) {
            if let fault = Self.fault(ofVariable: member.name) {
                report("\(member.name.quotedForMessage) is no name for a variable", at: member.place, label: fault)
            } else {
                variables[member.name] = variable(member)
            }
        }
        for variable in overrides.environment where isReplaceable(variable.name, fixed) {
            override(variable, source: "KRUN_VARIABLE_\(variable.name)")
        }
        if let document = overrides.variablesFile {
            for member in document.root.members where isReplaceable(member.name, fixed) {
                variables[member.name] = Variable(member.name, member.value, source: document.file)
            }
        }
        for variable in overrides.commandLine {
            if fixed.contains(variable.name) {
                reportFixed(variable.name)
            } else if variables[variable.name] == nil {
                if !overrides.passesOverUnknown { reportUnknownOverride(variable.name) }
            } else {
                override(variable, source: "--variable \(variable.name)")
            }
        }
        return variables
    }

    private func isReplaceable(_ name: String, _ fixed: Set<String>) -> Bool {
        variables[name] != nil && !fixed.contains(name)
    }

    private func reportFixed(_ name: String) {
        reporter.report(
            Diagnostic(
                .usage, "--variable names \"\(name)\", which each case of \(reporter.file) says itself",
                notes: ["with another value for all of them they would be the same case"]),
            because: .override)
    }

    /// A text may hold templates: functions, and variables that stand before it. Any other value is data.
    private func variable(_ member: JSONMember) -> Variable {
        guard member.value.kind == .string, let text = member.value.string, TemplateScanner.mayHoldTemplates(text)
        else {
            return Variable(member.name, member.value, source: nil)
        }
        reader.templates.variables = variables
        var variable = Variable(member.name, resolve(member.value) ?? member.value, source: nil)
        variable.isLate = reader.templates.isLate(member.value)
        return variable
    }

    private func declaredVariables(_ node: JSONNode) -> [JSONMember]? {
        guard node.kind == .object else {
            report("wrong type for \"variables\"", at: node.place, label: "expected an object, found \(node.described)")
            return nil
        }
        return node.members
    }

    private mutating func override(_ variable: ScenarioOverrides.Variable, source: String) {
        let given = Variable.given(variable.name, as: variable.text, source: source)
        guard let given else {
            report(
                "the value of \(source) cannot be used", because: .override, at: nil, label: "",
                notes: ["it holds a NUL character"])
            return
        }
        variables[variable.name] = given
    }

    private func reportUnknownOverride(_ name: String) {
        let names = variables.keys.sorted()
        let nearest = reporter.nearest(to: name, among: names)
        let notes =
            nearest.map { ["did you mean \"\($0)\"?"] }
            ?? [names.isEmpty ? "\(reporter.file) has no variables" : "its variables: \(listed(names))"]
        reporter.report(
            Diagnostic(
                .usage, "--variable names \(name.quotedForMessage), which is no variable of \(reporter.file)",
                notes: notes),
            because: .override)
    }

    /// Whether the text is a number as JSON writes them.
    static func isNumber(_ text: String) -> Bool {
        var rest = Substring(text)
        if rest.first == "-" { rest = rest.dropFirst() }
        func takeDigits() -> Int {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            return digits.count
        }
        let startsWithZero = rest.first == "0"
        let whole = takeDigits()
        if whole == 0 || (startsWithZero && whole > 1) { return false }
        if rest.first == "." {
            rest = rest.dropFirst()
            if takeDigits() == 0 { return false }
        }
        if rest.first == "e" || rest.first == "E" {
            rest = rest.dropFirst()
            if rest.first == "+" || rest.first == "-" { rest = rest.dropFirst() }
            if takeDigits() == 0 { return false }
        }
        return rest.isEmpty
    }

    static func fault(ofVariable name: String) -> String? {
        if ExpressionParser.reservedNames.contains(name) { return "the language uses it itself" }
        let isName = name.unicodeScalars.enumerated().allSatisfy { index, scalar in
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
                || (index > 0 && ("0"..."9").contains(scalar))
        }
        return isName && !name.isEmpty ? nil : "expected letters, digits and _, not beginning with a digit"
    }
}

/// A variable of the file, or what overrides it.
struct Variable: Sendable {
    let name: String
    /// Its JSON value, in the file or in what the caller gave.
    let value: JSONNode
    /// What set it, such as `--variable`; nil for the file itself.
    let source: String?
    /// Whether the value is not known yet, and what is here only a stand-in.
    var isLate = false
    /// How it reads inside a text: a string's content, anything else as compact JSON.
    let text: [UInt8]

    init(_ name: String, _ value: JSONNode, source: String?) {
        self.name = name
        self.value = value
        self.source = source
        text = value.string.map { Array($0.utf8) } ?? value.compactText
    }

    /// One that is given as text: a JSON number, `true`, `false` and `null` have that type; nil where it holds a NUL character.
    static func given(_ name: String, as text: String, source: String) -> Variable? {
        let bytes = Array(text.utf8)
        let isTyped = VariableDecoder.isNumber(text) || ["true", "false", "null"].contains(text)
        let document =
            (isTyped ? try? JSONDocument.parse(bytes, file: source) : nil)
            ?? (try? JSONDocument.parse(JSONText.quoted(bytes), file: source))
        return document.map { Variable(name, $0.root, source: source) }
    }

    /// One whose value is known only while the scenario runs.
    static func unknown(_ name: String) -> Variable {
        guard let value = try? JSONDocument.parse(Array("\"…\"".utf8), file: "") else {
            preconditionFailure("a text is JSON")
        }
        var variable = Variable(name, value.root, source: nil)
        variable.isLate = true
        return variable
    }

    /// The number of a round, from 0, as `{{round}}`.
    init(round: Int) {
        guard let value = try? JSONDocument.parse(Array(String(round).utf8), file: "") else {
            preconditionFailure("a number is JSON")
        }
        self.init(ExpressionParser.roundName, value.root, source: nil)
    }
}

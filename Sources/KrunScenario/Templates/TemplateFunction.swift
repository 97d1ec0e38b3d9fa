import KrunJSON

/// Reads `uuid`, `now + 5m`, `random 1 100` and `env.NAME`.
struct TemplateFunction {
    let tokens: [ExpressionToken]
    let variables: [String: Variable]
    /// What of it the file may see; nil for a variable that is not set, and instead of all where no caller can let it see any.
    let environment: [String: String?]?
    private var position = 1

    init(tokens: [ExpressionToken], variables: [String: Variable], environment: [String: String?]?) {
        self.tokens = tokens
        self.variables = variables
        self.environment = environment
    }

    /// nil where the first word is no function's name.
    mutating func content() throws(TemplateError) -> TemplateContent? {
        guard case .name(let name) = tokens[0].kind else { return nil }
        let content: TemplateContent
        switch name {
        case "uuid": content = .drawn(.uuid)
        case "now": content = .drawn(.now(try offset()))
        case "random":
            let (least, greatest) = (try bound("from"), try bound("to"))
            guard least.isLate || greatest.isLate || least.value <= greatest.value else {
                throw error(1, "no number is from \(least.value) to \(greatest.value)", "the first is the least")
            }
            content = .drawn(.random(min(least.value, greatest.value), max(least.value, greatest.value)))
        case _ where name.hasPrefix("env."): content = .variable(try environmentVariable(String(name.dropFirst(4))))
        case "env":
            throw error(0, "{{env}} names no variable of the environment", "expected env.NAME")
        default: return nil
        }
        if position < tokens.count {
            throw error(position, "{{\(name)}} has a word too much", "expected }}")
        }
        return content
    }

    /// Of `now + 5m`, in milliseconds.
    private mutating func offset() throws(TemplateError) -> Int64 {
        guard position < tokens.count else { return 0 }
        guard case .sign(let sign) = tokens[position].kind, sign == "+" || sign == "-" else {
            throw error(position, "{{now}} has a word too much", "expected + or - and a duration, such as now + 5m")
        }
        guard position + 2 < tokens.count, case .number(let number) = tokens[position + 1].kind,
            case .name(let unit) = tokens[position + 2].kind, let duration = Units.duration("\(number)\(unit)")
        else {
            throw error(
                min(position + 1, tokens.count - 1), "{{now \(sign) …}} has no duration",
                "expected a number and a unit (ms, s, m, h), such as 5m")
        }
        position += 3
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
        return sign == "+" ? milliseconds : -milliseconds
    }

    private mutating func bound(_ which: String) throws(TemplateError) -> (value: Int64, isLate: Bool) {
        var isNegative = false
        if position < tokens.count, case .sign("-") = tokens[position].kind {
            isNegative = true
            position += 1
        }
        guard position < tokens.count else {
            throw error(tokens.count - 1, "{{random}} has no number \(which) which to draw", "expected random 1 100")
        }
        position += 1
        switch tokens[position - 1].kind {
        case .number(let number): return (isNegative ? -number : number, false)
        case .name(let name):
            guard let variable = variables[name] else { throw ExpressionParser.unknown(name, tokens[position - 1]) }
            if variable.isLate { return (0, true) }
            guard let number = variable.value.integer, !isNegative || number != .min else {
                throw error(
                    position - 1, "variable \"\(name)\" is not a whole number", "it is \(variable.value.described)")
            }
            return (isNegative ? -number : number, false)
        case .sign:
            throw error(position - 1, "{{random}} has no number \(which) which to draw", "expected random 1 100")
        }
    }

    private func environmentVariable(_ name: String) throws(TemplateError) -> Variable {
        guard let value = environment?[name] else {
            throw TemplateError(
                title: "the environment's \(name.quotedForMessage) may not be seen", offset: tokens[0].offset,
                length: tokens[0].length, label: "nobody allowed it",
                notes: environment == nil ? [] : ["--allow-env \(name) lets this file see it"])
        }
        guard let value, let document = try? JSONDocument.parse(JSONText.quoted(Array(value.utf8)), file: "env.\(name)")
        else {
            throw error(
                0, "the environment has no \(name.quotedForMessage)",
                value == nil ? "it is allowed, and not set" : "its value holds a NUL character")
        }
        return Variable("env.\(name)", document.root, source: "the environment")
    }

    private func error(_ word: Int, _ title: String, _ label: String) -> TemplateError {
        TemplateError(title: title, offset: tokens[word].offset, length: tokens[word].length, label: label)
    }
}

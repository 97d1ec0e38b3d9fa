import KrunDiagnostics
import KrunJSON
import KrunSecrets

/// Reads `secrets`: the names of variables whose values come from elsewhere, and are never shown.
struct SecretDecoder: FieldDecoder {
    let reader: ValueReader
    /// In the order of the file.
    private(set) var names: [String] = []
    /// An error for each that has no value.
    private(set) var missing: [Diagnostic] = []

    init(reader: ValueReader) {
        self.reader = reader
    }

    /// The file's variables and its secrets, by name. One without a value has its name for one.
    mutating func variables(
        _ node: JSONNode?, beside variables: [String: Variable], from overrides: ScenarioOverrides
    ) -> [String: Variable] {
        var all = variables
        for element in node.flatMap({ declaredSecrets($0) }) ?? [] {
            guard let name = element.string else {
                report(
                    "wrong type for an element of \"secrets\"", at: element.place,
                    label: "expected a string, found \(element.described)")
                continue
            }
            if let fault = VariableDecoder.fault(ofVariable: name) {
                report("\(name.quotedForMessage) is no name for a secret", at: element.place, label: fault)
            } else if names.contains(name) {
                report("the secret \"\(name)\" stands in the list twice", at: element.place, label: "the second time")
            } else if variables[name] != nil {
                report(
                    "\"\(name)\" is a secret and a variable", because: .combination, at: element.place,
                    label: "\"variables\" has it too", notes: ["the value of a secret does not stand in the file"])
            } else {
                names.append(name)
                all[name] = variable(name, at: element, from: overrides.secrets)
            }
        }
        if !overrides.passesOverUnknown {
            for secret in overrides.secrets.commandLine where !names.contains(secret.name) {
                reportUnknown(secret.name)
            }
        }
        return all
    }

    private func declaredSecrets(_ node: JSONNode) -> [JSONNode]? {
        guard node.kind == .array else {
            report("wrong type for \"secrets\"", at: node.place, label: "expected a list, found \(node.described)")
            return nil
        }
        if node.elements.isEmpty { report("\"secrets\" is empty", at: node.place, label: "expected a name at least") }
        return node.elements
    }

    private mutating func variable(_ name: String, at node: JSONNode, from values: SecretValues) -> Variable? {
        guard let (text, source) = values.value(of: name) else {
            missing.append(
                Diagnostic(
                    .invalid, "the secret \"\(name)\" has no value", at: node.place, label: "it was not given",
                    notes: [
                        "KRUN_SECRET_\(name) in the environment gives it, --secrets-file with { \"\(name)\": \"…\" }, or --secret \(name)=…"
                    ]))
            // Nobody knows it before it is given.
            return Variable.unknown(name)
        }
        let fault =
            switch text.utf8.count {
            case 0: "it is empty"
            case ..<Secrets.lengths.lowerBound:
                "it has fewer than \(Secrets.lengths.lowerBound) bytes: to hide it everywhere would spoil all that is shown"
            case (Secrets.lengths.upperBound + 1)...: "it has more than \(Secrets.lengths.upperBound) bytes"
            default: text.utf8.contains(0) ? "it holds a NUL character" : ""
            }
        if fault.isEmpty { return Self.variable(name, text, source: source) }
        report(
            "the value of \(source) cannot be used", because: .override, at: nil,
            notes: ["for the secret \"\(name)\": \(fault)"])
        return Self.variable(name, name, source: nil)
    }

    private static func variable(_ name: String, _ text: String, source: String?) -> Variable? {
        guard let document = try? JSONDocument.parse(JSONText.quoted(Array(text.utf8)), file: source ?? "") else {
            return nil
        }
        return Variable(name, document.root, source: source)
    }

    private func reportUnknown(_ name: String) {
        let notes =
            reporter.nearest(to: name, among: names).map { ["did you mean \"\($0)\"?"] }
            ?? [names.isEmpty ? "\"secrets\" in the file lists those that it has" : "its secrets: \(listed(names))"]
        reporter.report(
            Diagnostic(
                .usage, "--secret names \(name.quotedForMessage), which is no secret of \(reporter.file)", notes: notes),
            because: .override)
    }
}

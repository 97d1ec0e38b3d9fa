import KrunDiagnostics
import KrunJSON

/// Reader of `client`: tuning properties of librdkafka, from the allow-list.
extension DecodingContext {
    /// - Parameter scope: which clients the properties are for; `both` for the whole file's.
    func client(_ node: JSONNode, for scope: ClientPropertyTable.Scope) -> [ClientProperty] {
        (map(node, "client") ?? []).compactMap { property($0, for: scope) }
    }

    private func property(_ member: JSONMember, for scope: ClientPropertyTable.Scope) -> ClientProperty? {
        let name = member.name
        guard let entry = ClientPropertyTable.allowed[name] else {
            refuse(member)
            return nil
        }
        if entry.scope != .both, scope != .both, entry.scope != scope {
            let isProducers = entry.scope == .producer
            report(
                "client property \"\(name)\" is not one of a \(isProducers ? "consumer" : "producer")",
                at: member.place, label: "only \(isProducers ? "producers" : "consumers") have it",
                notes: [
                    "set it on a \(isProducers ? "produce" : "consume") step, or in the file's \"client\" for all of them"
                ])
            return nil
        }
        return value(member, entry.values).map { ClientProperty(name: name, value: $0, node: member.value) }
    }

    /// The value as librdkafka reads it.
    private func value(_ member: JSONMember, _ values: ClientPropertyTable.Values) -> String? {
        guard let value = resolve(member.value) else { return nil }
        let text: String
        switch value.kind {
        case .string: text = value.string ?? ""
        case .integer: text = value.integer.map(String.init) ?? ""
        case .boolean: text = value.boolean == true ? "true" : "false"
        case .real: text = String(decoding: value.sourceText, as: UTF8.self)
        case .null, .array, .object:
            mismatch("\"\(member.name)\"", member.value, expected: "a string, a number or a boolean")
            return nil
        }
        switch values {
        case .text: return text
        case .boolean:
            if text == "true" || text == "false" { return text }
            mismatch("\"\(member.name)\"", member.value, expected: "true or false")
        case .number(let range):
            guard let number = Int64(text) else {
                mismatch("\"\(member.name)\"", member.value, expected: "a whole number")
                return nil
            }
            if range.contains(number) { return String(number) }
            outOfRange(member.name, member.value, range, number)
        }
        return nil
    }

    private func refuse(_ member: JSONMember) {
        let name = member.name
        let title = "a scenario may not set the client property \(name.quotedForMessage)"
        let commandLine =
            ["bootstrap.servers", "metadata.broker.list"].contains(name)
            ? "`krun run --brokers` or KRUN_BROKERS names the broker"
            : "`krun run -X \(name)=VALUE` sets it, or the file of `krun run --config`"
        if let danger = ClientPropertyTable.danger(of: name) {
            report(title, at: member.place, label: danger, notes: [commandLine])
        } else if let field = ClientPropertyTable.fields[name] {
            report(title, at: member.place, label: field)
        } else if ClientPropertyTable.later.contains(name) {
            report(title, at: member.place, label: "the language for it is not in this version")
        } else if ClientPropertyTable.own.contains(name) || name.hasSuffix("_cb") {
            report(title, at: member.place, label: "krun sets it itself")
        } else if let nearest = nearest(to: name, among: ClientPropertyTable.allowed.keys.sorted()) {
            report(
                "unknown client property \(name.quotedForMessage)", at: member.place,
                label: "did you mean \"\(nearest)\"?")
        } else {
            report(title, at: member.place, label: "it is not on the list of tuning properties", notes: [commandLine])
        }
    }
}

extension ClientPropertyTable {
    /// Those of the file's properties that such a client has, and after them the step's own.
    static func merged(_ file: [ClientProperty], _ step: [ClientProperty], for scope: Scope) -> [ClientProperty] {
        file.filter { property in
            let scopeOfProperty = allowed[property.name]?.scope ?? .both
            return (scopeOfProperty == .both || scopeOfProperty == scope)
                && !step.contains { $0.name == property.name }
        } + step
    }
}

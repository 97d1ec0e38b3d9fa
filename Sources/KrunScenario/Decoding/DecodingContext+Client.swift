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
        case .text:
            if text.utf8.count <= ClientPropertyTable.longestText { return text }
            report(
                "\"\(member.name)\" is too long", because: .amount, at: member.value.place,
                label: "expected at most \(ClientPropertyTable.longestText) bytes, found \(text.utf8.count)")
        case .boolean:
            if text == "true" || text == "false" { return text }
            mismatch("\"\(member.name)\"", member.value, expected: "true or false")
        case .number(let range):
            guard let number = Int64(text) else {
                mismatch("\"\(member.name)\"", member.value, expected: "a whole number")
                return nil
            }
            if range.contains(number) { return String(number) }
            outOfRange(
                member.name, member.value, range, number, because: member.value.kind == .string ? .amount : .structure)
        }
        return nil
    }

    private func refuse(_ member: JSONMember) {
        if isFull { return omit() }
        let name = member.name
        if ClientPropertyTable.names.contains(name), let refusal = ClientPropertyTable.refusal(of: name) {
            report(
                "a scenario may not set the client property \(name.quotedForMessage)", at: member.place,
                label: refusal.reason, notes: refusal.wayOut.map { [$0] } ?? [])
            return
        }
        let nearest =
            nearestProperty(to: name, among: ClientPropertyTable.allowedNames)
            ?? nearestProperty(to: name, among: ClientPropertyTable.names)
        var notes: [String] = []
        if let nearest, let refusal = ClientPropertyTable.refusal(of: nearest) {
            notes = ["a scenario may not set that one: \(refusal.reason)"] + (refusal.wayOut.map { [$0] } ?? [])
        }
        report(
            "unknown client property \(name.quotedForMessage)", at: member.place,
            label: nearest.map { "did you mean \"\($0)\"?" } ?? "librdkafka has none of that name", notes: notes)
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

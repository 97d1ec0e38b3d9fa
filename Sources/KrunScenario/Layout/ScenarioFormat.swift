public import KrunDiagnostics
public import KrunJSON

/// The one layout of scenario files, which `krun fmt` gives them.
///
/// Members stand in the order of the reference: `note` first, then the verb of a step, then its other fields. Names that the language does not
/// know stay behind the member that they stand behind. What is data keeps its order: variables, configs, headers, payloads, the names
/// of keys and topics. Steps, and messages where there are several, have a line each at least; of everything else what fits on a line stands on one.
public enum ScenarioFormat {
    /// A scenario's text in that layout; of a JSON text that is no scenario what can be known of it.
    ///
    /// Nothing but white space and the order of members is another: each string, number and escape is as it was written.
    ///
    /// - Parameter file: the file's name as the user gave it, for places.
    /// - Throws: why it is no JSON, as `Scenario.decode` says it; or that its layout would be larger than a file may be.
    public static func text(of bytes: [UInt8], file: String) throws(Diagnostics) -> [UInt8] {
        let document = try JSONDocument.parse(bytes, file: file, valueLimit: Scenario.maximumValues)
        var layout = JSONLayout(document)
        layout.breakApart(document.root)
        // A list of work instead of recursion: values may be nested 2048 levels deep.
        var work = [(node: document.root, role: JSONRole.scenario)]
        while let (node, role) = work.popLast() {
            switch node.kind {
            case .array:
                if role.givesElementsLines(node.count) { layout.breakApart(node) }
                if let elements = role.ofElements { work += node.elements.map { ($0, elements) } }
            case .object:
                let members = node.members
                guard let order = role.order(of: members) else {
                    if let values = role.ofValues { work += members.map { ($0.value, values) } }
                    continue
                }
                if let sorted = order.sorted(members) { layout.order(node, sorted) }
                for member in members {
                    if let role = order.roles[member.name] { work.append((member.value, role)) }
                }
            default: break
            }
        }
        return try layout.text()
    }

    /// A scenario that a program has made.
    public static func text(of scenario: JSONValue) -> String {
        // Of so many values or bytes that they are no scenario any more, each has its line.
        let laidOut = try? text(of: Array(scenario.text(pretty: false).utf8), file: "")
        return laidOut.map { String(decoding: $0, as: UTF8.self) } ?? scenario.text(pretty: true) + "\n"
    }
}

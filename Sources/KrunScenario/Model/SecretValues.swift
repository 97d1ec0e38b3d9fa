public import KrunDiagnostics
import KrunJSON
public import KrunSecrets

/// Values for the secrets of scenarios, from wherever they are given.
///
/// Of several values for one secret the command line's wins over the secrets file's, and that over the environment's. Each is a text.
public struct SecretValues: Sendable {
    /// From `--secret name=text`, in order: of two with one name the last wins. A name that the file does not have is an error.
    public var commandLine: [ScenarioOverrides.Variable] = []
    /// From a secrets file; names that a scenario does not have are passed over.
    public private(set) var file: [ScenarioOverrides.Variable] = []
    /// From `KRUN_SECRET_name`, with the name only; those that a scenario does not have are passed over.
    public var environment: [ScenarioOverrides.Variable] = []

    public init(commandLine: [ScenarioOverrides.Variable] = [], environment: [ScenarioOverrides.Variable] = []) {
        self.commandLine = commandLine
        self.environment = environment
    }

    /// Takes the bytes of a secrets file: a JSON object whose values are texts.
    ///
    /// - Parameter name: the file's name as the user gave it.
    /// - Throws: what is wrong with it, without anything of what stands there.
    public mutating func readFile(_ bytes: [UInt8], file name: String) throws(Diagnostics) {
        func refused(_ reason: String) -> Diagnostics {
            Diagnostics(
                Diagnostic(
                    .invalid, "\(name) is no file of secrets that can be used",
                    notes: [reason, "write { \"name\": \"value\", … }; nothing of what stands there is shown"]))
        }
        let document: JSONDocument
        do {
            document = try JSONDocument.parse(bytes, file: name, valueLimit: Scenario.maximumValues)
        } catch {
            let place = error.all[0].place.map { " in line \($0.line), column \($0.column)" } ?? ""
            throw refused("it is not JSON\(place)")
        }
        guard document.root.kind == .object else {
            throw refused("it is \(document.root.kind.described), not an object")
        }
        var secrets: [ScenarioOverrides.Variable] = []
        for (index, member) in document.root.members.enumerated() {
            guard let text = member.value.string else {
                throw refused(
                    "the value of its member \(index + 1), in line \(member.place.line), is \(member.value.kind.described), not a text"
                )
            }
            secrets.append(.init(name: member.name, text: text))
        }
        file = secrets
    }

    /// Everything that was given and can be hidden.
    public var hidden: Secrets {
        Secrets((commandLine + file + environment).map(\.text).filter { Secrets.lengths.contains($0.utf8.count) })
    }

    /// The value of a secret, and what gave it.
    func value(of name: String) -> (text: String, source: String)? {
        for (given, source) in [
            (commandLine, "--secret \(name)"), (file, "--secrets-file"), (environment, "KRUN_SECRET_\(name)"),
        ] {
            if let secret = given.last(where: { $0.name == name }) { return (secret.text, source) }
        }
        return nil
    }
}

extension JSONKind {
    fileprivate var described: String {
        switch self {
        case .object: "an object"
        case .array: "a list"
        case .string: "a text"
        case .integer, .real: "a number"
        case .boolean: "true or false"
        case .null: "null"
        }
    }
}

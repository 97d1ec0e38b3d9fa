public import KrunDiagnostics
public import KrunJSON

/// What a caller puts in the place of a file's variables and seed.
///
/// Of several values for one variable the command line's wins over the variables file's, and that over the
/// environment's. A text that is a JSON number, `true`, `false` or `null` has that type; any other is a string.
public struct ScenarioOverrides: Sendable {
    /// A variable given as text.
    public struct Variable: Hashable, Sendable {
        public var name: String
        public var text: String

        public init(name: String, text: String) {
            self.name = name
            self.text = text
        }
    }

    /// From `--variable name=text`, in order: of two with one name the last wins. A name that the file does not have
    /// is an error.
    public var commandLine: [Variable]
    /// Whether names on the command line that the file does not have are passed over too: for whoever looks at several
    /// files together.
    public var passesOverUnknown = false
    /// A JSON object; names that a file does not have are passed over, for one file may serve many scenarios.
    public var variablesFile: JSONDocument?
    /// From `KRUN_VARIABLE_name`, with the name only; those that the file does not have are passed over.
    public var environment: [Variable]
    /// Variables of the environment that a file may see as `{{env.NAME}}`; nil for one that is allowed and not set.
    public var allowedEnvironment: [String: String?] = [:]
    /// Values of the file's secrets.
    public var secrets = SecretValues()
    /// nil to leave the file's.
    public var seed: UInt64?

    /// Nothing: the file stands as it is.
    public static let none = ScenarioOverrides()

    public init(
        commandLine: [Variable] = [], variablesFile: JSONDocument? = nil, environment: [Variable] = [],
        secrets: SecretValues = SecretValues(), seed: UInt64? = nil
    ) {
        self.commandLine = commandLine
        self.variablesFile = variablesFile
        self.environment = environment
        self.secrets = secrets
        self.seed = seed
    }

    /// Takes the bytes of a variables file.
    ///
    /// - Parameter file: its name as the user gave it.
    /// - Throws: what is wrong with it as JSON, or that it is no object.
    public mutating func readVariablesFile(_ bytes: [UInt8], file: String) throws(Diagnostics) {
        let document = try JSONDocument.parse(bytes, file: file, valueLimit: Scenario.maximumValues)
        guard document.root.kind == .object else {
            throw Diagnostics(
                Diagnostic(
                    .invalid, "a variables file is not an object", at: document.root.place.firstScalar,
                    label: "found \(document.root.described)",
                    notes: ["write { \"name\": value, … }"]))
        }
        variablesFile = document
    }
}

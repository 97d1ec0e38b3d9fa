import ArgumentParser
import KrunDiagnostics
import KrunJSON
import KrunScenario

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Which scenarios of the named files and folders are meant.
struct SelectionOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Scenario files, folders with scenarios (*.json) in them, pipes, or - for stdin.",
            valueName: "file-or-folder"),
        completion: .file(extensions: ["json"]))
    var paths: [String]

    @Option(
        name: .customLong("tag"), parsing: .singleValue,
        help: ArgumentHelp("Only scenarios with this tag; repeated: with any of them.", valueName: "tag"))
    var tags: [String] = []

    @Option(
        name: .customLong("skip-tag"), parsing: .singleValue,
        help: ArgumentHelp("No scenarios with this tag; may be repeated.", valueName: "tag"))
    var skippedTags: [String] = []

    @Option(
        name: .customLong("name"), parsing: .singleValue,
        help: ArgumentHelp(
            "Only scenarios with this in their names, or with such a name where it has * or ? in it; repeated: any of them.",
            valueName: "pattern"))
    var names: [NamePattern] = []

    @Option(
        name: .customLong("glob"), parsing: .singleValue,
        help: ArgumentHelp(
            "In folders only files like this, such as 'orders-*.json' or 'api/**'; repeated: any of them.",
            valueName: "pattern"))
    var globs: [PathPattern] = []

    /// Whether something may leave scenarios out that are in the files.
    var isSelective: Bool { !tags.isEmpty || !skippedTags.isEmpty || !names.isEmpty }

    func includes(_ scenario: Scenario) -> Bool {
        includes(tags: scenario.tags) && (names.isEmpty || names.contains { $0.matches(scenario.name) })
    }

    func includes(tags own: [String]) -> Bool {
        (tags.isEmpty || own.contains(where: tags.contains)) && !own.contains(where: skippedTags.contains)
    }
}

/// Values that replace those of the files' `variables` and `seed`.
struct VariableOptions: ParsableArguments {
    @Option(
        name: .customLong("variable"), parsing: .singleValue,
        help: ArgumentHelp(
            "Give a variable of the scenarios another value; may be repeated. (env: KRUN_VARIABLE_name)",
            valueName: "name=value"))
    var variables: [String] = []

    @Option(
        help: ArgumentHelp("Read variables from a JSON file: { \"name\": value, ... }.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var variablesFile: String?

    @Option(
        name: .customLong("allow-env"), parsing: .singleValue,
        help: ArgumentHelp(
            "Let the scenarios see this variable of the environment, as {{env.NAME}}; may be repeated.",
            valueName: "name"))
    var allowedEnvironment: [String] = []

    @Option(
        name: .customLong("secret"), parsing: .singleValue,
        help: ArgumentHelp(
            "Give a secret of the scenarios its value, which no output shows; may be repeated. Others on this machine see it: rather use the file or the environment. (env: KRUN_SECRET_name)",
            valueName: "name=value"))
    var secrets: [String] = []

    @Option(
        help: ArgumentHelp("Read secrets from a JSON file: { \"name\": \"value\", ... }.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var secretsFile: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The seed of everything random, instead of the file's.", valueName: "number"))
    var seed: UInt64?

    func validate() throws {
        for text in variables where NameAndValue(argument: text) == nil {
            throw ValidationError("--variable takes name=value, not '\(text)'.")
        }
        if secrets.contains(where: { NameAndValue(argument: $0) == nil }) {
            throw ValidationError("--secret takes name=value; what was given is not shown.")
        }
    }
}

extension VariableOptions {
    /// The files that these options name to be read.
    var files: [String] { [variablesFile, secretsFile].compactMap { $0 } }

    /// What the command line, the files of variables and secrets and the environment say. From now on no secret is shown.
    ///
    /// - Throws: what is wrong with one of the files.
    func overrides() throws(Diagnostics) -> ScenarioOverrides {
        let secrets = try givenSecrets()
        Console.hide(secrets.hidden)
        var overrides = ScenarioOverrides(
            commandLine: Self.given(variables), environment: Self.environment("KRUN_VARIABLE_"), secrets: secrets,
            seed: seed)
        for name in allowedEnvironment {
            overrides.allowedEnvironment.updateValue(ProcessInfo.processInfo.environment[name], forKey: name)
        }
        if let variablesFile {
            let bytes = try ScenarioFiles.readNamed(variablesFile)
            overrides = try LinkedFile.judge(NamedInput(variablesFile), as: "file of variables") {
                () throws(Diagnostics) in
                var overrides = overrides
                try overrides.readVariablesFile(bytes, file: variablesFile)
                return overrides
            }
        }
        return overrides
    }

    private func givenSecrets() throws(Diagnostics) -> SecretValues {
        var values = SecretValues(commandLine: Self.given(secrets), environment: Self.environment("KRUN_SECRET_"))
        // Before anything is said of the file.
        Console.hide(values.hidden)
        if let secretsFile {
            let bytes = try ScenarioFiles.readNamed(secretsFile)
            try values.readFile(bytes, file: secretsFile)
            if ScenarioFiles.isOpenToOthers(secretsFile) {
                Console.printError(
                    Diagnostic(
                        .warning, "\(secretsFile) is a file of secrets that others on this machine may read or change",
                        notes: ["chmod 600 leaves it to you"]))
            }
        }
        return values
    }

    private static func given(_ arguments: [String]) -> [ScenarioOverrides.Variable] {
        arguments.compactMap(NameAndValue.init(argument:)).map {
            ScenarioOverrides.Variable(name: $0.name, text: $0.value)
        }
    }

    private static func environment(_ prefix: String) -> [ScenarioOverrides.Variable] {
        ProcessInfo.processInfo.environment.sorted { $0.key < $1.key }
            .filter { $0.key.hasPrefix(prefix) }
            .map { ScenarioOverrides.Variable(name: String($0.key.dropFirst(prefix.count)), text: $0.value) }
    }
}

/// `name=value`; the value may be empty.
struct NameAndValue: ExpressibleByArgument {
    let name: String
    let value: String

    /// The sign is looked for as a byte: to Swift it is one character with a combining mark that the value begins with.
    init?(argument: String) {
        let bytes = argument.utf8
        guard let sign = bytes.firstIndex(of: UInt8(ascii: "=")), sign != bytes.startIndex else { return nil }
        name = String(argument[..<sign])
        value = String(argument[bytes.index(after: sign)...])
    }
}

/// What no scenario may exceed, whoever wrote it.
struct LimitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How many bytes of keys, values and headers a scenario may send.", valueName: "size"))
    var maxBytes: SizeArgument = SizeArgument(bytes: 1 << 30, text: "1GiB")
}

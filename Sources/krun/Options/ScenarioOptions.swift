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
        parsing: .unconditional,
        help: ArgumentHelp("The seed of everything random, instead of the file's.", valueName: "number"))
    var seed: UInt64?

    func validate() throws {
        for text in variables where NameAndValue(argument: text) == nil {
            throw ValidationError("--variable takes name=value, not '\(text)'.")
        }
    }
}

extension VariableOptions {
    /// What the command line, the variables file and the environment say.
    ///
    /// - Throws: what is wrong with the variables file.
    func overrides() throws(Diagnostics) -> ScenarioOverrides {
        let prefix = "KRUN_VARIABLE_"
        let environment = ProcessInfo.processInfo.environment.sorted { $0.key < $1.key }
            .filter { $0.key.hasPrefix(prefix) }
            .map { ScenarioOverrides.Variable(name: String($0.key.dropFirst(prefix.count)), text: $0.value) }
        let commandLine = variables.compactMap(NameAndValue.init(argument:)).map { given in
            ScenarioOverrides.Variable(name: given.name, text: given.value)
        }
        var overrides = ScenarioOverrides(commandLine: commandLine, environment: environment, seed: seed)
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

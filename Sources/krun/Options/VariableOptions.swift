import ArgumentParser
import KrunDiagnostics
import KrunJSON
import KrunScenario

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
        parsing: .unconditional,
        help: ArgumentHelp("The seed of everything random, instead of the file's.", valueName: "number"))
    var seed: UInt64?

    func validate() throws {
        for text in variables where NameAndValue(argument: text) == nil {
            throw ValidationError("--variable takes name=value, not '\(text)'.")
        }
    }
}

import KrunDiagnostics
import KrunJSON
import KrunScenario

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

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
        if let variablesFile {
            let bytes = try ScenarioFiles.readNamed(variablesFile)
            overrides = try LinkedFile.judge(variablesFile, as: "file of variables") { () throws(Diagnostics) in
                var overrides = overrides
                try overrides.readVariablesFile(bytes, file: variablesFile)
                return overrides
            }
        }
        return overrides
    }
}

import ArgumentParser
import KrunDiagnostics
import KrunJSON
import KrunTools

/// In which form a command tells what it found or did.
struct ResultOptions: ParsableArguments {
    enum Form: String, CaseIterable, ExpressibleByArgument {
        case pretty, json
    }

    @Option(help: ArgumentHelp("pretty, for people, or json, for programs.", valueName: "form"))
    var output: Form = .pretty

    @OptionGroup var color: ColorOptions

    /// Writes the result to stdout and what else is to be known to stderr.
    ///
    /// - Throws: the exit code where a part failed.
    func write(_ result: some CommandResult) throws {
        show(result)
        if result.remarks.contains(where: { $0.kind != .warning }) { throw ExitCode(ExitCodes.runtime) }
    }

    /// As `write`, whatever failed.
    func show(_ result: some CommandResult) {
        switch output {
        case .pretty: Console.writeOutput(result.text(Console.style(of: .output, color.choice)))
        case .json: Console.writeOutput(result.json.text(pretty: true) + "\n")
        }
        printRemarks(result)
    }

    func printRemarks(_ result: some CommandResult) {
        for remark in result.remarks { Console.printError(remark, color.choice) }
    }
}

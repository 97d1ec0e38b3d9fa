import ArgumentParser
import KrunDiagnostics
import KrunReports
import KrunScenario

struct FormatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt",
        abstract: "Gives scenario files the one layout that all of them have.",
        discussion: """
            Fields stand in the order of the reference, and what fits on a line of 100 columns stands on one. Nothing else is changed: \
            each text and number stays as it was written, and what is data keeps its order.

              krun fmt scenarios
              krun fmt --check scenarios
              krun fmt - < orders.json
            """)

    @Argument(
        help: ArgumentHelp(
            "Scenario files, folders with scenarios (*.json) in them, or - to format stdin to stdout.",
            valueName: "file-or-folder"),
        completion: .file(extensions: ["json"]))
    var paths: [String]

    @Flag(help: "Write nothing: name the files that would change, show where, and exit with 1.")
    var check = false

    @OptionGroup var color: ColorOptions

    func run() throws {
        try NamedInput.checkEachIsReadOnce(paths)
        let isFilter = !check && paths.contains { NamedInput($0).isStandardInput }
        if isFilter, paths.count > 1 {
            throw Diagnostic(
                .usage, "stdin is formatted to stdout, and files in their places",
                notes: ["name - or files, not both; with --check both are looked at"])
        }
        let found = ScenarioFiles.find(paths)
        for line in found.passedOver { Console.writeError(line + "\n") }
        var session = FormatSession(isCheck: check, color: color.choice)
        for file in found.files { session.format(file) }
        if !isFilter { Console.writeOutput(session.totals) }
        if let code = session.exitCode { throw ExitCode(code) }
    }
}

/// One command line's files: formats each, and says what came of it.
private struct FormatSession {
    /// Of what would change, so many lines are shown.
    private static let shownLines = 12

    let isCheck: Bool
    let color: Console.ColorChoice
    private var (files, changed, errors, invalid, unwritable) = (0, 0, 0, 0, 0)

    init(isCheck: Bool, color: Console.ColorChoice) {
        self.isCheck = isCheck
        self.color = color
    }

    mutating func format(_ file: ScenarioFiles.File) {
        files += 1
        let input = NamedInput(file.path)
        let (old, new): ([UInt8], [UInt8])
        do throws(Diagnostics) {
            if let problem = file.problem { throw problem }
            let bytes = try input.read()
            old = bytes
            new = try LinkedFile.judge(input, as: "scenario") { () throws(Diagnostics) in
                try ScenarioFormat.text(of: bytes, file: input.name)
            }
        } catch {
            invalid += 1
            errors += error.count
            let text = DiagnosticText(
                style: Console.style(of: .error, color), width: Console.width(of: .error))
            return Console.writeError(error.all.map { text.text($0) + "\n\n" }.joined())
        }
        if input.isStandardInput, !isCheck { return Console.writeOutput(String(decoding: new, as: UTF8.self)) }
        guard old != new else { return }
        changed += 1
        let name = TerminalText.safe(input.name)
        if isCheck {
            let style = Console.style(of: .output, color)
            let diff = UnifiedDiff(old, new).text(style: style, limit: Self.shownLines)
            return Console.writeOutput(style.bold("\(name) is not formatted") + "\n" + diff + "\n")
        }
        do throws(Diagnostic) {
            try ScenarioReplacement(input.path).replace(old, with: new)
            Console.writeOutput("formatted \(name)\n")
        } catch {
            unwritable += 1
            changed -= 1
            Console.printError(error, color)
        }
    }

    var totals: String {
        let many = files == 1 ? "1 file" : "\(files) files"
        var parts: [String] = []
        if changed > 0 { parts.append(isCheck ? "\(changed) not formatted" : "\(changed) formatted") }
        if unwritable > 0 { parts.append("\(unwritable) not written") }
        if invalid > 0 { parts.append("\(errors) \(errors == 1 ? "error" : "errors") in \(invalid)") }
        let start = isCheck ? "\(many) checked" : many
        return "\(start): \(parts.isEmpty ? "nothing to format" : parts.joined(separator: ", "))\n"
    }

    /// Nil where all is well. A file that is none counts first, as with `krun check`.
    var exitCode: Int32? {
        if invalid > 0 { return ExitCodes.invalidScenario }
        return unwritable > 0 || isCheck && changed > 0 ? ExitCodes.commandLine : nil
    }
}

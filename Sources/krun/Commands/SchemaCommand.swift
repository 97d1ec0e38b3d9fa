import ArgumentParser
import KrunDiagnostics
import KrunJSON
import KrunReports
import KrunScenario

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Writes the JSON Schema of scenario files, or explains one of their fields.",
        discussion: """
            An editor completes and checks scenarios with it. It is that of this version, and nothing is read for it. Keep a copy beside your scenarios, and name it in them or in the \
            settings of your editor (docs/scenario-language.md):

              mkdir -p .krun
              krun schema > .krun/scenario.schema.json

            With a name it says what stands there instead: krun schema consume, krun schema consume.until. With --report it is the schema of the \
            JSON reports (docs/report-json.md), for programs that read them.
            """)

    @Argument(
        help: ArgumentHelp(
            "An object of the language as the schema calls it, or a field of it: scenario, consume.until.",
            valueName: "name"), completion: .list(LanguageGuide.names))
    var name: String?

    @Flag(help: "Write the schema of JSON reports instead.")
    var report = false

    func validate() throws {
        if report, name != nil { throw ValidationError("--report writes a whole schema: leave the name out.") }
    }

    func run() throws {
        guard let name else {
            let schema = report ? JSONReportSchema.value : Scenario.jsonSchema
            return Console.writeOutput(schema.text(pretty: true) + "\n")
        }
        guard let entry = LanguageGuide.entry(name) else {
            let near = Spelling.nearest(to: name, among: LanguageGuide.names)
            throw Diagnostic(
                .usage, "the language has no \(name.quotedForMessage)",
                notes: [
                    near.map { "did you mean \($0.quotedForMessage)?" }
                        ?? "its objects are \(LanguageGuide.names.filter { !$0.contains(".") }.joined(separator: ", "))"
                ])
        }
        Console.writeOutput(Self.text(entry))
    }

    private static func text(_ entry: LanguageGuide.Entry) -> String {
        var text = "\(entry.name): \(plain(entry.sentence))\n"
        for field in entry.fields {
            text += "\n  \(field.name)  \(plain(field.value))\n      \(plain(field.meaning))\n"
            if let preset = field.preset { text += "      Left out: \(plain(preset)).\n" }
            if let object = field.object { text += "      Its fields: krun schema \(object)\n" }
        }
        return text
    }

    /// Without the marks of Markdown for code.
    private static func plain(_ text: String) -> String { text.replacing("`", with: "") }
}

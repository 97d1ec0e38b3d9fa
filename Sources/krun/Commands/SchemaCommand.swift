import ArgumentParser
import KrunJSON
import KrunReports
import KrunScenario

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Writes the JSON Schema of scenario files, with which an editor completes and checks them.",
        discussion: """
            It is that of this version, and nothing is read for it. Keep a copy beside your scenarios, and name it in them or in the \
            settings of your editor (docs/scenario-language.md):

              mkdir -p .krun
              krun schema > .krun/scenario.schema.json

            With --report it is that of the JSON reports (docs/report-json.md), for programs that read them.
            """)

    @Flag(help: "Write the schema of JSON reports instead.")
    var report = false

    func run() {
        let schema = report ? JSONReportSchema.value : Scenario.jsonSchema
        Console.writeOutput(schema.text(pretty: true) + "\n")
    }
}

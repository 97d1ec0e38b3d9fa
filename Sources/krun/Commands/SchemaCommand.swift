import ArgumentParser
import KrunJSON
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
            """)

    func run() {
        Console.writeOutput(Scenario.jsonSchema.text(pretty: true) + "\n")
    }
}

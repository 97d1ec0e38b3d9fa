import ArgumentParser
import KrunDiagnostics
import KrunTools

struct NewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Writes a small scenario that passes, to begin one of your own with.",
        discussion: """
            It has a topic, messages with keys, a group that reads them, and what is expected of both. Where the file's folder or one above \
            it, within the same repository, has .krun/scenario.schema.json (`krun schema` writes it), the file names it for your editor.

              krun new orders
              krun orders.json
            """)

    @Argument(
        help: ArgumentHelp(
            "The file to write, with folders or without; .json is added where it is missing. - is stdout.",
            valueName: "name"),
        completion: .file(extensions: ["json"]))
    var name: String

    @Flag(help: "Replace the file if it is there.")
    var force = false

    func run() throws {
        guard name != "-" else { return Console.writeOutput(StarterScenario.text()) }
        let target = ScenarioTarget(try Self.path(of: name), force: force)
        try target.check()
        try target.write(StarterScenario.text(schema: EditorSchema.path(fromFolderOf: target.path)))
        Console.writeError(target.hint)
    }

    /// The name with `.json` at its end.
    private static func path(of name: String) throws(Diagnostic) -> String {
        let last = name.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard !["", ".", "..", ".json"].contains(last) else {
            let given = name.isEmpty ? "\"\"" : name
            throw Diagnostic(
                .usage, "\(given) names no file",
                notes: ["krun new takes the name of a file to write, such as orders, orders.json or scenarios/orders"])
        }
        return last.hasSuffix(".json") ? name : name + ".json"
    }
}

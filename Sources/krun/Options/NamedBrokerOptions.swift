import ArgumentParser
import KrunDiagnostics

/// A Kafka by its name in the project's file.
struct NamedBrokerOptions: ParsableArguments {
    @Option(
        name: .customLong("broker"),
        help: ArgumentHelp("A Kafka by its name in the project's krun.json.", valueName: "name"))
    var name: String?

    /// Refuses to have two Kafkas named.
    func check(beside brokers: String?) throws {
        guard name != nil, brokers != nil else { return }
        throw ValidationError("--broker names a Kafka of krun.json, --brokers its addresses: give one of them.")
    }

    /// The Kafka of that name; nil without one. Only then the project's file is read.
    ///
    /// - Throws: what is wrong with that file, or that it has none of that name.
    func broker() throws -> ProjectFile.Broker? {
        if name == nil { return nil }
        return try broker(in: try ProjectFile.find())
    }

    /// The same with the project's file at hand.
    ///
    /// - Throws: a usage diagnostic where it has none of that name.
    func broker(in project: ProjectFile?) throws(Diagnostic) -> ProjectFile.Broker? {
        guard let name else { return nil }
        guard let project else {
            throw Diagnostic(
                .usage, "--broker \(name): there is no \(ProjectFile.name)",
                notes: [
                    "it is looked for here, and in the folders above up to the root of the repository",
                    "--brokers names a Kafka by its addresses",
                ])
        }
        if let broker = project.brokers.first(where: { $0.name == name }) { return broker }
        let names = project.brokers.map(\.name)
        let note =
            Spelling.nearest(to: name, among: names).map { "did you mean \"\($0)\"?" }
            ?? (names.isEmpty ? "it names none" : "it names: \(names.joined(separator: ", "))")
        throw Diagnostic(.usage, "--broker \(name): \(project.path) names no such broker", notes: [note])
    }
}

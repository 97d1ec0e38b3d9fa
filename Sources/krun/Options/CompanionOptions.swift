import ArgumentParser
import KrunDiagnostics

/// A program beside the steps of each scenario: somebody's own service.
struct CompanionOptions: ParsableArguments {
    @Option(
        name: .customLong("with"),
        help: ArgumentHelp(
            "Run this command of the shell beside the steps of each scenario: it begins once the topics are there, and is ended with the scenario. It finds the Kafka in KRUN_BROKERS and KAFKA_BOOTSTRAP_SERVERS, and the file's name in KRUN_SCENARIO. Names of topics and groups are as in the file, as with --exact-names.",
            valueName: "command"))
    var command: String?

    @Option(
        name: .customLong("with-ready"),
        help: ArgumentHelp(
            "Run the steps only when the command has said a line with this in it.", valueName: "text"))
    var ready: String?

    @Option(
        name: .customLong("with-wait"),
        help: ArgumentHelp("How long to wait for what --with-ready names.", valueName: "duration"))
    var wait: DurationArgument = DurationArgument(.seconds(60), "60s")

    @Option(
        name: .customLong("with-grace"),
        help: ArgumentHelp(
            "How long the command has to end after SIGTERM, before SIGKILL.", valueName: "duration"))
    var grace: DurationArgument = DurationArgument(.seconds(10), "10s")

    @Option(
        name: .customLong("with-env"), parsing: .singleValue,
        help: ArgumentHelp(
            "Another environment variable in which the command finds the Kafka; may be repeated.", valueName: "name"))
    var variables: [String] = []

    func validate() throws {
        if command?.allSatisfy(\.isWhitespace) == true { throw ValidationError("--with takes a command of the shell.") }
        if ready?.isEmpty == true {
            throw ValidationError("--with-ready takes a text that the command says when it is ready.")
        }
        if command == nil, ready != nil { throw ValidationError("--with-ready is of the command that --with names.") }
        if command == nil, !variables.isEmpty {
            throw ValidationError("--with-env is of the command that --with names.")
        }
        for name in variables where !CommandEnvironment.isName(name) {
            throw ValidationError("--with-env takes the name of an environment variable, not '\(name)'.")
        }
    }

    /// - Parameter isTold: whether each line of the command's output is shown as it comes.
    func service(isTold: Bool) -> ServiceCommand? {
        guard let command else { return nil }
        var service = ServiceCommand(
            command: command, ready: ready, wait: wait, grace: grace.duration, variables: variables)
        if isTold { service.tell = { line in Console.writeError("| \(TerminalText.safe(line))\n") } }
        return service
    }
}

import ArgumentParser
import KrunControl
import KrunDiagnostics
import KrunOutcome

struct StepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "step",
        abstract: "Runs one step on a broker that runs already: a fault, a look at a group, a change of a topic.",
        discussion: """
              krun broker --control 9095 --brokers 3 --topic orders:3
              krun step '{ "fault": "broker-down", "broker": 2 }' --control 127.0.0.1:9095
              krun step '{ "fault": "heal" }' --control 127.0.0.1:9095

            The step is one of the language's own, as in "steps" of a scenario. Faults last until a step heals them; members \
            that a step brings leave at its end. A command of krun broker --control 0 -- COMMAND finds the address in KRUN_CONTROL.
            """)

    @Argument(help: ArgumentHelp("The step's JSON; - for stdin, @FILE for a file.", valueName: "step"))
    var step: String
    @Option(
        help: ArgumentHelp(
            "Where the broker is controlled, an address of this machine. (env: KRUN_CONTROL)", valueName: "host:port"))
    var control: String?
    @OptionGroup var result: ResultOptions

    func run() async throws {
        let (address, chosenBy) = try address()
        let reply = try await ControlClient.run(try text(), at: address, chosenBy: chosenBy)
        switch result.output {
        case .json: Console.writeDocument(reply.text)
        case .pretty:
            if let line = reply.line(Console.style(of: .output, result.color.choice)) {
                Console.writeOutput(line + "\n")
            }
            if !reply.problems.isEmpty { Console.writeError(reply.problems.joined(separator: "\n\n") + "\n") }
        }
        // What was refused was not run.
        let code = reply.status == .skipped ? ExitCodes.runtime : reply.status.map { ExitCodes.code(for: $0) }
        if code != ExitCodes.held { throw ExitCode(code ?? ExitCodes.runtime) }
    }

    private func address() throws(Diagnostic) -> (ControlAddress, chosenBy: String) {
        let (text, chosenBy) =
            control.map { ($0, "--control") } ?? (Console.environment("KRUN_CONTROL") ?? "", "KRUN_CONTROL")
        guard !text.isEmpty else {
            throw Diagnostic(
                .usage, "no broker to control is named",
                notes: ["--control 127.0.0.1:PORT names it, or KRUN_CONTROL, as `krun broker --control 0` says it"])
        }
        guard let address = ControlAddress(text) else {
            throw Diagnostic(
                .usage, "\(chosenBy) \(TerminalText.safe(text)) is no address of this machine with a port",
                notes: ["127.0.0.1:PORT, localhost:PORT or [::1]:PORT"])
        }
        return (address, chosenBy)
    }

    private func text() throws -> [UInt8] {
        if step == "-" { return try NamedInput("-").read(noun: "step") }
        guard step.hasPrefix("@") else { return Array(step.utf8) }
        return try NamedInput(String(step.dropFirst())).read(noun: "step")
    }
}

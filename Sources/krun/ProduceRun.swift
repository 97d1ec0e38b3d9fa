import ArgumentParser
import KrunConnection
import KrunDiagnostics
import KrunTools

/// `krun produce` on this terminal.
struct ProduceRun {
    let request: ProduceRequest
    let address: KafkaConnection.Address
    let verbose: Bool
    let color: Console.ColorChoice

    /// - Throws: what is wrong, or the exit code.
    func run() throws {
        let interruption = Interruption()
        let signals = InterruptionSignals(
            interruption,
            saying: InterruptionSignals.Words(
                first: "interrupted: waiting for what was sent (once more to stop at once)\n",
                second: "interrupted again: stopping at once\n"))
        let retries = RetryWatch(address.properties)
        let output = ProduceConsole(style: Console.style(of: .error, color))
        let display = WaitDisplay(color: color, isLineShown: !verbose)
        let waits = WaitBoard()
        display.follow(waits)
        let outcome: ProduceOutcome
        do {
            let kafka = try KafkaConnection.open(
                address, log: retries.makeLog(handler: verbose ? LogLines.write : nil),
                waits: waits, tell: { display.tell($0) }, interruption: interruption)
            outcome = try ProduceSession(request, on: kafka, retries: retries, output: output) {
                interruption.isRequested
            }.run()
        } catch is Interrupted {
            throw ExitCode(ExitCodes.interrupted)
        }
        withExtendedLifetime(signals) {}
        Console.write(TerminalText.safe(outcome.totals) + "\n", to: request.output == .pretty ? .output : .error)
        for problem in outcome.problems { Console.printError(problem, color) }
        if outcome.isInterrupted { throw ExitCode(ExitCodes.interrupted) }
        let codes = outcome.problems.map { ExitCodes.code(for: $0.kind) }
        throw ExitCode(codes.min() ?? ExitCodes.held)
    }
}

/// Results on stdout, everything else on stderr.
private struct ProduceConsole: ProduceOutput {
    let style: TextStyle

    var isWatched: Bool { Console.isTerminal(.output) }
    var isInputTyped: Bool { StandardInput.kind == .terminal }

    func writeResults(_ text: [UInt8]) -> Bool {
        Console.writeOutput(text)
    }

    func say(_ line: String) {
        Console.write(style.dim(TerminalText.safe(line)) + "\n", to: .error)
    }

    func warn(_ line: String) {
        Console.write(style.yellow(TerminalText.safe("warning: " + line)) + "\n", to: .error)
    }

    func readInput(_ bytes: UnsafeMutableRawBufferPointer, isOver: () -> Bool) throws -> Int {
        try StandardInput.read(bytes, isOver: isOver)
    }
}

import ArgumentParser
import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunTools

/// `krun consume` on this terminal.
struct ConsumeRun {
    let request: ConsumeRequest
    let address: KafkaConnection.Address
    let verbose: Bool
    let color: Console.ColorChoice

    /// - Throws: what ended it before its time, or the exit code.
    func run() throws {
        let interruption = Interruption()
        let leaving = Interruption()
        let signals = InterruptionSignals(interruption, saying: nil)
        let handler: (@Sendable (ClientLog.Line) -> Void)? = verbose ? LogLines.write : nil
        let notices: Console.Stream = request.format == .pretty ? .output : .error
        let output = ConsumeConsole(notices: notices, style: Console.style(of: notices, color))
        let display = WaitDisplay(color: color, isLineShown: !verbose)
        let waits = WaitBoard()
        display.follow(waits)
        let kafka: KafkaConnection
        let outcome: ConsumeOutcome
        do {
            kafka = try KafkaConnection.open(
                address, log: ClientLog(handler: handler), waits: waits, tell: { display.tell($0) },
                interruption: interruption
            ) {
                interruption.isRequested && !leaving.isRequested
            }
            outcome = try ConsumeSession(request, on: kafka, log: ClientLog(handler: handler), output: output) {
                guard interruption.isRequested else { return false }
                leaving.request()
                return true
            }.run()
        } catch is Interrupted {
            throw ExitCode(request.isEndless ? ExitCodes.held : ExitCodes.interrupted)
        }
        withExtendedLifetime(signals) {}
        // The terminal has written ^C on a line of its own.
        if outcome.end == .interrupted, Console.isTerminal(notices) { Console.write("\n", to: notices) }
        if let trouble = outcome.trouble {
            Console.printError(trouble, color)
        }
        if outcome.end != .readerGone { Console.write(outcome.summary(output.style), to: notices) }
        throw ExitCode(exitCode(outcome))
    }

    private func exitCode(_ outcome: ConsumeOutcome) -> Int32 {
        if let trouble = outcome.trouble, trouble.kind != .warning { return ExitCodes.code(for: trouble.kind) }
        // To end a consumer that has no other end is what Ctrl+C is for.
        return outcome.end == .interrupted && !request.isEndless ? ExitCodes.interrupted : ExitCodes.held
    }
}

/// Records on stdout, in the order in which everything happened.
private final class ConsumeConsole: ConsumeOutput {
    let notices: Console.Stream
    let style: TextStyle

    init(notices: Console.Stream, style: TextStyle) {
        self.notices = notices
        self.style = style
    }

    func writeRecords(_ text: [UInt8]) -> Bool {
        Console.writeOutput(text)
    }

    var isReaderGone: Bool { Console.isReaderGone(.output) }

    func say(_ line: String) {
        Console.write(style.dim(TerminalText.safe(line)) + "\n", to: notices)
    }

    func warn(_ line: String) {
        Console.write(style.yellow(TerminalText.safe("warning: " + line)) + "\n", to: .error)
    }
}

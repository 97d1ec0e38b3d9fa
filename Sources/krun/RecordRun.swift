import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunTools

/// `krun record` on this terminal.
struct RecordRun {
    let request: RecordRequest
    let address: KafkaConnection.Address
    let log: ClientLog
    /// `-` is stdout.
    let output: String
    /// Whether a file that is there is replaced.
    let force: Bool
    let color: Console.ColorChoice

    func run() throws {
        let target = output == "-" ? nil : ReportTarget(output)
        try check(target)
        let display = WaitDisplay(color: color)
        let waits = WaitBoard()
        display.follow(waits)
        let kafka = try KafkaConnection.openForRecording(address, log: log, waits: waits) { display.tell($0) }
        let recording = try Recording.make(request, on: kafka)
        waits.end()
        if let target {
            do {
                try target.write(recording.text) { true }
            } catch {
                throw trouble(error.reason)
            }
        } else {
            Console.writeOutput(recording.text)
        }
        recording.remarks.forEach { Console.printError($0, color) }
        recording.summary.forEach(say)
        if target != nil { say("wrote \(output); `krun \(output)` runs it") }
    }

    /// Found out now, and not when all has been read.
    private func check(_ target: ReportTarget?) throws(Diagnostic) {
        guard let target else { return }
        if output.isEmpty { throw trouble("it has no name") }
        if !force, target.isFile {
            throw Diagnostic(.usage, "\(output) is there already", notes: ["--force replaces it"])
        }
        if !force, target.isLinkToNowhere {
            throw Diagnostic(
                .usage, "\(output) is a link to a file that is not there",
                notes: ["--force makes the file that it leads to"])
        }
        if !force, LinkedFile.writesElsewhere(output) {
            throw Diagnostic(
                .usage, "\(output) is reached by a link that leads elsewhere",
                notes: ["--force writes there all the same"])
        }
        do throws(ReportTarget.Problem) {
            try target.prepare()
        } catch {
            throw trouble(error.reason)
        }
    }

    private func trouble(_ reason: String) -> Diagnostic {
        Diagnostic(.usage, "cannot write the scenario \(output.isEmpty ? "\"\"" : output)", notes: [reason])
    }

    private func say(_ line: String) {
        Console.writeError(TerminalText.safe(line) + "\n")
    }
}

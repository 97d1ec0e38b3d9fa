import KrunDiagnostics
import KrunKafka

/// librdkafka's log on stderr, made safe, for it repeats what brokers say, and marked so that it cannot be taken for krun's own words.
enum LogLines {
    static func write(_ line: String) {
        Console.writeError("** \(TerminalText.safe(line))\n")
    }

    @Sendable static func write(_ line: ClientLog.Line) {
        write("\(line.facility): \(line.text)")
    }
}

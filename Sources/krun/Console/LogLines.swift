import KrunKafka

/// librdkafka's log as `-v` shows it, marked so that it cannot be taken for krun's own words.
enum LogLines {
    @Sendable static func write(_ line: ClientLog.Line) {
        Console.writeError("** \(line.facility): \(line.text)\n")
    }
}

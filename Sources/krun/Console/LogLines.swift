import KrunKafka

/// librdkafka's log on stderr, marked so that it cannot be taken for krun's own words.
enum LogLines {
    static func write(_ line: String) {
        Console.writeError("** \(line)\n")
    }

    @Sendable static func write(_ line: ClientLog.Line) {
        write("\(line.facility): \(line.text)")
    }
}

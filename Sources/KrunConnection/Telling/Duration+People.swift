extension Duration {
    /// As a person says it: `12 ms`, `3.1 s`, `2 min 5 s`.
    package var formattedForPeople: String {
        let milliseconds = Int64(self / .milliseconds(1))
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        if milliseconds < 60_000 {
            let tenths = (milliseconds + 50) / 100
            return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
        }
        let seconds = milliseconds / 1000
        return seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds / 60) min \(seconds % 60) s"
    }

    /// As a property of librdkafka has it, which takes no less than a millisecond.
    package var millisecondsText: String { String(max(1, Int64(self / .milliseconds(1)))) }
}

/// Numbers and durations as people read them.
package enum Amounts {
    /// The number with a space between thousands: `9 990`.
    package static func number(_ value: some BinaryInteger) -> String {
        let digits = String(value.magnitude)
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += " " }
            text.append(digit)
        }
        return text
    }

    /// The number and its noun: `1 message`, `5 messages`; `plural` where it is not made with an s.
    package static func count(_ value: Int, _ noun: String, plural: String? = nil) -> String {
        "\(number(value)) \(value == 1 ? noun : plural ?? noun + "s")"
    }

    /// `1st`, `2nd`, `3rd`, `4th`, `11th`, `21st`.
    package static func ordinal(_ number: Int) -> String {
        let ending =
            switch (number % 10, number % 100) {
            case (_, 11...13): "th"
            case (1, _): "st"
            case (2, _): "nd"
            case (3, _): "rd"
            default: "th"
            }
        return "\(self.number(number))\(ending)"
    }

    /// The duration in the unit that suits it: `<1 ms`, `12 ms`, `0.4 s`, `2 min 5 s`, `1 h 2 min`.
    package static func duration(_ duration: Duration) -> String {
        let microseconds = microseconds(duration)
        if microseconds < 500 { return microseconds <= 0 ? "0 ms" : "<1 ms" }
        let milliseconds = (microseconds + 500) / 1_000
        if milliseconds < 100 { return "\(milliseconds) ms" }
        let tenths = (microseconds + 50_000) / 100_000
        if tenths < 600 { return "\(tenths / 10).\(tenths % 10) s" }
        let seconds = (microseconds + 500_000) / 1_000_000
        if seconds < 3_600 { return "\(seconds / 60) min \(seconds % 60) s" }
        let minutes = (seconds + 30) / 60
        return "\(minutes / 60) h \(minutes % 60) min"
    }

    /// The duration in whole microseconds, rounded down.
    package static func microseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }

    /// Partition numbers in one phrase: `0, 2, 5`, and beyond eight of them `0, 1, 2, 3, 4, 5, 6, 7 … 24 in all`.
    package static func list(_ items: [String], limit: Int = 8) -> String {
        if items.count <= limit { return items.joined(separator: ", ") }
        return items.prefix(limit).joined(separator: ", ") + " … \(number(items.count)) in all"
    }
}

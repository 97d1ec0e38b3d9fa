/// Durations, sizes and timestamps as the language writes them.
package enum Units {
    /// `"500ms"`, `"1.5s"`, `"2m"`; nil when it is none.
    static func duration(_ text: String) -> Duration? {
        guard let (number, unit) = split(text) else { return nil }
        let nanoseconds: Int64
        switch unit {
        case "us": nanoseconds = 1_000
        case "ms": nanoseconds = 1_000_000
        case "s": nanoseconds = 1_000_000_000
        case "m": nanoseconds = 60_000_000_000
        case "h": nanoseconds = 3_600_000_000_000
        default: return nil
        }
        return scaled(number, by: nanoseconds).map { .nanoseconds($0) }
    }

    /// The duration as the language writes it, in the largest unit that divides it.
    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        let units: [(String, Int64)] = [("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1_000)]
        for (unit, length) in units where microseconds != 0 && microseconds % length == 0 {
            return "\(microseconds / length)\(unit)"
        }
        return microseconds == 0 ? "0s" : "\(microseconds)us"
    }

    /// `"16KiB"`, `"5MB"`; nil when it is none.
    package static func size(_ text: String) -> Int64? {
        guard let (number, unit) = split(text) else { return nil }
        let factors: [String: Int64] = [
            "B": 1, "KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000,
            "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30,
        ]
        return factors[String(unit)].flatMap { scaled(number, by: $0) }
    }

    /// A decimal number and what follows it.
    private static func split(_ text: String) -> (number: Substring, unit: Substring)? {
        // Nobody writes one that is longer, and a stranger may write many.
        guard text.utf8.count <= 64 else { return nil }
        let end = text.firstIndex { !($0.isASCII && $0.isNumber || $0 == ".") } ?? text.endIndex
        return end == text.startIndex ? nil : (text[..<end], text[end...])
    }

    /// The decimal number times the factor; nil when it is malformed, beyond 64 bits or no whole number then.
    private static func scaled(_ number: Substring, by factor: Int64) -> Int64? {
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = Int64(parts[0]) else { return nil }
        var (result, overflow) = whole.multipliedReportingOverflow(by: factor)
        if overflow { return nil }
        if parts.count == 2 {
            guard parts[1].count <= 9, let fraction = Int64(parts[1]) else { return nil }
            let divisor = (0..<parts[1].count).reduce(Int64(1)) { value, _ in value * 10 }
            let (scaled, tooLarge) = fraction.multipliedReportingOverflow(by: factor)
            guard !tooLarge, scaled % divisor == 0 else { return nil }
            (result, overflow) = result.addingReportingOverflow(scaled / divisor)
            if overflow { return nil }
        }
        return result
    }
}

extension Duration {
    /// A duration as the language writes it, such as `"500ms"` or `"1h"`; nil when the text is none.
    public init?(scenarioText text: String) {
        guard let duration = Units.duration(text) else { return nil }
        self = duration
    }
}

/// Points in time as RFC 3339 writes them: `2026-01-31T12:00:00.250Z`, `…+02:00`.
package enum Timestamp {
    /// Those that a message can be sent with, in milliseconds since 1970-01-01 UTC: librdkafka takes 0 for "now".
    package static let range: ClosedRange<Int64> = 1...Int64.max

    /// Milliseconds since 1970-01-01 UTC; nil when it is none. Parts of a millisecond are refused, as Kafka has none.
    package static func milliseconds(_ text: String) -> Int64? {
        var rest = text.utf8[...]
        guard let year = digits(4, &rest), take("-", &rest), let month = digits(2, &rest), take("-", &rest),
            let day = digits(2, &rest), take("T", &rest) || take("t", &rest) || take(" ", &rest),
            let hour = digits(2, &rest), take(":", &rest), let minute = digits(2, &rest), take(":", &rest),
            let second = digits(2, &rest)
        else { return nil }
        var millisecond: Int64 = 0
        if take(".", &rest) {
            let fraction = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            rest = rest.dropFirst(fraction.count)
            guard !fraction.isEmpty, fraction.dropFirst(3).allSatisfy({ $0 == UInt8(ascii: "0") }) else { return nil }
            for place in 0..<3 {
                let index = fraction.index(fraction.startIndex, offsetBy: place, limitedBy: fraction.endIndex)
                let digit = index.flatMap { $0 < fraction.endIndex ? fraction[$0] : nil } ?? UInt8(ascii: "0")
                millisecond = millisecond * 10 + Int64(digit - UInt8(ascii: "0"))
            }
        }
        guard let offset = zone(&rest), rest.isEmpty, (1...12).contains(month),
            (1...daysIn(month, year)).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        let minutes = (daysSince1970(year, month, day) * 24 + hour) * 60 + minute - offset
        return (minutes * 60 + second) * 1_000 + millisecond
    }

    /// Whether the text looks like one, whatever day it names.
    static func isWritten(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.count >= 20 && bytes[4] == UInt8(ascii: "-") && bytes[7] == UInt8(ascii: "-")
    }

    /// Minutes east of UTC.
    private static func zone(_ rest: inout Substring.UTF8View) -> Int64? {
        if take("Z", &rest) || take("z", &rest) { return 0 }
        let west = take("-", &rest)
        guard west || take("+", &rest), let hours = digits(2, &rest), take(":", &rest),
            let minutes = digits(2, &rest), hours < 24, minutes < 60
        else { return nil }
        return (west ? -1 : 1) * (hours * 60 + minutes)
    }

    private static func digits(_ count: Int, _ rest: inout Substring.UTF8View) -> Int64? {
        let text = rest.prefix(count)
        guard text.count == count, text.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        rest = rest.dropFirst(count)
        return Int64(String(decoding: text, as: UTF8.self))
    }

    private static func take(_ character: Unicode.Scalar, _ rest: inout Substring.UTF8View) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    private static func daysIn(_ month: Int64, _ year: Int64) -> Int64 {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Counted in the proleptic Gregorian calendar, in years that begin in March so that a leap day comes last.
    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let monthsSinceMarch = (month + 9) % 12
        let days = 365 * year + year / 4 - year / 100 + year / 400 + (monthsSinceMarch * 153 + 2) / 5 + day - 1
        return days - 719_468
    }
}

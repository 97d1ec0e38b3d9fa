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

extension String {
    /// Fit for one line of a log, whatever a client sent: control characters replaced, cut after 120 characters.
    var oneLine: String {
        let isPlain = utf8.count <= 120 && utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        if isPlain { return self }
        var text = ""
        for (index, character) in unicodeScalars.enumerated() {
            if index == 120 { return text + "…" }
            let isControl = character.value < 0x20 || (0x7F...0x9F).contains(character.value)
            let breaksLine = character.value == 0x2028 || character.value == 0x2029
            text.unicodeScalars.append(isControl || breaksLine ? "\u{FFFD}" : character)
        }
        return text
    }

    /// Not more than 256 bytes of it, so that what is remembered does not grow with what a client sends.
    var bounded: String {
        guard utf8.count > 256 else { return self }
        return String(decoding: utf8.prefix(256), as: UTF8.self)
    }
}

extension Duration {
    /// `1.204 s`, or `0.42 ms` below a second.
    var shown: String {
        let (seconds, attoseconds) = components
        if seconds != 0 { return "\(Self.decimal(seconds, attoseconds / 1_000_000_000_000, digits: 6)) s" }
        let nanoseconds = attoseconds / 1_000_000_000
        return "\(Self.decimal(nanoseconds / 1_000_000, nanoseconds % 1_000_000, digits: 6, least: 0, keep: 3)) ms"
    }

    /// Seconds with six decimals: `1.204567`.
    var timestamp: String {
        Self.decimal(components.seconds, components.attoseconds / 1_000_000_000_000, digits: 6, least: 6, keep: 6)
    }

    private static func decimal(
        _ whole: Int64, _ fraction: Int64, digits: Int, least: Int = 0, keep: Int = 3
    ) -> String {
        let sign = whole < 0 || fraction < 0 ? "-" : ""
        var text = String(fraction.magnitude)
        text = String((String(repeating: "0", count: max(0, digits - text.count)) + text).prefix(keep))
        while text.count > least, text.last == "0" { text.removeLast() }
        return "\(sign)\(whole.magnitude)\(text.isEmpty ? "" : ".")\(text)"
    }
}

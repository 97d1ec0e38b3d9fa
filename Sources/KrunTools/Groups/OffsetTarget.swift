import KrunScenario

/// Where a group is to go on in each partition: `--to` and `--by`.
package enum OffsetTarget: Hashable, Sendable {
    /// The first offset still there.
    case earliest
    /// Behind the last record.
    case latest
    case offset(Int64)
    /// The first record that is as late as this, in milliseconds since 1970, or later.
    case time(Int64)
    /// So many offsets on from what is committed, or back.
    case shift(Int64)

    /// What `--to` takes: `earliest`, `latest`, an offset, a time as RFC 3339 writes it, or `@` and milliseconds since 1970; nil for
    /// anything else.
    package init?(_ text: String) {
        switch text {
        case "earliest": self = .earliest
        case "latest": self = .latest
        default:
            let isMoment = text.hasPrefix("@")
            let digits = isMoment ? text.dropFirst() : text[...]
            if !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
                guard let number = Int64(digits) else { return nil }
                self = isMoment ? .time(number) : .offset(number)
            } else {
                // Kafka takes negative times for something else.
                guard let time = Timestamp.milliseconds(text), time >= 0 else { return nil }
                self = .time(time)
            }
        }
    }
}

/// Where a group is to go on in each partition: `--to` and `--by`.
package enum OffsetTarget: Hashable, Sendable {
    /// Not `committed`, where it stands already.
    case start(StartPoint)
    /// So many offsets on from what is committed, or back.
    case shift(Int64)

    /// What `--to` takes, for error messages.
    package static let forms =
        "earliest, latest, an offset (12), the last records of each partition (-12), or the first since a time "
        + "(2026-01-31T08:00:00Z, or @ and milliseconds since 1970)"

    /// Nil when the text is none of the forms.
    package init?(to text: String) {
        if text.hasPrefix("@") {
            let digits = text.dropFirst()
            guard digits.first != "+", let time = Int64(digits), time >= 0 else { return nil }
            self = .start(.time(time))
        } else {
            guard let start = StartPoint(text), start != .committed else { return nil }
            self = .start(start)
        }
    }
}

/// What ListOffsets may ask a log for.
package enum LogOffsetQuery: Equatable, Sendable {
    /// The log start offset; -2 on the wire, and -4 (earliest local) is the same where nothing is tiered.
    case earliest
    /// The end of what the isolation lets be read; -1 on the wire.
    case latest
    /// The first record that has the greatest timestamp; -3 on the wire (KIP-734).
    case maxTimestamp
    /// The first record with this timestamp or a later one.
    case timestamp(Int64)

    /// From the timestamp of a request. nil for -5, the latest tiered offset, which here is never known: offset -1.
    package init?(wireTimestamp: Int64) {
        switch wireTimestamp {
        case -1: self = .latest
        case -2, -4: self = .earliest
        case -3: self = .maxTimestamp
        case -5: return nil
        default: self = .timestamp(wireTimestamp)
        }
    }
}

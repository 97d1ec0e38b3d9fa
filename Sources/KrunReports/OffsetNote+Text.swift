package import KrunOutcome

extension OffsetNote {
    /// Such as `fewer than 5 are there`.
    package var text: String {
        switch self {
        case .fewer(let count): "fewer than \(Amounts.number(count)) are there"
        case .noRecordAsLate: "no record is as late"
        case .beforeFirst(let wanted): "\(Amounts.number(wanted)) is before the first"
        case .beyondEnd(let wanted): "\(Amounts.number(wanted)) is beyond the end"
        case .nothingCommitted: "nothing committed to go from"
        }
    }
}

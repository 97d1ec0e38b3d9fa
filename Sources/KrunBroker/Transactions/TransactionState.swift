/// Where a transactional id stands, by the names that Kafka prints in DescribeTransactions and ListTransactions.
package enum TransactionState: String, CaseIterable, Sendable {
    /// A producer id was given out and no transaction was begun with it.
    case empty = "Empty"
    case ongoing = "Ongoing"
    /// The end is decided; markers are being written.
    case prepareCommit = "PrepareCommit"
    case prepareAbort = "PrepareAbort"
    /// The markers are written; the same producer may begin the next transaction.
    case completeCommit = "CompleteCommit"
    case completeAbort = "CompleteAbort"
    /// Expired and forgotten: seen in events only.
    case dead = "Dead"
    /// Named as Kafka names it so that a filter on it is no unknown state; the coordinator passes through it within one call.
    case prepareEpochFence = "PrepareEpochFence"

    /// Whether the markers of the transaction are still to be written.
    package var isPreparing: Bool { self == .prepareCommit || self == .prepareAbort }

    /// Whether the transactional id may be forgotten when nothing was heard of it for long.
    var mayExpire: Bool { self == .empty || self == .completeCommit || self == .completeAbort }
}

/// Which transactions compaction is within as it walks over a log: what was aborted goes at once, a marker when all
/// that it ended is gone.
struct CleanedTransactions {
    private var committed: Set<Int64> = []
    private var ongoing: [Int64: (transaction: AbortedTransaction, hasBatches: Bool)] = [:]
    /// By first offset, the next one last.
    private var upcoming: [AbortedTransaction]
    /// Those whose marker stays since batches of theirs were met.
    private(set) var kept: [AbortedTransaction] = []

    init(aborted: [AbortedTransaction]) {
        upcoming = aborted.sorted { $0.firstOffset > $1.firstOffset }
    }

    /// Whether a batch is part of an aborted transaction.
    mutating func isAborted(_ header: RecordBatchHeader) -> Bool {
        begin(upTo: header.lastOffset)
        guard header.isTransactional else { return false }
        guard ongoing[header.producerId] != nil else {
            committed.insert(header.producerId)
            return false
        }
        ongoing[header.producerId]?.hasBatches = true
        return true
    }

    /// Whether nothing is left of what a control batch ended; `isCommit` is nil when the batch has no record or is none
    /// of a transaction.
    mutating func endsNothing(_ header: RecordBatchHeader, isCommit: Bool?) -> Bool {
        begin(upTo: header.lastOffset)
        guard header.recordCount > 0 else { return true }
        switch isCommit {
        case true?:
            return committed.remove(header.producerId) == nil
        case false?:
            guard let ended = ongoing.removeValue(forKey: header.producerId), ended.hasBatches else { return true }
            kept.append(ended.transaction)
            return false
        case nil:
            return false
        }
    }

    private mutating func begin(upTo offset: Int64) {
        while let next = upcoming.last, next.firstOffset <= offset {
            upcoming.removeLast()
            if ongoing[next.producerId] == nil { ongoing[next.producerId] = (next, false) }
        }
    }
}

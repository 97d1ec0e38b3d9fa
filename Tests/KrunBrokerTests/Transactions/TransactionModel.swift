import KrunWire

@testable import KrunBroker

/// What a transactional id may answer, written down the short way: who holds it, and how far its transaction is.
struct TransactionModel {
    struct Producer: Hashable {
        let id: Int64
        let epoch: Int16
    }

    enum Phase: Equatable {
        case idle
        case open(until: Duration)
        case ending(commit: Bool)
        case ended(commit: Bool)
    }

    static let fencedErrors: Set<ErrorCode> = [.producerFenced, .invalidProducerIdMapping]

    var producerId: Int64
    /// Nil while nobody holds it: its last holder was fenced, and no new one has come.
    var holder: Producer?
    /// Of any epoch that was used up, given to a producer or not.
    var lastEpoch: Int16
    var previousProducerId: Int64
    /// Who was answered last by a bump of its own, and may have lost the answer.
    var bumpedFrom: Producer?
    var phase = Phase.idle
    var timeout: Duration
    var partitions: Set<TransactionPartition> = []
    var groups: Set<String> = []
    var touched: Duration
    /// Every producer that was ever shut out of this transactional id.
    var fenced: Set<Producer> = []

    var stateName: String {
        switch phase {
        case .idle: "Empty"
        case .open: "Ongoing"
        case .ending(let commit): commit ? "PrepareCommit" : "PrepareAbort"
        case .ended(let commit): commit ? "CompleteCommit" : "CompleteAbort"
        }
    }

    func deadline(expiration: Duration) -> Duration? {
        switch phase {
        case .open(let until): until
        case .ending: nil
        case .idle, .ended: touched + expiration
        }
    }

    /// The error of adding to the transaction, or nil when it must be one of `fencedErrors`.
    func add(_ producer: Producer) -> ErrorCode? {
        guard producer == holder else { return nil }
        if case .ending = phase { return .concurrentTransactions }
        return ErrorCode.none
    }

    /// The error of ending it, or nil when it must be one of `fencedErrors`.
    func end(_ producer: Producer, commit: Bool) -> ErrorCode? {
        guard producer == holder else { return nil }
        return switch phase {
        case .idle: .invalidTxnState
        case .open: ErrorCode.none
        case .ending(commit): .concurrentTransactions
        case .ended(commit): ErrorCode.none
        case .ending, .ended: .invalidTxnState
        }
    }

    mutating func shutOut() {
        if let holder { fenced.insert(holder) }
        holder = nil
        bumpedFrom = nil
    }

    mutating func grant(_ producer: Producer, to asker: Producer?, timeout: Duration, at time: Duration) {
        if producer != holder { shutOut() }
        previousProducerId = producerId
        producerId = producer.id
        (holder, lastEpoch, bumpedFrom, self.timeout) = (producer, producer.epoch, asker, timeout)
        (phase, touched) = (.idle, time)
    }
}

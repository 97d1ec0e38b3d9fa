internal import KrunNames
internal import KrunWire

extension TransactionCoordinator {
    /// Gives a producer its id and epoch (protocol guide, InitProducerId v0 to v5; KIP-98, KIP-360).
    ///
    /// An ongoing transaction of the same transactional id is aborted first, and the producer told CONCURRENT_TRANSACTIONS until it
    /// asks again after the markers are written.
    /// - Parameters:
    ///   - transactionalId: nil for a producer that is idempotent only: it always gets a new producer id.
    ///   - producerId: what the producer holds and wants bumped, with its epoch; both -1 when it starts anew.
    package mutating func initProducerId(
        transactionalId: String?, timeoutMilliseconds: Int32, producerId: Int64 = -1, producerEpoch: Int16 = -1,
        apiVersion: Int16, now: Now
    ) -> InitProducerIdAnswer {
        guard (producerId == -1) == (producerEpoch == -1) else {
            return InitProducerIdAnswer(errorCode: .invalidRequest)
        }
        guard let id = transactionalId else {
            return InitProducerIdAnswer(errorCode: .none, producerId: producerIds.allocate(), producerEpoch: 0)
        }
        if id.isEmpty { return InitProducerIdAnswer(errorCode: .invalidRequest) }
        guard timeoutMilliseconds > 0, timeoutMilliseconds <= settings.maximumTimeoutMilliseconds else {
            return InitProducerIdAnswer(errorCode: .invalidTransactionTimeout)
        }
        let held: Held? = producerId == -1 ? nil : (producerId, producerEpoch)
        let known =
            transactions[id]
            ?? Transaction(
                transactionalId: id, producerId: producerIds.allocate(), timeoutMilliseconds: timeoutMilliseconds)
        let fenced = InitProducerIdAnswer(errorCode: Self.fenced(knownSince: 4, asked: apiVersion))
        guard known.admits(held) else { return fenced }

        var answer = InitProducerIdAnswer(errorCode: .concurrentTransactions)
        switch known.state {
        case .prepareCommit, .prepareAbort, .dead, .prepareEpochFence:
            return answer
        case .ongoing:
            fence(id, cause: .fenced, now: now, actions: &answer.actions)
            return answer
        case .empty, .completeCommit, .completeAbort:
            var next = known
            if let bumped = known.bumped(held?.epoch) {
                (next.producerEpoch, next.lastProducerEpoch) = bumped
            } else if known.isEpochExhausted, held.map({ $0.epoch == known.producerEpoch }) ?? true {
                next.producerId = producerIds.allocate()
                next.producerEpoch = 0
                next.lastProducerEpoch = held == nil ? -1 : known.producerEpoch
            } else {
                return fenced
            }
            next.previousProducerId = known.producerId
            next.timeoutMilliseconds = timeoutMilliseconds
            transactions[id] = next
            move(id, to: .empty, cause: .initialized, now: now, actions: &answer.actions)
            (answer.errorCode, answer.producerId, answer.producerEpoch) = (.none, next.producerId, next.producerEpoch)
            return answer
        }
    }
}

/// What a producer says it holds when it asks for a bump.
private typealias Held = (id: Int64, epoch: Int16)

extension Transaction {
    /// Whether a producer that holds `held` may ask for a bump: it holds the present producer id, or asks again after the answer that
    /// replaced its exhausted id was lost; a transactional id that expired meanwhile admits any.
    fileprivate func admits(_ held: Held?) -> Bool {
        guard let held, producerEpoch != -1 else { return true }
        return held.id == producerId || (held.id == previousProducerId && held.epoch >= Self.lastEpoch)
    }

    /// The next epoch and the one before it for a producer that holds `epoch` (nil: it starts anew); nil when it is fenced or no epoch is
    /// left.
    ///
    /// Asking again with the epoch before the present one repeats the answer: nobody else was given an epoch in between, or the last
    /// one would be -1. Kafka fails with UNKNOWN_SERVER_ERROR when that happens at the very last epoch; here it is repeated as well.
    fileprivate func bumped(_ epoch: Int16?) -> (epoch: Int16, last: Int16)? {
        guard let epoch, producerEpoch != -1 else { return isEpochExhausted ? nil : (producerEpoch + 1, -1) }
        if epoch == producerEpoch { return isEpochExhausted ? nil : (producerEpoch + 1, producerEpoch) }
        return epoch == lastProducerEpoch ? (producerEpoch, lastProducerEpoch) : nil
    }
}

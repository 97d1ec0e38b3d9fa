internal import KrunNames
package import KrunWire

extension TransactionCoordinator {
    /// What a broker learns when it asks, before a transactional append, whether the partition was added to the transaction (KIP-890,
    /// part 1; AddPartitionsToTxn v4 with `VerifyOnly`).
    package func verify(
        _ partition: TransactionPartition, transactionalId: String, producerId: Int64, producerEpoch: Int16
    ) -> ErrorCode {
        verify(transactionalId, producerId, producerEpoch) { $0.partitions.contains(partition) }
    }

    /// The same for the offsets of a group, before TxnOffsetCommit.
    package func verify(
        group: String, transactionalId: String, producerId: Int64, producerEpoch: Int16
    ) -> ErrorCode {
        verify(transactionalId, producerId, producerEpoch) { $0.groups.contains(ExactName(group)) }
    }

    /// `verify` in the words of a Produce answer: what a producer of that version of Produce can handle.
    package func produceError(
        _ partition: TransactionPartition, transactionalId: String, producerId: Int64, producerEpoch: Int16,
        produceVersion: Int16
    ) -> ErrorCode {
        let error = verify(
            partition, transactionalId: transactionalId, producerId: producerId, producerEpoch: producerEpoch)
        return switch error {
        case .producerFenced: .invalidProducerEpoch
        case .transactionAbortable: produceVersion > 10 ? .transactionAbortable : .invalidTxnState
        // Older producers give up on it; this one they retry, without asking for metadata.
        case .concurrentTransactions: .notEnoughReplicas
        default: error
        }
    }

    private func verify(
        _ id: String, _ producerId: Int64, _ producerEpoch: Int16, _ isThere: (Transaction) -> Bool
    ) -> ErrorCode {
        if id.isEmpty { return .invalidRequest }
        guard let transaction = transactions[id], transaction.producerId == producerId else {
            return .invalidProducerIdMapping
        }
        if transaction.producerEpoch != producerEpoch { return .producerFenced }
        if transaction.state.isPreparing { return .concurrentTransactions }
        return isThere(transaction) ? .none : .transactionAbortable
    }

    /// Where the transactional id stands, or nil if it is not known.
    package func state(of transactionalId: String) -> TransactionState? { transactions[transactionalId]?.state }

    /// One description for each id, in the order asked (protocol guide, DescribeTransactions).
    package func describe(_ transactionalIds: [String]) -> [TransactionDescription] {
        transactionalIds.map { id in
            if id.isEmpty { return TransactionDescription(transactionalId: id, errorCode: .invalidRequest) }
            guard let transaction = transactions[id] else {
                return TransactionDescription(transactionalId: id, errorCode: .transactionalIdNotFound)
            }
            return TransactionDescription(
                transactionalId: id, errorCode: .none, state: transaction.state.rawValue,
                timeoutMilliseconds: transaction.timeoutMilliseconds, startMilliseconds: transaction.startMilliseconds,
                producerId: transaction.producerId, producerEpoch: transaction.producerEpoch,
                partitions: transaction.partitions.sorted(), groups: transaction.groups.sorted().map(\.text))
        }
    }

    /// The transactional ids that pass every filter; an empty filter, or a negative duration, lets all pass (protocol guide,
    /// ListTransactions; KIP-994 for the duration).
    ///
    /// - Parameter longerThanMilliseconds: of those begun before that, whether they ended since or not, as Kafka does.
    package func list(
        states: [String] = [], producerIds: [Int64] = [], longerThanMilliseconds: Int64 = -1, now: Now
    ) -> TransactionListing {
        var listing = TransactionListing()
        listing.unknownStateFilters = states.filter { TransactionState(rawValue: $0) == nil }
        let (states, producerIds) = (Set(states), Set(producerIds))
        listing.transactions = transactions.values
            .filter { transaction in
                (producerIds.isEmpty || producerIds.contains(transaction.producerId))
                    && (states.isEmpty || states.contains(transaction.state.rawValue))
                    && (longerThanMilliseconds < 0
                        || now.wallMilliseconds - transaction.startMilliseconds > longerThanMilliseconds)
            }
            .map {
                TransactionListing.Entry(
                    transactionalId: $0.transactionalId, producerId: $0.producerId, state: $0.state.rawValue)
            }
            .sorted { $0.transactionalId < $1.transactionalId }
        return listing
    }
}

internal import KrunNames
package import KrunWire

extension TransactionCoordinator {
    /// Adds partitions to the transaction, beginning it with the first (protocol guide, AddPartitionsToTxn v0 to v3).
    ///
    /// That they exist is checked by the server before. One answer for all of them.
    package mutating func addPartitions(
        _ partitions: some Collection<TransactionPartition>, transactionalId: String, producerId: Int64,
        producerEpoch: Int16, apiVersion: Int16, now: Now
    ) -> TransactionAnswer {
        add(
            transactionalId, producerId, producerEpoch, apiVersion, now,
            isThere: { transaction in partitions.allSatisfy(transaction.partitions.contains) },
            adding: { $0.partitions.formUnion(partitions) })
    }

    /// Makes the offsets of a group part of the transaction, beginning it if needed (protocol guide, AddOffsetsToTxn).
    package mutating func addOffsets(
        group: String, transactionalId: String, producerId: Int64, producerEpoch: Int16, apiVersion: Int16, now: Now
    ) -> TransactionAnswer {
        add(
            transactionalId, producerId, producerEpoch, apiVersion, now,
            isThere: { $0.groups.contains(ExactName(group)) }, adding: { $0.groups.insert(ExactName(group)) })
    }

    private mutating func add(
        _ id: String, _ producerId: Int64, _ producerEpoch: Int16, _ apiVersion: Int16, _ now: Now,
        isThere: (Transaction) -> Bool, adding: (inout Transaction) -> Void
    ) -> TransactionAnswer {
        if let error = refusal(id, producerId, producerEpoch, apiVersion) { return TransactionAnswer(errorCode: error) }
        guard let state = transactions[id]?.state, !state.isPreparing else {
            return TransactionAnswer(errorCode: .concurrentTransactions)
        }
        var answer = TransactionAnswer(errorCode: .none)
        if state == .ongoing {
            guard let transaction = transactions[id], !isThere(transaction) else { return answer }
            update(id, adding)
            transactions[id]?.updated = now.uptime
        } else {
            transactionsBegun += 1
            transactions[id]?.number = transactionsBegun
            transactions[id]?.startMilliseconds = now.wallMilliseconds
            transactions[id]?.started = now.uptime
            update(id, adding)
            move(id, to: .ongoing, cause: .begun, now: now, actions: &answer.actions)
        }
        return answer
    }

    /// Decides how the transaction ends (protocol guide, EndTxn v0 to v4); its markers are asked for in the actions.
    ///
    /// Asked again the same way after the markers are written, the answer is NONE; before, CONCURRENT_TRANSACTIONS; the other way,
    /// INVALID_TXN_STATE.
    package mutating func endTransaction(
        transactionalId id: String, producerId: Int64, producerEpoch: Int16, commit: Bool, apiVersion: Int16, now: Now
    ) -> TransactionAnswer {
        if let error = refusal(id, producerId, producerEpoch, apiVersion) { return TransactionAnswer(errorCode: error) }
        var answer = TransactionAnswer(errorCode: .none)
        switch (transactions[id]?.state, commit) {
        case (.ongoing, _):
            prepare(id, commit: commit, cause: .ended, now: now, actions: &answer.actions)
        case (.completeCommit, true), (.completeAbort, false):
            break
        case (.prepareCommit, true), (.prepareAbort, false):
            answer.errorCode = .concurrentTransactions
        case (.completeCommit, false), (.completeAbort, true), (.prepareCommit, false), (.prepareAbort, true),
            (.empty, _),
            (.dead, _), (.prepareEpochFence, _), (nil, _):
            answer.errorCode = .invalidTxnState
        }
        return answer
    }

    /// The server wrote these markers: all that were asked for, or some of them (then call again with the others).
    ///
    /// What belongs to a transaction that is over is ignored.
    package mutating func markersWritten(_ markers: TransactionMarkers, now: Now) -> [TransactionAction] {
        let id = markers.transactionalId
        guard let transaction = transactions[id], transaction.state.isPreparing, transaction.number == markers.number
        else { return [] }
        transactions[id]?.partitions.subtract(markers.partitions)
        transactions[id]?.groups.subtract(markers.groups.map { ExactName($0) })
        var actions: [TransactionAction] = []
        completeIfWritten(id, now: now, actions: &actions)
        return actions
    }

    /// Changes a transaction in place.
    private mutating func update(_ id: String, _ change: (inout Transaction) -> Void) {
        guard let index = transactions.index(forKey: id) else { return }
        change(&transactions.values[index])
    }

    /// Why a request of this producer is refused whatever the state; nil when it is the present one.
    private func refusal(
        _ id: String, _ producerId: Int64, _ producerEpoch: Int16, _ apiVersion: Int16
    ) -> ErrorCode? {
        if id.isEmpty { return .invalidRequest }
        guard let transaction = transactions[id], transaction.producerId == producerId else {
            return .invalidProducerIdMapping
        }
        return transaction.producerEpoch == producerEpoch ? nil : Self.fenced(knownSince: 2, asked: apiVersion)
    }
}

// MARK: - Queries

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

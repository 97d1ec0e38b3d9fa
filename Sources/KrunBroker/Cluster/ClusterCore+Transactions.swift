internal import KrunWire

extension ClusterCore {
    /// Does what the transaction coordinator asks for.
    func perform(_ actions: [TransactionAction], now: Now) {
        for action in actions {
            switch action {
            case .event(let event): tell(.transactionChanged(BrokerEvent.TransactionChange(event)))
            case .writeMarkers(let markers): write(markers, now: now)
            }
        }
    }

    /// Writes an ended transaction's markers wherever there is a leader. The coordinator keeps the others until one is back.
    func write(_ markers: TransactionMarkers, now: Now) {
        var written = markers
        written.partitions = markers.partitions.filter { writeMarker(of: markers, to: $0, now: now) }
        if !markers.groups.isEmpty {
            perform(
                groups.completeTransaction(producerId: markers.producerId, commit: markers.commit, now: now), now: now)
        }
        perform(transactions.markersWritten(written, now: now), now: now)
    }

    /// Tries those again that found no leader.
    func writePendingMarkers(now: Now) {
        for markers in transactions.pendingMarkers { write(markers, now: now) }
    }

    private func writeMarker(of markers: TransactionMarkers, to place: TransactionPartition, now: Now) -> Bool {
        guard let partition = topics[place.topic]?.partition(place.partition) else { return true }
        guard partition.leader != -1 else { return false }
        do {
            let result = try partition.log.appendEndTransactionMarker(
                producerId: markers.producerId, producerEpoch: markers.producerEpoch, commit: markers.commit,
                coordinatorEpoch: markers.coordinatorEpoch, leaderEpoch: partition.leaderEpoch, now: now)
            tell(
                .recordsAppended(
                    BrokerEvent.AppendedRecords(
                        topic: place.topic, partition: place.partition, baseOffset: result.baseOffset, count: 1,
                        bytes: result.storedBytes, producerId: markers.producerId, isMarker: true)))
        } catch {
            // A later epoch of the producer already ended it there.
            guard error.code == .kafkaStorageError else { return true }
            tell(.memoryLimitReached(topic: place.topic, partition: place.partition, limit: memory.limit))
            return false
        }
        touch(partition)
        return true
    }
}

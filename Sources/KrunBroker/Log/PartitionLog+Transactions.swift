internal import KrunWire

extension PartitionLog {
    /// Ends a producer's transaction in this partition: writes the control record for it, and then readers of committed
    /// records may go on.
    ///
    /// It is written even when the transaction has no record here, as Kafka does, for it fences older epochs. Throws
    /// INVALID_PRODUCER_EPOCH, TRANSACTION_COORDINATOR_FENCED, or KAFKA_STORAGE_ERROR when the memory bound is reached.
    package func appendEndTransactionMarker(
        producerId: Int64, producerEpoch: Int16, commit: Bool, coordinatorEpoch: Int32, leaderEpoch: Int32, now: Now
    ) throws(LogError) -> LogAppendResult {
        let offset = logEndOffset
        try producers.checkMarker(
            producerId: producerId, producerEpoch: producerEpoch, coordinatorEpoch: coordinatorEpoch, offset: offset)
        let marker = EndTransactionMarker(isCommit: commit, coordinatorEpoch: coordinatorEpoch)
        let batch = marker.batch(
            producerId: producerId, producerEpoch: producerEpoch, timestamp: now.wallMilliseconds,
            timestampType: configuration.messageTimestampType)
        let written = batch.withUnsafeBytes { bytes in
            Result { () throws(LogError) in
                try write(
                    bytes, RecordBatchHeader(loading: bytes.baseAddress!), changesHeader: false,
                    leaderEpoch: leaderEpoch, now: now)
            }
        }
        try written.get()
        let ended = producers.appendMarker(
            producerId: producerId, producerEpoch: producerEpoch, coordinatorEpoch: coordinatorEpoch, offset: offset,
            timestamp: now.wallMilliseconds)
        if let ended, !commit {
            aborted.append(
                AbortedTransaction(
                    producerId: producerId, firstOffset: ended.firstOffset, lastOffset: offset,
                    lastStableOffset: ended.lastStableOffset))
        }
        if !isHighWatermarkHeld { moveHighWatermark(to: logEndOffset) }
        return LogAppendResult(
            baseOffset: offset, lastOffset: offset,
            logAppendTime: configuration.messageTimestampType == .logAppendTime ? now.wallMilliseconds : -1,
            logStartOffset: logStartOffset, isDuplicate: false, recordCount: 1, storedBytes: batch.count)
    }

    /// The producers that DescribeProducers tells of, by id.
    package func describeProducers() -> [ProducerState] {
        producers.producers.values.sorted { $0.producerId < $1.producerId }
    }
}

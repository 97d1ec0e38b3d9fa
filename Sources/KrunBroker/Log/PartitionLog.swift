/// The log of a partition, in memory: batches as their producers sent them, in segments, with all that Kafka knows
/// about them.
///
/// Confined to one event loop like everything else of a broker; a slice that was read may outlive what happens to the
/// log.
package final class PartitionLog {
    /// May be replaced at any time; segments and deadlines follow at the next append or maintenance.
    package var configuration: LogConfiguration
    package let memory: LogMemory

    /// Of the first record that readers may have.
    package internal(set) var logStartOffset: Int64 = 0
    /// Of the next record to be appended.
    package internal(set) var logEndOffset: Int64 = 0
    /// One after the last record that every in-sync replica has. It follows the log end at once unless it is held.
    package internal(set) var highWatermark: Int64 = 0
    /// Set while replicas lag: then only `advanceHighWatermark(to:)` moves it. Letting go moves it to the log end.
    package var isHighWatermarkHeld = false {
        didSet {
            if !isHighWatermarkHeld { moveHighWatermark(to: logEndOffset) }
        }
    }
    package internal(set) var producers = ProducerStateTable()
    /// Bytes of all batches in all segments; a segment counts as a whole until all of it is below the log start offset.
    package internal(set) var sizeInBytes: Int64 = 0

    /// In order; never empty, the last one is written to.
    var segments: [LogSegment]
    var epochs = LeaderEpochCache()
    /// In the order of their markers.
    var aborted: [AbortedTransaction] = []
    /// Below it compaction has been.
    var firstDirtyOffset: Int64 = 0
    var maintenance = MaintenanceClock()

    /// An empty log that begins at offset 0.
    package init(configuration: LogConfiguration = LogConfiguration(), memory: LogMemory = LogMemory(), now: Now) {
        self.configuration = configuration
        self.memory = memory
        segments = [LogSegment(baseOffset: 0, now: now.wallMilliseconds)]
        maintenance.start(now)
    }

    /// No record can be read any more.
    package var isEmpty: Bool { logStartOffset == logEndOffset }

    /// One after the last record that no open transaction can still change.
    package var lastStableOffset: Int64 {
        guard let unstable = producers.firstUnstableOffset else { return highWatermark }
        return min(max(unstable, logStartOffset), highWatermark)
    }

    /// Of the newest record; nil before the first.
    package var latestLeaderEpoch: Int32? { epochs.latestEpoch }

    var activeSegment: LogSegment { segments[segments.count - 1] }

    /// Moves a held high watermark forward, at most to the log end; never back.
    package func advanceHighWatermark(to offset: Int64) {
        moveHighWatermark(to: offset)
    }

    func moveHighWatermark(to offset: Int64) {
        let target = min(offset, logEndOffset)
        guard target > highWatermark else { return }
        highWatermark = target
        producers.passed(highWatermark: target)
    }

    /// What readers of this isolation may not reach.
    package func limit(of isolation: LogIsolation) -> Int64 {
        switch isolation {
        case .highWatermark: highWatermark
        case .lastStable: lastStableOffset
        case .logEnd: logEndOffset
        }
    }

    /// Gives all memory back and begins anew at offset 0, as when a topic is deleted.
    package func removeAll(now: Now) {
        segments = [LogSegment(baseOffset: 0, now: now.wallMilliseconds)]
        producers = ProducerStateTable()
        epochs = LeaderEpochCache()
        aborted = []
        sizeInBytes = 0
        logStartOffset = 0
        logEndOffset = 0
        highWatermark = 0
        firstDirtyOffset = 0
        maintenance.start(now)
    }
}

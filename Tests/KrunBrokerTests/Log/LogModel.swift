import KrunWire

@testable import KrunBroker

/// A partition log as one would write it down on paper: arrays of whole batches, searched from the front, nothing
/// clever.
struct LogModel {
    struct Record: Equatable {
        var offset: Int64
        var timestamp: Int64
        var key: [UInt8]?
        var value: [UInt8]?
        var isControl = false
    }

    struct Batch {
        var base: Int64
        var last: Int64
        var bytes: [UInt8]
        var records: [Record]
        var maxTimestamp: Int64
        var producer: Int64
        var isTransactional: Bool
        var leaderEpoch: Int32
    }

    struct Segment {
        var base: Int64
        var size = 0
        var maxTimestamp: Int64 = -1
        var firstTimestamp: Int64?
        var created: Int64
        var modified: Int64
    }

    struct Producer: Equatable {
        var epoch: Int16 = -1
        var coordinatorEpoch: Int32 = -1
        var lastTimestamp: Int64 = -1
        var open: Int64?
        /// First and last sequence, first and last offset, timestamp.
        var batches: [ProducerState.Batch] = []
    }

    var configuration: LogConfiguration
    var batches: [Batch] = []
    var segments: [Segment]
    var start: Int64 = 0
    var end: Int64 = 0
    var highWatermark: Int64 = 0
    var isHeld = false
    var producers: [Int64: Producer] = [:]
    /// Ended ones with the offset of the marker; those that were aborted are told apart.
    var ended: [(producer: Int64, first: Int64, marker: Int64, aborted: Bool)] = []
    /// Those of which the marker had not been passed by the high watermark or the log start when they last moved.
    var unreplicated: [(first: Int64, marker: Int64)] = []
    var epochs: [(epoch: Int32, start: Int64)] = []

    init(configuration: LogConfiguration, now: Now) {
        self.configuration = configuration
        segments = [Segment(base: 0, created: now.wallMilliseconds, modified: now.wallMilliseconds)]
    }

    var size: Int64 { segments.reduce(0) { $0 + Int64($1.size) } }

    var lastStable: Int64 {
        let unstable = producers.values.compactMap(\.open) + unreplicated.map(\.first)
        return min(max(unstable.min() ?? highWatermark, start), highWatermark)
    }

    func limit(_ isolation: LogIsolation) -> Int64 {
        switch isolation {
        case .highWatermark: highWatermark
        case .lastStable: lastStable
        case .logEnd: end
        }
    }

    // MARK: Writing

    /// What the producer's state says of a batch: nil when it may be appended.
    func judge(_ producer: Int64, epoch: Int16, sequence: Int32, count: Int, isTransactional: Bool) -> ErrorCode? {
        guard let known = producers[producer] else { return nil }
        if epoch < known.epoch { return .invalidProducerEpoch }
        if epoch > known.epoch {
            if sequence != 0 { return .outOfOrderSequenceNumber }
        } else {
            let last = known.batches.last?.lastSequence ?? -1
            let next = last == .max ? 0 : last + 1
            if sequence != next { return .outOfOrderSequenceNumber }
        }
        return known.open != nil && !isTransactional ? .invalidTxnState : nil
    }

    func duplicate(_ producer: Int64, epoch: Int16, sequence: Int32, count: Int) -> ProducerState.Batch? {
        guard let known = producers[producer], known.epoch == epoch else { return nil }
        let last = Int32((Int64(sequence) + Int64(count) - 1) % (Int64(Int32.max) + 1))
        return known.batches.first { $0.firstSequence == sequence && $0.lastSequence == last }
    }

    mutating func append(_ sent: [UInt8], records: [LogRecord], leaderEpoch: Int32, now: Now) {
        let header = sent.withUnsafeBytes { RecordBatchHeader(loading: $0.baseAddress!) }
        let base = end
        put(
            sent,
            records: records.map {
                Record(offset: base + $0.offset, timestamp: $0.timestamp, key: $0.key, value: $0.value)
            }, header, leaderEpoch, now)
        if header.producerId >= 0 {
            var producer = producers[header.producerId] ?? Producer()
            if producer.epoch != header.producerEpoch { producer.batches = [] }
            producer.epoch = header.producerEpoch
            let last = (Int64(header.baseSequence) + Int64(records.count) - 1) % (Int64(Int32.max) + 1)
            producer.batches.append(
                ProducerState.Batch(
                    firstSequence: header.baseSequence, lastSequence: Int32(last), firstOffset: base,
                    lastOffset: end - 1,
                    timestamp: header.maxTimestamp))
            producer.batches = producer.batches.suffix(5)
            producer.lastTimestamp = header.maxTimestamp
            if header.isTransactional && producer.open == nil { producer.open = base }
            producers[header.producerId] = producer
        }
        follow()
    }

    mutating func appendMarker(
        _ id: Int64, epoch: Int16, commit: Bool, coordinatorEpoch: Int32, leaderEpoch: Int32, now: Now
    ) -> ErrorCode? {
        var producer = producers[id] ?? Producer()
        if epoch < producer.epoch { return .invalidProducerEpoch }
        if coordinatorEpoch < producer.coordinatorEpoch { return .transactionCoordinatorFenced }
        let bytes = EndTransactionMarker(isCommit: commit, coordinatorEpoch: coordinatorEpoch).batch(
            producerId: id, producerEpoch: epoch, timestamp: now.wallMilliseconds, timestampType: .createTime)
        let header = bytes.withUnsafeBytes { RecordBatchHeader(loading: $0.baseAddress!) }
        let marker = end
        put(
            bytes, records: [Record(offset: end, timestamp: now.wallMilliseconds, isControl: true)], header,
            leaderEpoch, now)
        if producer.epoch != epoch { producer.batches = [] }
        producer.epoch = epoch
        producer.coordinatorEpoch = coordinatorEpoch
        producer.lastTimestamp = now.wallMilliseconds
        if let first = producer.open {
            ended.append((id, first, marker, !commit))
            unreplicated.append((first, marker))
        }
        producer.open = nil
        producers[id] = producer
        follow()
        return nil
    }

    private mutating func put(
        _ sent: [UInt8], records: [Record], _ header: RecordBatchHeader, _ leaderEpoch: Int32, _ now: Now
    ) {
        let last = end + Int64(header.lastOffsetDelta)
        let active = segments[segments.count - 1]
        if active.size > 0 {
            let first = active.firstTimestamp ?? -1
            let waited = first >= 0 ? header.maxTimestamp - first : now.wallMilliseconds - active.created
            if active.size + sent.count > configuration.segmentBytes || waited > configuration.segmentMs { roll(now) }
        }
        var stored = sent
        stored.replaceSubrange(0..<8, with: withUnsafeBytes(of: end.bigEndian) { Array($0) })
        stored.replaceSubrange(12..<16, with: withUnsafeBytes(of: leaderEpoch.bigEndian) { Array($0) })
        batches.append(
            Batch(
                base: end, last: last, bytes: stored, records: records, maxTimestamp: header.maxTimestamp,
                producer: header.producerId, isTransactional: header.isTransactional, leaderEpoch: leaderEpoch))
        let index = segments.count - 1
        segments[index].size += sent.count
        segments[index].maxTimestamp = max(segments[index].maxTimestamp, header.maxTimestamp)
        if segments[index].firstTimestamp == nil { segments[index].firstTimestamp = header.maxTimestamp }
        segments[index].modified = now.wallMilliseconds
        if epochs.last?.epoch != leaderEpoch { epochs.append((leaderEpoch, end)) }
        end = last + 1
    }

    mutating func roll(_ now: Now) {
        segments.append(Segment(base: end, created: now.wallMilliseconds, modified: now.wallMilliseconds))
    }

    private mutating func follow() {
        if !isHeld { moveHighWatermark(end) }
    }

    mutating func moveHighWatermark(_ offset: Int64) {
        guard min(offset, end) > highWatermark else { return }
        highWatermark = min(offset, end)
        unreplicated.removeAll { $0.marker < highWatermark }
    }

    // MARK: Deleting

    mutating func delete(before offset: Int64) -> ErrorCode? {
        guard configuration.cleanupPolicy.contains(.delete) else { return .policyViolation }
        let target = offset == -1 ? highWatermark : offset
        guard (0...highWatermark).contains(target) else { return .offsetOutOfRange }
        moveStart(target)
        return nil
    }

    mutating func moveStart(_ offset: Int64) {
        guard offset > start else { return }
        start = offset
        batches.removeAll { $0.last < offset }
        unreplicated.removeAll { $0.marker < offset }
        while segments.count > 1 && segments[1].base <= offset { segments.removeFirst() }
        let current = epochs.last { $0.start <= offset }
        epochs.removeAll { $0.start <= offset }
        if let current { epochs.insert((current.epoch, offset), at: 0) }
    }

    mutating func retain(_ now: Now) {
        guard configuration.cleanupPolicy.contains(.delete) else { return }
        if configuration.retentionBytes >= 0 {
            deleteOldest(now) { model in
                model.size - model.configuration.retentionBytes >= Int64(model.segments[0].size)
            }
        }
        if configuration.retentionMs >= 0 {
            deleteOldest(now) { model in
                let oldest = model.segments[0]
                let age = now.wallMilliseconds - (oldest.maxTimestamp >= 0 ? oldest.maxTimestamp : oldest.modified)
                return age > model.configuration.retentionMs
            }
        }
    }

    private mutating func deleteOldest(_ now: Now, while isDue: (LogModel) -> Bool) {
        while !(segments.count == 1 && segments[0].size == 0) {
            let upper = segments.count > 1 ? segments[1].base : end
            guard highWatermark >= upper, isDue(self) else { return }
            if segments.count == 1 { roll(now) }
            moveStart(upper)
        }
    }

    // MARK: Reading

    func read(from offset: Int64, maxBytes: Int, minOneBatch: Bool, _ isolation: LogIsolation) -> [UInt8]? {
        guard offset >= start, offset <= end else { return nil }
        guard offset < limit(isolation) else { return [] }
        var result: [UInt8] = []
        for batch in batches where batch.last >= offset {
            guard batch.last < limit(isolation) else { break }
            let fits = result.count + batch.bytes.count <= maxBytes || (minOneBatch && result.isEmpty)
            guard fits else { break }
            result += batch.bytes
        }
        return result
    }

    func aborted(from: Int64, to end: Int64) -> [[Int64]] {
        ended.filter { $0.aborted && $0.marker >= from && $0.first < end }.map { [$0.producer, $0.first, $0.marker] }
    }

    func offset(ofTimestamp timestamp: Int64, _ isolation: LogIsolation) -> LogTimestampOffset? {
        for batch in batches {
            for record in batch.records where record.offset >= start && record.timestamp >= timestamp {
                guard record.offset < limit(isolation) else { return nil }
                return LogTimestampOffset(
                    offset: record.offset, timestamp: record.timestamp, leaderEpoch: batch.leaderEpoch)
            }
        }
        return nil
    }

    func offsetOfMaxTimestamp(_ isolation: LogIsolation) -> LogTimestampOffset? {
        let greatest = batches.flatMap { $0.records }.filter { $0.offset >= start }.map(\.timestamp).filter { $0 >= 0 }
            .max()
        return greatest.flatMap { offset(ofTimestamp: $0, isolation) }
    }

    func endOffset(forLeaderEpoch epoch: Int32) -> LogEpochEnd {
        if epoch == epochs.last?.epoch { return LogEpochEnd(leaderEpoch: epoch, endOffset: end) }
        guard epoch >= 0, let next = epochs.first(where: { $0.epoch > epoch }) else {
            return LogEpochEnd(leaderEpoch: -1, endOffset: -1)
        }
        let found = epochs.last { $0.epoch <= epoch }?.epoch ?? epoch
        return LogEpochEnd(leaderEpoch: found, endOffset: next.start)
    }
}

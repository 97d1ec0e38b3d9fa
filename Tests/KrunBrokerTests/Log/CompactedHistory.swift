import KrunBrokerTestSupport
import KrunWire
import Testing

@testable import KrunBroker

/// A random history of a compacted log. After each compaction its promises are checked, and the log's own contents
/// become what is expected from then on.
struct CompactedHistory {
    private var history: LogHistory
    private var log: PartitionLog { history.log }
    private var nextSequence: Int32 = 0

    init(_ history: LogHistory) {
        self.history = history
    }

    mutating func step() throws {
        history.now = history.now.advanced(by: .milliseconds(Int64.random(in: 0...20, using: &history.random)))
        switch Int.random(in: 0..<20, using: &history.random) {
        case 0..<10: try append(id: nil)
        case 10..<12: try append(id: 1)
        case 12..<15: try append(id: Int64.random(in: 20...22, using: &history.random))
        case 15..<18: try endTransaction()
        case 18: try compact()
        default: try retain()
        }
    }

    private mutating func append(id: Int64?) throws {
        let codec =
            history.random.chance(1, of: 3) ? RecordCompression.allCases.randomElement(using: &history.random)! : .none
        let records = history.records(keyed: true)
        var producer: (id: Int64, epoch: Int16, sequence: Int32)?
        if let id {
            let known = log.producers.producers[id]
            let last = known?.lastSequence ?? -1
            producer = (id, max(0, known?.producerEpoch ?? 0), last + 1)
        }
        let sent = history.batch(
            records, compression: codec, producer: producer, isTransactional: (id ?? 0) >= 20)
        let end = log.logEndOffset
        let result = try log.append(sent, leaderEpoch: 0, now: history.now)
        #expect(result.baseOffset == end)
    }

    private mutating func endTransaction() throws {
        let id = Int64.random(in: 20...22, using: &history.random)
        let epoch = max(0, log.producers.producers[id]?.producerEpoch ?? 0)
        _ = try log.appendEndTransactionMarker(
            producerId: id, producerEpoch: history.random.chance(1, of: 8) ? epoch + 1 : epoch,
            commit: history.random.chance(1, of: 2), coordinatorEpoch: 0, leaderEpoch: 0, now: history.now)
    }

    private mutating func retain() throws {
        let before = try visible()
        _ = log.retainNow(now: history.now)
        #expect(try visible() == before.filter { $0.offset >= log.logStartOffset })
    }

    private mutating func compact() throws {
        let forced = history.random.chance(1, of: 2)
        let before = try visible()
        let bytesBefore = try tail(from: log.lastStableOffset)
        let stable = log.lastStableOffset
        let offsets = [log.logStartOffset, log.logEndOffset, log.highWatermark, stable]
        let producers = log.producers
        let compacted = forced ? log.cleanNow(now: history.now) : log.maintain(now: history.now).compacted
        // What is due may include retention.
        let kept = before.filter { $0.offset >= log.logStartOffset }
        let after = try visible()
        #expect(after.allSatisfy(kept.contains), "nothing is invented")
        #expect(Self.state(of: after) == Self.state(of: kept), "the newest value of every key")
        if forced {
            #expect([log.logStartOffset, log.logEndOffset, log.highWatermark, log.lastStableOffset] == offsets)
        }
        #expect(log.producers == producers)
        #expect(try tail(from: stable) == bytesBefore, "what is not stable is not touched")
        guard compacted else { return }
        let clean = after.filter { $0.offset < log.firstDirtyOffset }
        #expect(Set(clean.map(\.key)).count == clean.count, "one record a key")
        try check()
    }

    /// Sizes are what the bytes say, and every record can be found by its offset.
    private func check() throws {
        let all = try log.read(from: log.logStartOffset, maxBytes: .max, minOneBatch: true, upTo: .logEnd)
        for segment in log.segments {
            #expect(segment.chunks.reduce(0) { $0 + $1.used } <= segment.sizeInBytes)
        }
        #expect(log.segments.reduce(0) { $0 + Int64($1.sizeInBytes) } == log.sizeInBytes)
        var last = log.logStartOffset - 1
        for batch in try LogFixture.batches(all.bytes) {
            let header = try batch.withUnsafeBytes { try RecordBatchHeader(parsing: $0) }
            #expect(header.lastOffset > last)
            last = header.lastOffset
            #expect(try RecordBatchReader.records(in: batch).count == header.recordCount)
        }
    }

    private func tail(from offset: Int64) throws -> [UInt8] {
        try log.read(from: offset, maxBytes: .max, minOneBatch: true, upTo: .logEnd).bytes
    }

    /// What a `read_committed` consumer is given: neither aborted records nor markers.
    private func visible() throws -> [LogRecord] {
        let slice = try log.read(from: log.logStartOffset, maxBytes: .max, minOneBatch: true, upTo: .lastStable)
        var pending = log.abortedTransactions(from: log.logStartOffset, to: slice.nextOffset)
            .sorted { $0.firstOffset < $1.firstOffset }
        var aborting: Set<Int64> = []
        var result: [LogRecord] = []
        for batch in try LogFixture.batches(slice.bytes) {
            let header = try batch.withUnsafeBytes { try RecordBatchHeader(parsing: $0) }
            while let next = pending.first, next.firstOffset <= header.lastOffset {
                aborting.insert(next.producerId)
                pending.removeFirst()
            }
            if header.isControl {
                aborting.remove(header.producerId)
            } else if !(header.isTransactional && aborting.contains(header.producerId)) {
                result += try RecordBatchReader.records(in: batch).filter { $0.offset >= log.logStartOffset }
            }
        }
        return result
    }

    private static func state(of records: [LogRecord]) -> [[UInt8]: [UInt8]] {
        var state: [[UInt8]: [UInt8]] = [:]
        for record in records { state[record.key ?? []] = record.value }
        return state
    }
}

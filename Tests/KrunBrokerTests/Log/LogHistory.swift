import KrunBrokerTestSupport
import KrunWire
import Testing

@testable import KrunBroker

/// A log and its model, made to live through the same random history; every step ends with a comparison of what can be
/// seen from outside.
struct LogHistory {
    let log: PartitionLog
    let memory = LogMemory()
    var model: LogModel
    var random: LogRandom
    var now = LogFixture.now()
    var leaderEpoch: Int32 = 0
    /// Where each producer would go on by itself.
    private var sequences: [Int64: (epoch: Int16, next: Int32)] = [:]
    /// What a step did, for the message of a failure.
    private(set) var lastStep = ""

    init(seed: UInt64, configuration: LogConfiguration) {
        log = PartitionLog(configuration: configuration, memory: memory, now: now)
        model = LogModel(configuration: configuration, now: now)
        random = LogRandom(seed: seed)
    }

    mutating func step() throws {
        now = now.advanced(by: .milliseconds(Int64.random(in: 0...20, using: &random)))
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<22: try appendPlain()
        case 22..<42: try appendWithId(isTransactional: false)
        case 42..<56: try appendWithId(isTransactional: true)
        case 56..<66: endTransaction()
        case 66..<69: deleteRecords()
        case 69..<73: moveHighWatermark()
        case 73..<75: changeLeader()
        case 75..<78: retain()
        case 78..<92: try read()
        case 92..<98: lookUp()
        default: try refuse()
        }
        compare()
    }

    // MARK: Writing

    mutating func records(keyed: Bool) -> [LogRecord] {
        (0..<Int64.random(in: 1...4, using: &random)).map { offset in
            let isOld = random.chance(1, of: 10)
            return LogRecord(
                offset: offset,
                timestamp: isOld
                    ? (random.chance(1, of: 4) ? -1 : now.wallMilliseconds - Int64.random(in: 0...500, using: &random))
                    : now.wallMilliseconds,
                key: keyed || random.chance(3, of: 4)
                    ? Array("key \(Int.random(in: 0..<12, using: &random))".utf8) : nil,
                value: random.chance(1, of: 6)
                    ? nil : Array(repeating: UInt8(ascii: "v"), count: Int.random(in: 0..<40, using: &random)))
        }
    }

    func batch(
        _ records: [LogRecord], compression: RecordCompression = .none,
        producer: (id: Int64, epoch: Int16, sequence: Int32)? = nil, isTransactional: Bool = false
    ) -> [UInt8] {
        var builder = RecordBatchBuilder(compression: compression)
        builder.producerId = producer?.id ?? -1
        builder.producerEpoch = producer?.epoch ?? -1
        builder.baseSequence = producer?.sequence ?? -1
        builder.isTransactional = isTransactional
        for record in records { builder.append(timestamp: record.timestamp, key: record.key, value: record.value) }
        return builder.build()
    }

    private var keyed: Bool { log.configuration.cleanupPolicy.contains(.compact) }

    private mutating func appendPlain() throws {
        lastStep = "plain append"
        let records = records(keyed: keyed)
        let codec = random.chance(1, of: 4) ? RecordCompression.allCases.randomElement(using: &random)! : .none
        let sent = batch(records, compression: codec)
        let result = try log.append(sent, leaderEpoch: leaderEpoch, now: now)
        #expect(result.baseOffset == model.end && !result.isDuplicate && result.logAppendTime == -1)
        model.append(sent, records: records, leaderEpoch: leaderEpoch, now: now)
    }

    private mutating func appendWithId(isTransactional: Bool) throws {
        let id = Int64.random(in: 0..<3, using: &random) + (isTransactional ? 10 : 0)
        var (epoch, sequence) = sequences[id] ?? (0, random.chance(1, of: 4) ? Int32.max - 6 : 0)
        let kind = Int.random(in: 0..<20, using: &random)
        var records = records(keyed: keyed)
        switch kind {
        case 0: sequence = sequence &+ 1 < 0 ? 3 : sequence + 1
        case 1: (epoch, sequence) = (epoch + 1, 0)
        case 2: (epoch, sequence) = (epoch + 1, 5)
        case 3: epoch = max(0, epoch - 1)
        case 4...7:
            // A retry, perhaps of a batch too old to be remembered.
            if let known = model.producers[id]?.batches.randomElement(using: &random) {
                sequence = known.firstSequence
                records = (0...(known.lastOffset - known.firstOffset)).map {
                    LogRecord(offset: $0, timestamp: now.wallMilliseconds, key: [1], value: [2])
                }
            }
        default: break
        }
        let isTransactional = kind == 8 ? !isTransactional : isTransactional
        lastStep = "append of producer \(id) epoch \(epoch) sequence \(sequence) transactional \(isTransactional)"
        let sent = batch(records, producer: (id, epoch, sequence), isTransactional: isTransactional)
        let duplicate = model.duplicate(id, epoch: epoch, sequence: sequence, count: records.count)
        let judgement = model.judge(
            id, epoch: epoch, sequence: sequence, count: records.count, isTransactional: isTransactional)
        do {
            let result = try log.append(sent, leaderEpoch: leaderEpoch, now: now)
            #expect(result.isDuplicate == (duplicate != nil), "\(lastStep)")
            #expect(result.baseOffset == duplicate?.firstOffset ?? model.end, "\(lastStep)")
            #expect(result.logAppendTime == duplicate?.timestamp ?? -1, "\(lastStep)")
            if duplicate == nil {
                #expect(judgement == nil, "\(lastStep)")
                model.append(sent, records: records, leaderEpoch: leaderEpoch, now: now)
                let next = RecordBatchHeader.sequence(sequence, advancedBy: Int32(records.count))
                sequences[id] = (epoch, next)
            }
        } catch {
            #expect(error.code == judgement && duplicate == nil, "\(lastStep): \(error)")
        }
    }

    private mutating func endTransaction() {
        let id = Int64.random(in: 10..<13, using: &random)
        let change = Int16([0, 0, 0, 0, 1, -1].randomElement(using: &random)!)
        let epoch = max(0, (model.producers[id]?.epoch ?? 0) + change)
        let coordinator = Int32([5, 5, 5, 5, 6, 4].randomElement(using: &random)!)
        let commit = random.chance(1, of: 2)
        lastStep = "end of transaction of \(id) epoch \(epoch) coordinator \(coordinator) commit \(commit)"
        let expected = model.appendMarker(
            id, epoch: epoch, commit: commit, coordinatorEpoch: coordinator, leaderEpoch: leaderEpoch, now: now)
        do {
            _ = try log.appendEndTransactionMarker(
                producerId: id, producerEpoch: epoch, commit: commit, coordinatorEpoch: coordinator,
                leaderEpoch: leaderEpoch, now: now)
            #expect(expected == nil, "\(lastStep)")
            if let known = sequences[id], known.epoch < epoch { sequences[id] = (epoch, 0) }
        } catch {
            #expect(error.code == expected, "\(lastStep)")
        }
    }

    private mutating func refuse() throws {
        var sent = batch(records(keyed: true))
        let codes: [ErrorCode]
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            sent[Int.random(in: 61..<sent.count, using: &random)] ^= 0x40
            codes = [.corruptMessage]
        case 1:
            sent[7] = 1
            codes = [.invalidRecord]
        case 2:
            sent += sent
            codes = [.invalidRecord]
        default:
            sent.removeLast()
            codes = [.invalidRecord]
        }
        lastStep = "bad append"
        do {
            _ = try log.append(sent, leaderEpoch: leaderEpoch, now: now)
            Issue.record("\(lastStep) was accepted")
        } catch {
            #expect(codes.contains(error.code), "\(lastStep)")
        }
    }

    // MARK: Moving offsets

    private mutating func deleteRecords() {
        let offset =
            random.chance(1, of: 20)
            ? Int64.random(in: -3...3, using: &random) : Int64.random(in: model.start...(model.end + 1), using: &random)
        lastStep = "deletion before \(offset)"
        let expected = model.delete(before: offset)
        do {
            #expect(try log.deleteRecords(before: offset) == model.start, "\(lastStep)")
            #expect(expected == nil, "\(lastStep)")
        } catch {
            #expect(error.code == expected, "\(lastStep)")
        }
    }

    private mutating func moveHighWatermark() {
        if random.chance(1, of: 2) {
            let isHeld = random.chance(1, of: 3)
            lastStep = "held: \(isHeld)"
            log.isHighWatermarkHeld = isHeld
            model.isHeld = isHeld
            if !isHeld { model.moveHighWatermark(model.end) }
        } else {
            let offset = Int64.random(in: model.start...(model.end + 2), using: &random)
            lastStep = "high watermark to \(offset)"
            log.moveHighWatermark(to: offset)
            model.moveHighWatermark(offset)
        }
    }

    private mutating func changeLeader() {
        leaderEpoch += Int32.random(in: 1...2, using: &random)
    }

    private mutating func retain() {
        lastStep = "retention"
        now = now.advanced(by: .milliseconds(Int64.random(in: 0...400, using: &random)))
        _ = log.retainNow(now: now)
        model.retain(now)
    }

    // MARK: Reading

    private mutating func read() throws {
        let offset = Int64.random(in: max(0, model.start - 1)...(model.end + 1), using: &random)
        let maxBytes = Int.random(in: 0...2000, using: &random)
        let isolation = [LogIsolation.highWatermark, .lastStable, .logEnd].randomElement(using: &random)!
        let minOneBatch = random.chance(2, of: 3)
        lastStep = "read from \(offset) of \(model.start)..<\(model.end), \(maxBytes) bytes, \(isolation)"
        let expected = model.read(from: offset, maxBytes: maxBytes, minOneBatch: minOneBatch, isolation)
        do {
            let slice = try log.read(from: offset, maxBytes: maxBytes, minOneBatch: minOneBatch, upTo: isolation)
            #expect(slice.bytes == expected, "\(lastStep)")
            let aborted = log.abortedTransactions(from: offset, to: slice.nextOffset)
            #expect(
                aborted.map { [$0.producerId, $0.firstOffset, $0.lastOffset] }
                    == model.aborted(from: offset, to: slice.nextOffset), "\(lastStep)")
        } catch {
            #expect(error.code == .offsetOutOfRange && expected == nil, "\(lastStep)")
        }
    }

    private mutating func lookUp() {
        let isolation = random.chance(1, of: 2) ? LogIsolation.highWatermark : .lastStable
        let timestamp = now.wallMilliseconds - Int64.random(in: 0...3000, using: &random)
        lastStep = "look-up of \(timestamp)"
        #expect(
            log.offset(for: .timestamp(timestamp), isolation: isolation)
                == model.offset(ofTimestamp: timestamp, isolation), "\(lastStep)")
        #expect(
            log.offset(for: .maxTimestamp, isolation: isolation) == model.offsetOfMaxTimestamp(isolation), "\(lastStep)"
        )
        let epoch = Int32.random(in: -1...(leaderEpoch + 1), using: &random)
        #expect(log.endOffset(forLeaderEpoch: epoch) == model.endOffset(forLeaderEpoch: epoch), "\(lastStep)")
    }

    func compare() {
        let seen = [
            log.logStartOffset, log.logEndOffset, log.highWatermark, log.lastStableOffset, log.sizeInBytes,
            Int64(log.segments.count),
        ]
        let expected = [
            model.start, model.end, model.highWatermark, model.lastStable, model.size, Int64(model.segments.count),
        ]
        #expect(seen == expected, "start, end, high watermark, last stable, size, segments after \(lastStep)")
        for state in log.describeProducers() {
            let known = model.producers[state.producerId]
            let isSame =
                known?.epoch == state.producerEpoch && known?.coordinatorEpoch == state.coordinatorEpoch
                && known?.lastTimestamp == state.lastTimestamp && known?.open == state.currentTransactionFirstOffset
                && known?.batches == state.batches
            #expect(isSame, "producer \(state) after \(lastStep)")
        }
    }
}

/// SplitMix64: the same history for the same seed, everywhere.
struct LogRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func chance(_ part: Int, of whole: Int) -> Bool {
        Int.random(in: 0..<whole, using: &self) < part
    }
}

/// The log against a model that is too simple to be wrong in the same way.
@Suite(.timeLimit(.minutes(2)))
struct LogModelTests {
    /// 40 histories of 3 000 steps. Small segments, so that they roll, and a retention that keeps the log short.
    @Test(arguments: UInt64(0)..<40)
    func agreesWithTheModel(seed: UInt64) throws {
        var configuration = LogConfiguration()
        configuration.segmentBytes = seed % 2 == 0 ? 1500 : 20_000
        configuration.segmentMs = seed % 3 == 0 ? 300 : 100_000
        configuration.retentionBytes = seed % 4 == 0 ? -1 : 6000
        configuration.retentionMs = 3000
        var history = LogHistory(seed: seed, configuration: configuration)
        for _ in 0..<3000 { try history.step() }
        history.log.removeAll(now: history.now)
        #expect(history.memory.used == 0)
    }
}

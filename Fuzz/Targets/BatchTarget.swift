import KrunBroker

/// Record batches of every codec, appended to a small log that is then read, searched, compacted and retained.
///
/// An input is any number of batches, one after another. Lengths, checksums and the like are put right in most inputs, and plain
/// records are compressed in some, so that what is behind those is reached too.
struct BatchTarget: FuzzTarget {
    let name = "batches"
    let weight = 3

    /// Whatever the input, most logs have something in them before.
    private let context: [[UInt8]]

    init() {
        var random = SplitMix64(seed: 0)
        context = (0..<8).map { _ in BatchMaker.batch(&random) }
    }

    func seeds(_ random: inout SplitMix64) -> [[UInt8]] {
        (0..<256).map { _ in
            var bytes = BatchMaker.batch(&random)
            if random.below(4) == 0 { bytes += BatchMaker.batch(&random) }
            return bytes
        }
    }

    func corpus(_ random: inout SplitMix64) -> [(name: String, bytes: [UInt8])] {
        let valid = RecordCompression.allCases.map { ("\($0)", BatchMaker.batch(compression: $0, records: 3, &random)) }
        let bombs = RecordCompression.allCases.map { ("hostile-large-\($0)", BatchMaker.bomb($0)) }
        return valid + bombs + BatchMaker.hostile
    }

    /// A header that says something else, the payload of another codec, or one that is compressed anew.
    func change(_ input: inout [UInt8], _ random: inout SplitMix64) {
        guard input.count >= RecordBatchHeader.size else { return }
        let number = BatchMaker.interesting[random.below(BatchMaker.interesting.count)]
        let field = BatchMaker.fields[random.below(BatchMaker.fields.count)]
        switch random.below(4) {
        case 0:
            // Attributes: codec, timestamp type, transactional, control, delete horizon.
            input[22] ^= 1 << UInt8(random.below(7))
        case 1:
            // As many records as it says, more or less.
            let count = Int64(random.below(8))
            BatchMaker.set(&input, at: 57, bytes: 4, count)
            BatchMaker.set(&input, at: 23, bytes: 4, count - 1)
        case 2:
            input[22] = input[22] & ~7 | UInt8(random.below(6))
        default:
            BatchMaker.set(&input, at: field.place, bytes: field.bytes, number)
        }
    }

    func run(_ input: [UInt8], _ random: inout SplitMix64) -> Verdict {
        var pieces = BatchMaker.split(input)
        for index in pieces.indices {
            if random.below(4) == 0 { BatchMaker.compress(&pieces[index], &random) }
            if random.below(4) > 0 { BatchMaker.repairHeader(&pieces[index]) }
            if random.below(8) > 0 { BatchMaker.repairChecksum(&pieces[index]) }
        }
        let before = (0..<random.below(3)).map { _ in context[random.below(context.count)] }
        var exercise = LogExercise(&random)
        for batch in before { _ = exercise.append(batch, &random) }
        var isAccepted = true
        for piece in pieces where !exercise.append(piece, &random) { isAccepted = false }
        exercise.finish(&random)
        return Verdict(heading: heading(of: pieces[0]), isAccepted: isAccepted)
    }

    private func heading(of batch: [UInt8]) -> String {
        guard batch.count >= RecordBatchHeader.size else { return "(batches, none)" }
        guard let codec = RecordCompression(rawValue: Int16(batch[22] & 7)) else { return "(batches, unknown codec)" }
        return "(batches, \(codec))"
    }
}

/// A small log that is used in every way there is, and judged: what was accepted must stay readable, whole and in
/// order, whatever compaction and retention do.
struct LogExercise {
    static let maximumDecompressedBytes = 8192

    private let log: PartitionLog
    private var now = Now(uptime: .zero, wallMilliseconds: BatchMaker.wall)

    init(_ random: inout SplitMix64) {
        var configuration = BatchMaker.levels
        configuration.cleanupPolicy = [[.delete], [.delete], [.compact], [.compact, .delete]][random.below(4)]
        configuration.segmentBytes = [400, 800, 4096, 1 << 30][random.below(4)]
        configuration.maxDecompressedBytes = Self.maximumDecompressedBytes
        configuration.maxMessageBytes = 16_384
        configuration.retentionBytes = random.below(4) == 0 ? Int64(random.below(1000)) : -1
        configuration.retentionMs = random.below(4) == 0 ? Int64(random.below(5000)) : -1
        configuration.deleteRetentionMs = Int64(random.below(3)) * 1000
        configuration.minCompactionLagMs = random.below(8) == 0 ? 1000 : 0
        if random.below(8) == 0 { configuration.messageTimestampType = .logAppendTime }
        if random.below(8) == 0 { configuration.compressionType = RecordCompression(rawValue: Int16(random.below(5))) }
        let memory = LogMemory(limit: random.below(16) == 0 ? 3000 : 1 << 18)
        log = PartitionLog(configuration: configuration, memory: memory, now: now)
    }

    /// Whether the log took it; a producer's transaction is ended at once in some cases.
    mutating func append(_ batch: [UInt8], _ random: inout SplitMix64) -> Bool {
        let end = log.logEndOffset
        let size = log.sizeInBytes
        let epoch = Int32(random.below(3))
        let origin: LogAppendOrigin = random.below(8) == 0 ? .coordinator : .client
        now = now.advanced(by: .milliseconds(random.below(3) * 500))
        guard let result = try? log.append(batch, leaderEpoch: epoch, now: now, origin: origin) else {
            if log.logEndOffset != end || log.sizeInBytes != size { fatalError("a refused batch changed the log") }
            return false
        }
        let added = result.isDuplicate ? 0 : Int64(result.recordCount)
        if log.logEndOffset != end + added { fatalError("\(result) moved the end from \(end) to \(log.logEndOffset)") }
        if random.below(2) == 0,
            let open = log.describeProducers().first(where: { $0.currentTransactionFirstOffset != nil })
        {
            _ = try? log.appendEndTransactionMarker(
                producerId: open.producerId, producerEpoch: open.producerEpoch, commit: random.below(2) == 0,
                coordinatorEpoch: 0, leaderEpoch: epoch, now: now)
        }
        return true
    }

    /// Reads, searches, compacts and retains what is there, then gives the memory back.
    mutating func finish(_ random: inout SplitMix64) {
        if log.logEndOffset > 0 {
            check(&random)
            if random.below(4) == 0 {
                _ = try? log.deleteRecords(before: Int64(random.below(Int(min(log.logEndOffset, 100)) + 1)))
                check(&random)
            }
            for _ in 0..<2 {
                let hadEnd = log.logEndOffset
                now = now.advanced(by: .milliseconds(random.below(2500)))
                if log.cleanNow(now: now) || log.retainNow(now: now) { check(&random) }
                if log.logEndOffset != hadEnd { fatalError("maintenance moved the end of the log") }
            }
            _ = log.maintain(now: now)
            _ = log.nextMaintenance(now: now)
        }
        log.removeAll(now: now)
        if log.memory.used != 0 { fatalError("\(log.memory.used) bytes are counted for an empty log") }
    }

    private func check(_ random: inout SplitMix64) {
        let (records, isNumbered) = readAll(maxBytes: [0, 150, 1 << 20][random.below(3)])
        _ = try? log.read(from: Int64(random.below(20)), maxBytes: random.below(500), minOneBatch: false)
        _ = try? log.read(from: log.logStartOffset, maxBytes: 500, minOneBatch: true, upTo: .lastStable)
        _ = log.abortedTransactions(from: log.logStartOffset, to: log.logEndOffset)
        _ = log.endOffset(forLeaderEpoch: Int32(random.below(4)))
        checkSearch(records, isNumbered: isNumbered, &random)
    }

    /// Every readable record, in the order of batches; and whether all have offsets that are their batches'.
    private func readAll(maxBytes: Int) -> (records: [LogRecord], isNumbered: Bool) {
        var records: [LogRecord] = []
        var isNumbered = true
        var offset = log.logStartOffset
        var below = Int64(-1)
        while offset < log.logEndOffset {
            guard let slice = try? log.read(from: offset, maxBytes: maxBytes, minOneBatch: true, upTo: .logEnd),
                slice.nextOffset > offset
            else { fatalError("nothing can be read at \(offset) of \(log.logEndOffset)") }
            offset = slice.nextOffset
            let bytes = slice.bytes
            bytes.withUnsafeBytes { bytes in
                var rest = bytes[...]
                while !rest.isEmpty {
                    let batch = UnsafeRawBufferPointer(rebasing: rest)
                    do {
                        let header = try RecordBatchHeader(parsing: batch)
                        guard header.baseOffset > below, header.lastOffset >= header.baseOffset else {
                            fatalError("\(header) comes after offset \(below)")
                        }
                        below = header.lastOffset
                        let found = try RecordBatchReader.records(in: batch, maxDecompressedBytes: .max)
                        for record in found where record.offset < header.baseOffset || record.offset > below {
                            isNumbered = false
                        }
                        records += found
                        rest = rest.dropFirst(header.sizeInBytes)
                    } catch {
                        fatalError("what is stored cannot be read: \(error)")
                    }
                }
            }
        }
        return (records.filter { $0.offset >= log.logStartOffset }, isNumbered)
    }

    private func checkSearch(_ records: [LogRecord], isNumbered: Bool, _ random: inout SplitMix64) {
        var timestamp = BatchMaker.interesting[random.below(BatchMaker.interesting.count)]
        if !records.isEmpty, random.below(4) > 0 {
            timestamp = records[random.below(records.count)].timestamp &+ Int64(random.below(3)) &- 1
        }
        let first = records.first { $0.timestamp >= timestamp }.flatMap { $0.offset < log.logEndOffset ? $0 : nil }
        let found = log.offset(for: .timestamp(timestamp), isolation: .logEnd)
        if found?.offset != first?.offset || found?.timestamp != first?.timestamp {
            fatalError("\(String(describing: found)) instead of \(String(describing: first)) has \(timestamp)")
        }
        let greatest = log.offset(for: .maxTimestamp, isolation: .logEnd)
        let expected = records.map(\.timestamp).max() ?? -1
        // Plain batches may number their records as they like; then what is found is one of them.
        if isNumbered, (greatest?.timestamp ?? -1) != max(expected, -1) {
            fatalError("\(String(describing: greatest)) has the greatest timestamp, not \(expected)")
        }
    }
}

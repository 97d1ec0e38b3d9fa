import KrunBroker

/// Record batches as producers build them, and what a fuzzer does to them.
enum BatchMaker {
    static let wall: Int64 = 1_700_000_000_000
    /// Where the header has its numbers, but for attributes, length and checksum.
    static let fields = [(0, 8), (12, 4), (16, 1), (23, 4), (27, 8), (35, 8), (43, 8), (51, 2), (53, 4), (57, 4)]
        .map { (place: $0.0, bytes: $0.1) }
    static let interesting: [Int64] = [
        .min, .min + 1, -2, -1, 0, 1, 2, Int64(Int32.max), Int64(Int32.max) + 1, Int64(Int32.min), .max - 1, .max,
        wall, -wall,
    ]
    /// At the lowest levels: what is fuzzed is reading.
    static let levels: LogConfiguration = {
        var levels = LogConfiguration()
        levels.gzipLevel = 1
        levels.lz4Level = 1
        levels.zstdLevel = 1
        return levels
    }()

    static func batch(_ random: inout SplitMix64) -> [UInt8] {
        let codec = random.below(2) == 0 ? nil : RecordCompression(rawValue: Int16(random.below(5)))
        let batch = batch(compression: codec ?? .none, records: 1 + random.below(5), &random)
        return random.below(16) == 0 ? bomb(codec ?? .lz4) : batch
    }

    static func batch(compression: RecordCompression, records: Int, _ random: inout SplitMix64) -> [UInt8] {
        var builder = RecordBatchBuilder(compression: compression)
        builder.levels = levels
        if random.below(3) == 0 {
            builder.producerId = Int64(random.below(3))
            builder.producerEpoch = 0
            builder.baseSequence = 0
            builder.isTransactional = random.below(2) == 0
        }
        for _ in 0..<records {
            let headers = (0..<(random.below(3) == 0 ? random.below(4) : 0)).map { _ in
                LogRecordHeader(key: text(&random), value: random.below(3) == 0 ? nil : text(&random))
            }
            builder.append(
                timestamp: wall + Int64(random.below(5000)) - 2500,
                key: random.below(100) == 0 ? nil : [UInt8(0x61 + random.below(4))],
                value: random.below(5) == 0 ? nil : text(&random), headers: headers)
        }
        return builder.build()
    }

    /// More, once decompressed, than the log allows.
    static func bomb(_ codec: RecordCompression) -> [UInt8] {
        var builder = RecordBatchBuilder(compression: codec)
        builder.levels = levels
        builder.append(
            timestamp: wall, key: [0x62], value: [UInt8](repeating: 0, count: 3 * LogExercise.maximumDecompressedBytes))
        return builder.build()
    }

    /// Each one wrong in a way of its own, behind a checksum that is right.
    static var hostile: [(name: String, bytes: [UInt8])] {
        let record: [UInt8] = [12, 0, 0, 0, 1, 1, 0]
        let records: [(String, [UInt8])] = [
            ("no-records", []),
            ("record-negative", [1, 0, 0, 0, 1, 1, 0]),
            ("record-beyond-end", [0x7E, 0, 0, 0, 1, 1, 0]),
            ("record-of-2-gibibytes", [0xFE, 0xFF, 0xFF, 0xFF, 0x0F, 0, 0, 0, 1, 1, 0]),
            ("key-beyond-record", [12, 0, 0, 0, 0x7E, 1, 0]),
            ("varint-without-end", [0x80, 0x80, 0x80, 0x80, 0x80, 0x80]),
            ("headers-of-2-billion", [20, 0, 0, 0, 1, 1, 0xFE, 0xFF, 0xFF, 0xFF, 0x0F]),
            ("bytes-after-last", record + [0]),
            ("one-record-too-many", record + record),
        ]
        return records.map { name, payload in ("hostile-\(name)", self.batch(of: payload)) }
    }

    private static func batch(of payload: [UInt8]) -> [UInt8] {
        var builder = RecordBatchBuilder()
        builder.append(timestamp: wall, key: nil, value: nil)
        var batch = Array(builder.build().prefix(RecordBatchHeader.size)) + payload
        repairLength(&batch)
        repairChecksum(&batch)
        return batch
    }

    /// Cuts after every batch that is whole by its own account; never empty.
    static func split(_ input: [UInt8]) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var rest = input[...]
        while rest.count > 2 * RecordBatchHeader.size {
            let start = rest.startIndex
            let size = rest[(start + 8)..<(start + 12)].reduce(0) { $0 << 8 | Int($1) } + 12
            guard size >= RecordBatchHeader.size, rest.count - size >= RecordBatchHeader.size,
                rest[start + size + 16] == 2
            else { break }
            pieces.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        return pieces + [Array(rest)]
    }

    /// Whatever comes after the header of a plain batch, as another codec writes it.
    static func compress(_ batch: inout [UInt8], _ random: inout SplitMix64) {
        guard batch.count >= RecordBatchHeader.size, batch[22] & 7 == 0,
            let codec = RecordCompression(rawValue: Int16(1 + random.below(4)))
        else { return }
        let payload = codec.compress(Array(batch[RecordBatchHeader.size...]), levels: levels)
        batch.replaceSubrange(RecordBatchHeader.size..., with: payload)
        batch[22] |= UInt8(codec.rawValue)
        repairLength(&batch)
    }

    /// What every batch is refused for before its records are looked at.
    static func repairHeader(_ batch: inout [UInt8]) {
        guard batch.count >= RecordBatchHeader.size else { return }
        repairLength(&batch)
        set(&batch, at: 0, bytes: 8, 0)
        batch[16] = 2
        batch[22] &= ~0x20
        let count = batch[57..<61].reduce(0) { $0 << 8 | Int64($1) }
        if 1...8 ~= count { return set(&batch, at: 23, bytes: 4, count - 1) }
        // It was hit, and perhaps all before it: no flags, one record of now, no producer.
        batch[21] = 0
        batch[22] &= 7
        for (field, number) in zip(fields.dropFirst(3), [0, wall, wall, -1, -1, -1, 1]) {
            set(&batch, at: field.place, bytes: field.bytes, number)
        }
    }

    static func repairLength(_ batch: inout [UInt8]) {
        if batch.count >= RecordBatchHeader.size { set(&batch, at: 8, bytes: 4, Int64(batch.count - 12)) }
    }

    static func repairChecksum(_ batch: inout [UInt8]) {
        guard batch.count >= RecordBatchHeader.size else { return }
        let checksum = batch.withUnsafeBytes { RecordBatchHeader.checksum(of: $0) }
        set(&batch, at: 17, bytes: 4, Int64(checksum))
    }

    static func set(_ batch: inout [UInt8], at place: Int, bytes: Int, _ number: Int64) {
        for index in 0..<bytes {
            batch[place + index] = UInt8(truncatingIfNeeded: number >> Int64(8 * (bytes - 1 - index)))
        }
    }

    private static func text(_ random: inout SplitMix64) -> [UInt8] {
        [UInt8](repeating: random.byte(), count: random.below(8) == 0 ? random.below(200) : random.below(10))
    }
}

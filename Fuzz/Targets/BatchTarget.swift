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

/// Changes to bytes that know nothing of their meaning, chosen for what trips decoders: lengths, ends, repetition.
enum Mutator {
    private static let interesting: [[UInt8]] = [
        [0], [1], [0x7F], [0x80], [0xFF],
        [0, 0], [0xFF, 0xFF], [0x7F, 0xFF], [0x80, 0x00], [0xFF, 0xFE],
        [0, 0, 0, 0], [0, 0, 0, 1], [0xFF, 0xFF, 0xFF, 0xFF], [0x7F, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0],
        [0xFF, 0xFF, 0xFF, 0xFE], [0, 0xFF, 0xFF, 0xFF],
        // Variable-length numbers: 128, 16 384, the largest of 32 bits, one beyond, one without end.
        [0x80, 0x01], [0x80, 0x80, 0x01], [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0x80, 0x80, 0x80, 0x80, 0x10],
        [0x80, 0x80, 0x80, 0x80, 0x80],
        // Not UTF-8.
        [0xC3, 0x28], [0xED, 0xA0, 0x80],
    ]
    private static let longest = 1 << 16

    static func mutate(_ input: inout [UInt8], other: [UInt8], _ random: inout SplitMix64) {
        guard !input.isEmpty else {
            input = [random.byte()]
            return
        }
        let place = random.below(input.count)
        switch random.below(10) {
        case 0:
            input[place] ^= 1 << UInt8(random.below(8))
        case 1:
            input[place] = random.byte()
        case 2:
            input[place] = random.below(2) == 0 ? input[place] &+ 1 : input[place] &- 1
        case 3, 4:
            let bytes = interesting[random.below(interesting.count)]
            for (offset, byte) in bytes.enumerated() where place + offset < input.count {
                input[place + offset] = byte
            }
        case 5:
            input.insert(contentsOf: interesting[random.below(interesting.count)], at: place)
        case 6:
            input.removeSubrange(place..<min(input.count, place + 1 + random.below(8)))
        case 7:
            input.removeSubrange(place...)
        case 8:
            let end = min(input.count, place + 1 + random.below(32))
            input.insert(contentsOf: Array(input[place..<end]), at: place)
        default:
            // The start of one, the end of another.
            input.removeSubrange(place...)
            input += other.dropFirst(min(place, other.count))
        }
        if input.count > longest { input.removeSubrange(longest...) }
    }
}

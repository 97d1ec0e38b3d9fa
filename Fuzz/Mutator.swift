import Foundation

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

/// Files of inputs, in a folder for each target.
struct Corpus {
    let folder: URL

    init(_ path: String) {
        folder = URL(fileURLWithPath: path)
    }

    /// In the order of their names, so that a run can be repeated.
    func read(_ target: any FuzzTarget) throws -> [[UInt8]] {
        let place = folder.appendingPathComponent(target.name)
        let names = try FileManager.default.contentsOfDirectory(atPath: place.path).filter { $0.hasSuffix(".bin") }
        return try names.sorted().map { name in
            // Not by Data(contentsOf:), which leaks a little with an empty file: LeakSanitizer would name it every time.
            let file = try FileHandle(forReadingFrom: place.appendingPathComponent(name))
            return [UInt8](try file.readToEnd() ?? Data())
        }
    }

    /// Replaces what is there.
    func write(_ target: any FuzzTarget, seed: UInt64) throws {
        let place = folder.appendingPathComponent(target.name)
        try? FileManager.default.removeItem(at: place)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        var random = SplitMix64(seed: seed)
        for (name, bytes) in target.corpus(&random) {
            try Data(bytes).write(to: place.appendingPathComponent("\(name).bin"))
        }
    }
}

/// A generator that a seed and an input's number set up in no time, so that any input can be made again alone.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    init(seed: UInt64, input: Int) {
        var mixer = SplitMix64(seed: seed)
        state = mixer.next() ^ (UInt64(truncatingIfNeeded: input) &* 0xD134_2543_DE82_EF95)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }

    mutating func byte() -> UInt8 {
        UInt8(truncatingIfNeeded: next())
    }
}

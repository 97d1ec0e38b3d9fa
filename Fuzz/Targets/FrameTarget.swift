import KrunWire
import NIOCore

/// `FrameDecoder`, fed in pieces of random lengths: whatever the pieces, it must find what a plain loop finds.
struct FrameTarget: FuzzTarget {
    let name = "frames"
    let weight = 1

    private let maxFrameLength = 4096

    func seeds(_ random: inout SplitMix64) -> [[UInt8]] {
        (0..<64).map { _ in stream(&random) }
    }

    func corpus(_ random: inout SplitMix64) -> [(name: String, bytes: [UInt8])] {
        [
            ("three-frames", [0, 0, 0, 3, 1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 1, 0xFF]),
            ("empty-frames", [UInt8](repeating: 0, count: 64)),
            ("hostile-negative", [0, 0, 0, 1, 7, 0xFF, 0xFF, 0xFF, 0xFF, 0]),
            ("hostile-least", [0x80, 0, 0, 0]),
            ("hostile-2-gibibytes", [0x7F, 0xFF, 0xFF, 0xFF, 1, 2, 3]),
            ("hostile-one-too-long", [0, 0, 0x10, 0x01]),
            ("unfinished", [0, 0, 0x10, 0, 1, 2, 3]),
            ("http", Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)),
            ("tls", [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03]),
        ]
    }

    /// A length in front of what is there.
    func change(_ input: inout [UInt8], _ random: inout SplitMix64) {
        let length = random.below(2) == 0 ? input.count : random.below(2 * maxFrameLength)
        input.insert(
            contentsOf: [0, 0, UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length)], at: 0)
    }

    func run(_ input: [UInt8], _ random: inout SplitMix64) -> Verdict {
        let (expected, error) = split(input)
        var decoder = FrameDecoder(maxFrameLength: maxFrameLength)
        var found: [ByteBuffer] = []
        var failure: FrameError?
        var rest = input[...]
        let longest = 1 + random.below(input.count + 1)
        while failure == nil, !rest.isEmpty {
            let piece = rest.prefix(1 + random.below(longest))
            rest = rest.dropFirst(piece.count)
            decoder.append(ByteBuffer(bytes: piece))
            do {
                while let frame = try decoder.next() { found.append(frame) }
            } catch {
                failure = error
            }
        }
        if !found.map({ Array($0.readableBytesView) }).elementsEqual(expected) || failure != error {
            fatalError("frames are \(found), \(String(describing: failure)) instead of \(expected)")
        }
        if decoder.pendingCapacity > 4 * (input.count + 64) { fatalError("memory for bytes that have not come") }
        return Verdict(heading: "(frames)", isAccepted: error == nil)
    }

    private func split(_ input: [UInt8]) -> ([[UInt8]], FrameError?) {
        var frames: [[UInt8]] = []
        var rest = input[...]
        while rest.count >= 4 {
            let length = Int(Int32(truncatingIfNeeded: rest.prefix(4).reduce(0) { $0 << 8 | Int64($1) }))
            if length < 0 { return (frames, .negativeLength(length)) }
            if length > maxFrameLength { return (frames, .tooLong(length, most: maxFrameLength)) }
            guard rest.count >= 4 + length else { break }
            frames.append(Array(rest.dropFirst(4).prefix(length)))
            rest = rest.dropFirst(4 + length)
        }
        return (frames, nil)
    }

    private func stream(_ random: inout SplitMix64) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<random.below(6) {
            let length = random.below(3) == 0 ? random.below(600) : random.below(20)
            bytes += [0, 0, UInt8(length >> 8), UInt8(length & 0xFF)]
            for _ in 0..<length { bytes.append(random.byte()) }
        }
        return bytes
    }
}

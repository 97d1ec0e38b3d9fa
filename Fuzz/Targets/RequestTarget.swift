import KrunWire
import NIOCore

/// `Request.decode`, of every API and version and of some that there are not.
///
/// What it accepts is written again and read again, which must come to the same request.
struct RequestTarget: FuzzTarget {
    let name = "requests"
    let weight = 7

    func seeds(_ random: inout SplitMix64) -> [[UInt8]] {
        var seeds: [[UInt8]] = []
        for type in Request.types {
            for version in type.versions {
                for _ in 0..<8 { seeds.append(frame(of: type, version: version, &random)) }
            }
        }
        return seeds
    }

    func corpus(_ random: inout SplitMix64) -> [(name: String, bytes: [UInt8])] {
        var files: [(name: String, bytes: [UInt8])] = []
        for type in Request.types {
            for version in type.versions {
                files.append(("\(type.apiKey.name)-v\(version)", frame(of: type, version: version, &random)))
            }
        }
        return files + hostile.map { ("hostile-\($0.key)", $0.value) }.sorted { $0.0 < $1.0 }
    }

    /// Another API, another version of the same, or one just outside of what there is.
    func change(_ input: inout [UInt8], _ random: inout SplitMix64) {
        guard input.count >= 4 else { return }
        let type = Request.types[random.below(Request.types.count)]
        if random.below(2) == 0 { set(&input, at: 0, type.apiKey.rawValue) }
        let choices = [type.versions.lowerBound - 1, type.versions.upperBound + 1, type.firstFlexibleVersion]
        let version =
            random.below(4) == 0
            ? choices[random.below(choices.count)]
            : type.versions.lowerBound + Int16(random.below(type.versions.count))
        set(&input, at: 2, version)
    }

    func run(_ input: [UInt8], _ random: inout SplitMix64) -> Verdict {
        do {
            let (header, request) = try Request.decode(ByteBuffer(bytes: input))
            expectSame(header, request)
            return Verdict(heading: request.apiKey.name, isAccepted: true)
        } catch .unknownApiKey {
            return Verdict(heading: "(unknown API)", isAccepted: false)
        } catch .unsupportedVersion {
            return Verdict(heading: "(unsupported version)", isAccepted: false)
        } catch {
            return Verdict(heading: apiName(of: input) ?? "(no header)", isAccepted: false)
        }
    }

    private func expectSame(_ header: RequestHeader, _ request: Request) {
        let frame: ByteBuffer
        do {
            frame = try request.message.frame(
                version: header.apiVersion, correlationId: header.correlationId, clientId: header.clientId)
        } catch {
            fatalError("what was read cannot be written: \(error)")
        }
        do {
            let again = try Request.decode(frame.getSlice(at: 4, length: frame.readableBytes - 4) ?? ByteBuffer())
            if again != (header, request) { fatalError("what was written reads otherwise: \(again) for \(request)") }
        } catch {
            fatalError("what was written cannot be read: \(error)")
        }
    }

    /// A request with random content, without its length.
    private func frame(of type: any KafkaRequest.Type, version: Int16, _ random: inout SplitMix64) -> [UInt8] {
        func make<Message: KafkaRequest>(_: Message.Type) throws -> [UInt8] {
            var coder = WireRandomizer(random, isFlexible: Message.isFlexible(version))
            var message = Message()
            try message.code(&coder, version: version)
            random = coder.generator
            let frame = try message.frame(version: version, correlationId: 7, clientId: "krun")
            return Array(frame.readableBytesView.dropFirst(4))
        }
        do {
            return try make(type)
        } catch {
            fatalError("a random \(type) version \(version) cannot be written: \(error)")
        }
    }

    private func apiName(of input: [UInt8]) -> String? {
        guard input.count >= 8 else { return nil }
        return ApiKey(rawValue: Int16(bitPattern: UInt16(input[0]) << 8 | UInt16(input[1])))?.name
    }

    private func set(_ input: inout [UInt8], at index: Int, _ number: Int16) {
        input[index] = UInt8(truncatingIfNeeded: number >> 8)
        input[index + 1] = UInt8(truncatingIfNeeded: number)
    }

    /// Each one wrong in a way of its own.
    private var hostile: [String: [UInt8]] {
        let metadata: [UInt8] = [0, 3, 0, 1, 0, 0, 0, 7, 0xFF, 0xFF]
        let flexibleMetadata: [UInt8] = [0, 3, 0, 12, 0, 0, 0, 7, 0xFF, 0xFF]
        let heartbeat: [UInt8] = [0, 12, 0, 4, 0, 0, 0, 7, 0xFF, 0xFF, 0]
        return [
            "empty": [],
            "half-header": [0, 18, 0, 0, 0],
            "unknown-api": [0x7F, 0xFF, 0, 0, 0, 0, 0, 7],
            "future-api-versions": [0, 18, 0, 99, 0, 0, 0, 7, 0, 0, 0],
            "negative-version": [0, 18, 0xFF, 0xFF, 0, 0, 0, 7],
            "client-id-beyond-end": [0, 18, 0, 0, 0, 0, 0, 7, 0x7F, 0xFF, 0x6B],
            "client-id-below-null": [0, 18, 0, 0, 0, 0, 0, 7, 0x80, 0x00],
            "client-id-not-utf8": [0, 18, 0, 0, 0, 0, 0, 7, 0, 2, 0xC3, 0x28],
            "trailing-byte": [0, 18, 0, 0, 0, 0, 0, 7, 0xFF, 0xFF, 0],
            "array-of-2-billion": metadata + [0x7F, 0xFF, 0xFF, 0xFF, 0, 0],
            "array-below-null": metadata + [0xFF, 0xFF, 0xFF, 0xFE],
            "array-one-too-many": metadata + [0, 0, 0, 2, 0, 1, 0x74],
            "compact-array-of-4-billion": flexibleMetadata + [0, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0],
            "compact-string-of-4-billion": heartbeat + [0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x67],
            "varint-of-36-bits": heartbeat + [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
            "varint-without-end": heartbeat + [0x80, 0x80],
            "null-group": heartbeat + [0, 0],
            "tags-of-4-billion": [0, 12, 0, 4, 0, 0, 0, 7, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
            "tag-beyond-end": [0, 12, 0, 4, 0, 0, 0, 7, 0xFF, 0xFF, 1, 5, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
            "tags-descending": [0, 12, 0, 4, 0, 0, 0, 7, 0xFF, 0xFF, 2, 5, 0, 4, 0],
        ]
    }
}

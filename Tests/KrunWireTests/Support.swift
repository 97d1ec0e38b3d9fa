import KrunWire
import NIOCore
import Testing

/// One version of one API, as an argument of a parameterised test.
struct VersionedApi: CustomTestStringConvertible, Sendable {
    let type: any KafkaRequest.Type
    let version: Int16

    var testDescription: String { "\(type.apiKey.name) v\(version)" }

    static let all = Request.types.flatMap { type in type.versions.map { VersionedApi(type: type, version: $0) } }
}

extension WireMessage {
    /// With random content in every field that the version has.
    static func random(seed: UInt64, version: Int16, isFlexible: Bool) throws -> Self {
        var coder = WireRandomizer(SplitMix64(seed: seed), isFlexible: isFlexible)
        var message = Self()
        try message.code(&coder, version: version)
        return message
    }
}

extension KafkaRequest {
    static func random(seed: UInt64, version: Int16) throws -> Self {
        try random(seed: seed, version: version, isFlexible: isFlexible(version))
    }

    static func randomResponse(seed: UInt64, version: Int16) throws -> Response {
        try .random(seed: seed, version: version, isFlexible: isFlexible(version))
    }
}

extension ByteBuffer {
    /// The frame without the length in front of it, which has to be right.
    func unframed() throws -> ByteBuffer {
        let length = try #require(getInteger(at: readerIndex, as: Int32.self))
        #expect(Int(length) == readableBytes - 4)
        return try #require(getSlice(at: readerIndex + 4, length: Int(length)))
    }

    /// A buffer of hexadecimal digits, between which there may be spaces and line breaks.
    init(hex: String) {
        let digits = hex.filter { !$0.isWhitespace }
        self.init()
        var index = digits.startIndex
        while index < digits.endIndex {
            let next = digits.index(index, offsetBy: 2)
            guard let byte = UInt8(digits[index..<next], radix: 16) else { fatalError("no hexadecimal: \(hex)") }
            writeInteger(byte)
            index = next
        }
    }
}

/// A seeded generator, so that what a test tries is the same on every run.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

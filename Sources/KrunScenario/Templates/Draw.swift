import KrunDiagnostics

/// A value that is drawn with the seed, or that is the time.
enum Draw: Hashable, Sendable {
    /// `{{uuid}}`: version 4 of RFC 9562.
    case uuid
    /// `{{random 1 100}}`: both ends included.
    case random(Int64, Int64)
    /// `{{now}}`, `{{now + 5m}}`: so many milliseconds from the time.
    case now(Int64)

    /// Appends the text of the value.
    ///
    /// - Parameters:
    ///   - seed: the same gives the same.
    ///   - time: milliseconds since 1970.
    func append(seed: UInt64, time: Int64, to text: inout [UInt8]) {
        switch self {
        case .uuid: Self.appendUUID(Self.mixed(seed), Self.mixed(seed &+ 1), to: &text)
        case .random(let least, let greatest): text.append(decimal: Self.number(from: least, to: greatest, seed: seed))
        case .now(let offset): text += TimestampText.text(milliseconds: time &+ offset).utf8
        }
    }

    /// A whole number; nil for what is text.
    func number(seed: UInt64, time: Int64) -> Int64? {
        switch self {
        case .uuid: nil
        case .random(let least, let greatest): Self.number(from: least, to: greatest, seed: seed)
        case .now(let offset): time &+ offset
        }
    }

    /// Each number of the range as often as the others, as far as 64 bits can be divided among them.
    static func number(from least: Int64, to greatest: Int64, seed: UInt64) -> Int64 {
        let width = UInt64(bitPattern: greatest &- least)
        guard width < .max else { return Int64(bitPattern: mixed(seed)) }
        let (high, _) = mixed(seed).multipliedFullWidth(by: width + 1)
        return least &+ Int64(bitPattern: high)
    }

    /// One step of SplitMix64 (Steele, Lea and Flood 2014).
    static func mixed(_ seed: UInt64) -> UInt64 {
        var mixed = seed &* 0x9e37_79b9_7f4a_7c15 &+ 0x9e37_79b9_7f4a_7c15
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// Another seed for another place or another message.
    static func seed(_ seed: UInt64, at place: UInt64) -> UInt64 { mixed(seed ^ mixed(place)) }

    private static func appendUUID(_ high: UInt64, _ low: UInt64, to text: inout [UInt8]) {
        let version = high & ~0xf000 | 0x4000
        let variant = low & ~(0b11 << 62) | 0b10 << 62
        for position in 0..<32 {
            if [8, 12, 16, 20].contains(position) { text.append(UInt8(ascii: "-")) }
            let word = position < 16 ? version : variant
            let digit = UInt8(word >> UInt64(60 - 4 * (position % 16)) & 15)
            text.append(digit < 10 ? 0x30 + digit : 0x61 - 10 + digit)
        }
    }
}

/// A text in which secrets are looked for.
struct SecretText {
    static let ellipsis = Array("…".utf8)

    let bytes: UnsafeRawBufferPointer
    /// Whether it may go on behind its end.
    let isCut: Bool
    /// Whether something may have stood before its beginning.
    let isCutBefore: Bool

    var count: Int { bytes.count }

    /// Nil behind the end.
    subscript(_ position: Int) -> UInt8? {
        position >= 0 && position < bytes.count ? bytes[position] : nil
    }

    func isEllipsis(at position: Int) -> Bool {
        self[position] == Self.ellipsis[0] && self[position + 1] == Self.ellipsis[1]
            && self[position + 2] == Self.ellipsis[2]
    }

    /// Whether something that stood here is missing.
    func isCut(at position: Int) -> Bool { isEllipsis(at: position) || (isCut && position == count) }

    /// Where the text is cut: here, or behind the beginning of an escape that stands here; nil where it goes on.
    func cut(from position: Int) -> Int? {
        let run = run(of: UInt8(ascii: "\\"), at: position)
        if isCut(at: position + run) { return position + run }
        guard run > 0 || self[position] == UInt8(ascii: "%") else { return nil }
        // Of the longest one, `\ud83d\ude00` in JSON within JSON, all but the last digit.
        var end = position + run
        while end < position + run + Self.longestEscape, let byte = self[end], isOfEscape(byte) { end += 1 }
        return isCut(at: end) ? end : nil
    }

    /// How many bytes an escape may have behind its first backslashes.
    static let longestEscape = 16

    /// Whether an escape may have this behind its first sign.
    func isOfEscape(_ byte: UInt8) -> Bool { hexDigit(byte) != nil || Array("\\%u{}nrt".utf8).contains(byte) }

    /// How many of these bytes there are from here on.
    func run(of byte: UInt8, at position: Int) -> Int {
        var end = position
        while self[end] == byte { end += 1 }
        return end - position
    }

    func starts(with part: [UInt8], at position: Int) -> Bool {
        guard position + part.count <= count else { return false }
        return part.indices.allSatisfy { bytes[position + $0] == part[$0] }
    }

    /// The number that so many hex digits are; nil where there are fewer.
    func hex(at position: Int, digits: Int) -> UInt32? {
        var number: UInt32 = 0
        for offset in 0..<digits {
            guard let digit = self[position + offset].flatMap(hexDigit) else { return nil }
            number = number << 4 | UInt32(digit)
        }
        return number
    }
}

/// 0 to 15; nil for what is no hex digit, of either case.
func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}

/// One of the forms in which a secret may stand somewhere: a row of parts, each found in one way or another.
struct SecretForm: Sendable {
    enum Part: Sendable {
        /// So many backslashes, of which escaping makes more.
        case backslashes(Int)
        /// Any other scalar, as it is or escaped.
        case scalar(Unicode.Scalar, utf8: [UInt8])
        /// 0 to 15.
        case hexDigit(UInt8)
        /// A sign of base64, of the usual alphabet or the one for URLs.
        case base64(UInt8)
    }

    private let parts: [Part]
    /// How many parts tell something where the others are cut off.
    private let least: Int
    /// Whether the sign before and the one after have some bits of the secret too.
    private var sharesSignBefore = false
    private var sharesSignAfter = false

    private init(_ parts: [Part], least: Int) {
        self.parts = parts
        self.least = least
    }

    /// - Parameter secret: not empty.
    static func all(of secret: [UInt8]) -> [SecretForm] {
        [text(of: secret), hex(of: secret)] + (0..<3).compactMap { base64(of: secret, behind: $0) }
    }

    private static func text(of secret: [UInt8]) -> SecretForm {
        var parts: [Part] = []
        for scalar in String(decoding: secret, as: UTF8.self).unicodeScalars {
            if scalar != "\\" {
                parts.append(.scalar(scalar, utf8: Array(String(scalar).utf8)))
            } else if case .backslashes(let count)? = parts.last {
                parts[parts.count - 1] = .backslashes(count + 1)
            } else {
                parts.append(.backslashes(1))
            }
        }
        return SecretForm(parts, least: max(min(2, parts.count), min(4, parts.count / 2)))
    }

    private static func hex(of secret: [UInt8]) -> SecretForm {
        SecretForm(
            secret.flatMap { [.hexDigit($0 >> 4), .hexDigit($0 & 15)] }, least: min(8, max(4, secret.count)))
    }

    /// The signs that have bits of nothing but the secret, which begins behind so many bytes of a group of three; nil where there are hardly any.
    private static func base64(of secret: [UInt8], behind before: Int) -> SecretForm? {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let bits = (Array(repeating: 0, count: before) + secret).flatMap { byte in
            (0..<8).map { byte >> (7 - $0) & 1 }
        }
        let first = (before * 8 + 5) / 6
        let end = bits.count / 6
        guard end - first >= 3 else { return nil }
        let parts = (first..<end).map { sign in
            Part.base64(alphabet[Int(bits[sign * 6..<sign * 6 + 6].reduce(0) { $0 << 1 | $1 })])
        }
        var form = SecretForm(parts, least: min(4, parts.count))
        form.sharesSignBefore = before > 0
        form.sharesSignAfter = bits.count % 6 != 0
        return form
    }

    /// The bytes with which it may begin.
    var beginnings: [UInt8] {
        switch parts[0] {
        case .backslashes: Array("\\%".utf8)
        case .scalar("\t", _), .scalar(" ", _): Array("\t +\\%".utf8)
        case .scalar(_, let utf8): [utf8[0]] + Array("\\%".utf8)
        case .hexDigit(let digit):
            Array(String(digit, radix: 16).utf8) + Array(String(digit, radix: 16, uppercase: true).utf8)
        case .base64(let sign): Self.spellings(of: sign)
        }
    }

    /// What of the text from here on is the secret, or what is left of it before a cut; nil for nothing.
    func range(in text: SecretText, at position: Int) -> Range<Int>? {
        guard let end = end(in: text, at: position, from: 0) else { return nil }
        let isShared = sharesSignBefore && text[position - 1].map(Self.isSign) == true
        return (isShared ? position - 1 : position)..<end
    }

    /// Where that ends which, right behind a `…`, is the rest of the secret, or a part of it; nil for nothing.
    ///
    /// It may begin with the end of an escape.
    func endOfRest(in text: SecretText, at start: Int) -> Int? {
        var position = start
        while position <= start + SecretText.longestEscape {
            for first in 1..<max(1, parts.count - least + 1) {
                if let end = end(in: text, at: position, from: first) { return end }
            }
            guard isText, let byte = text[position], text.isOfEscape(byte) else { return nil }
            position += 1
        }
        return nil
    }

    /// Whether it is the secret as it is, which may be escaped.
    private var isText: Bool {
        switch parts[0] {
        case .backslashes, .scalar: true
        case .hexDigit, .base64: false
        }
    }

    /// Where the parts from the one with this number on end, or are cut.
    private func end(in text: SecretText, at start: Int, from first: Int) -> Int? {
        var position = start
        var hasBackslash = false
        for number in first..<parts.count {
            guard let next = end(of: parts[number], in: text, at: position, &hasBackslash) else {
                return number - first >= least ? text.cut(from: position) : nil
            }
            position = next
        }
        if sharesSignAfter, text[position].map(Self.isSign) == true { position += 1 }
        return position
    }

    /// - Parameter hasBackslash: whether backslashes that may belong to this part stand before it.
    private func end(of part: Part, in text: SecretText, at position: Int, _ hasBackslash: inout Bool) -> Int? {
        switch part {
        case .backslashes(let count):
            hasBackslash = true
            return endOfBackslashes(count, in: text, at: position)
        case .scalar(let scalar, let utf8):
            defer { hasBackslash = false }
            return endOfScalar(scalar, utf8, in: text, at: position, behindBackslash: hasBackslash)
        case .hexDigit(let digit):
            let position = Self.behindLineBreaks(in: text, at: position)
            return text[position].flatMap(KrunSecrets.hexDigit) == digit ? position + 1 : nil
        case .base64(let sign):
            let position = Self.behindLineBreaks(in: text, at: position)
            return text[position].map { Self.spellings(of: sign).contains($0) } == true ? position + 1 : nil
        }
    }

    private func endOfBackslashes(_ count: Int, in text: SecretText, at start: Int) -> Int? {
        var (position, found) = (start, 0)
        while found < count {
            let run = text.run(of: UInt8(ascii: "\\"), at: position)
            if run > 0, text[position + run] == UInt8(ascii: "u"), text.hex(at: position + run + 1, digits: 4) == 0x5C {
                position += run + 5
                found += 1
            } else if run > 0 {
                position += run
                found += run
            } else if text[position] == UInt8(ascii: "%"), text.hex(at: position + 1, digits: 2) == 0x5C {
                position += 3
                found += 1
            } else {
                return nil
            }
        }
        return position
    }

    private func endOfScalar(
        _ scalar: Unicode.Scalar, _ utf8: [UInt8], in text: SecretText, at start: Int, behindBackslash: Bool
    ) -> Int? {
        let run = text.run(of: UInt8(ascii: "\\"), at: start)
        let position = start + run
        let isBehindBackslash = run > 0 || behindBackslash
        // Before what it is without an escape, which may be the letter of one.
        if isBehindBackslash, text[position] == UInt8(ascii: "u"),
            let end = endOfEscape(scalar, in: text, at: position + 1)
        {
            return end
        }
        if text.starts(with: utf8, at: position) { return position + utf8.count }
        if scalar == "\t" || scalar == " " {
            // A terminal shows the one as the other, and a form in a URL has a sign for it.
            if text[position] == UInt8(ascii: " ") || text[position] == UInt8(ascii: "+") { return position + 1 }
        }
        if run == 0, text[position] == UInt8(ascii: "%") {
            var end = position
            for byte in utf8 {
                guard text[end] == UInt8(ascii: "%"), text.hex(at: end + 1, digits: 2) == UInt32(byte) else {
                    return nil
                }
                end += 3
            }
            return end
        }
        guard isBehindBackslash, let letter = Self.shortEscape(of: scalar) else { return nil }
        return text[position] == letter ? position + 1 : nil
    }

    /// The digits of `\u00e9`, `\ud83d\ude00` and `\u{1F600}`.
    private func endOfEscape(_ scalar: Unicode.Scalar, in text: SecretText, at start: Int) -> Int? {
        if text[start] == UInt8(ascii: "{") {
            var (end, number) = (start + 1, UInt32(0))
            while end <= start + 6, let digit = text.hex(at: end, digits: 1) {
                number = number << 4 | digit
                end += 1
            }
            return number == scalar.value && text[end] == UInt8(ascii: "}") ? end + 1 : nil
        }
        var position = start
        for (index, unit) in String(scalar).utf16.enumerated() {
            if index > 0 {
                let run = text.run(of: UInt8(ascii: "\\"), at: position)
                guard run > 0, text[position + run] == UInt8(ascii: "u") else { return nil }
                position += run + 1
            }
            guard text.hex(at: position, digits: 4) == UInt32(unit) else { return nil }
            position += 4
        }
        return position
    }

    private static func shortEscape(of scalar: Unicode.Scalar) -> UInt8? {
        switch scalar {
        case "\n": UInt8(ascii: "n")
        case "\r": UInt8(ascii: "r")
        case "\t": UInt8(ascii: "t")
        case "\u{8}": UInt8(ascii: "b")
        case "\u{C}": UInt8(ascii: "f")
        default: nil
        }
    }

    private static func behindLineBreaks(in text: SecretText, at position: Int) -> Int {
        var position = position
        while text[position] == UInt8(ascii: "\n") || text[position] == UInt8(ascii: "\r") { position += 1 }
        return position
    }

    private static func spellings(of sign: UInt8) -> [UInt8] {
        switch sign {
        case UInt8(ascii: "+"): Array("+-".utf8)
        case UInt8(ascii: "/"): Array("/_".utf8)
        default: [sign]
        }
    }

    private static func isSign(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

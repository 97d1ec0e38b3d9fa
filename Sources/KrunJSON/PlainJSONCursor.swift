/// Reads JSON of the plain kind, forward only: for texts by the million, where nobody asks in which column something stands.
///
/// What it reads, `JSONDocument` would read with the same content. The reverse does not hold: an answer of nil or false means
/// that something is wrong or merely rare, and which of the two `JSONDocument` can tell. Names that stand twice are for the
/// caller to find. It does not own the bytes, which must outlive it.
package struct PlainJSONCursor {
    var position: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>

    /// Nil for no bytes at all.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return nil }
        position = start.assumingMemoryBound(to: UInt8.self)
        end = position + bytes.count
    }

    /// Passes over the white space that JSON takes for insignificant.
    @inline(__always)
    mutating func skipWhiteSpace() {
        while position < end, position.pointee <= 0x20, position.pointee.isWhiteSpace { position += 1 }
    }

    /// Whether nothing but white space is left.
    package mutating func isAtEnd() -> Bool {
        skipWhiteSpace()
        return position == end
    }

    /// Takes the byte, such as a bracket, where it comes next after white space.
    package mutating func take(_ byte: UInt8) -> Bool {
        skipWhiteSpace()
        guard position < end, position.pointee == byte else { return false }
        position += 1
        return true
    }

    /// Takes a `null`.
    package mutating func takeNull() -> Bool {
        skipWhiteSpace()
        guard end - position >= 4, position[0] == UInt8(ascii: "n"), position[1] == UInt8(ascii: "u"),
            position[2] == UInt8(ascii: "l"), position[3] == UInt8(ascii: "l")
        else { return false }
        position += 4
        return true
    }

    /// Takes the name of a member and its colon: one in ASCII without escapes.
    package mutating func takeName() -> UnsafeRawBufferPointer? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = position
        while position < end, position.pointee != UInt8(ascii: "\"") {
            guard position.pointee >= 0x20, position.pointee < 0x80, position.pointee != UInt8(ascii: "\\") else {
                return nil
            }
            position += 1
        }
        guard position < end else { return nil }
        let name = UnsafeRawBufferPointer(start: start, count: position - start)
        position += 1
        return take(UInt8(ascii: ":")) ? name : nil
    }

    /// Takes a whole number of at most 18 digits.
    package mutating func takeInteger() -> Int64? {
        skipWhiteSpace()
        let isNegative = position < end && position.pointee == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let start = position
        var number: Int64 = 0
        while position < end, position.pointee.isDigit, position - start < 19 {
            number = number * 10 + Int64(position.pointee & 0x0F)
            position += 1
        }
        let digits = position - start
        guard digits > 0, digits < 19, digits == 1 || start.pointee != UInt8(ascii: "0") else { return nil }
        if position < end, position.pointee == UInt8(ascii: ".") || position.pointee | 0x20 == UInt8(ascii: "e") {
            return nil
        }
        return isNegative ? -number : number
    }

    /// Takes a string, appends its content and returns where in `text` that is; after nil there may be a part of it.
    package mutating func takeString(to text: inout [UInt8]) -> Range<Int>? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = text.count
        var run = position
        var isASCII = true
        while true {
            while end - position >= 8, Self.suspects(in: UnsafeRawPointer(position).loadUnaligned(as: UInt64.self)) == 0
            {
                position += 8
            }
            guard position < end else { return nil }
            switch position.pointee {
            case UInt8(ascii: "\""):
                text.append(contentsOf: UnsafeBufferPointer(start: run, count: position - run))
                position += 1
                // Wherever an escape stands, no bytes beside it become a character through it.
                if !isASCII, String(validating: text[start...], as: UTF8.self) == nil { return nil }
                return start..<text.count
            case UInt8(ascii: "\\"):
                text.append(contentsOf: UnsafeBufferPointer(start: run, count: position - run))
                guard takeEscape(to: &text) else { return nil }
                run = position
            case 0..<0x20: return nil
            case 0x80...:
                isASCII = false
                position += 1
            default: position += 1
            }
        }
    }

    /// Marks, at their high bits, those of eight bytes that do not stand for themselves: control characters, quotation marks, backslashes,
    /// and what is not ASCII. 0 where there are none; above the lowest mark there may be others without a reason.
    @inline(__always)
    static func suspects(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
        let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
        // The high bit of a byte is set by a borrow where the byte is below what is subtracted, or it had that bit before.
        return (word | (word &- (ones &* 0x20)) | (quotes &- ones) | (backslashes &- ones)) & (ones &* 0x80)
    }

    private mutating func takeEscape(to text: inout [UInt8]) -> Bool {
        guard end - position >= 2 else { return false }
        let letter = position[1]
        position += 2
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "u"):
            guard var unit = takeUnit(), unit != 0 else { return false }
            if unit & 0xF800 == 0xD800 {
                guard unit < 0xDC00, end - position >= 2, position[0] == UInt8(ascii: "\\"),
                    position[1] == UInt8(ascii: "u")
                else { return false }
                position += 2
                guard let low = takeUnit(), low & 0xFC00 == 0xDC00 else { return false }
                unit = 0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF
            }
            guard let scalar = Unicode.Scalar(unit) else { return false }
            text += UTF8.encode(scalar)!
        default: return false
        }
        return true
    }

    /// Takes four hexadecimal digits.
    mutating func takeUnit() -> UInt32? {
        guard end - position >= 4 else { return nil }
        var unit: UInt32 = 0
        for _ in 0..<4 {
            let byte = position.pointee
            switch byte {
            case 0x30...0x39: unit = unit << 4 | UInt32(byte - 0x30)
            case 0x41...0x46, 0x61...0x66: unit = unit << 4 | UInt32((byte | 0x20) - 0x61 + 10)
            default: return nil
            }
            position += 1
        }
        return unit
    }
}

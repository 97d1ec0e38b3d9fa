/// Passing over values that nobody asks for; what passes, `JSONDocument` would read.
extension PlainJSONCursor {
    /// Nil at the end.
    var next: UInt8? { position < end ? position.pointee : nil }

    mutating func advance() { position += 1 }

    /// Takes the byte where it comes next, at once.
    @inline(__always)
    mutating func take(next byte: UInt8) -> Bool {
        guard position < end, position.pointee == byte else { return false }
        position += 1
        return true
    }

    /// Takes a name in quotes without escapes; where it begins is of use as long as the bytes are.
    @inline(__always)
    mutating func takePlainName() -> (name: PlainName, start: UnsafePointer<UInt8>)? {
        guard take(next: UInt8(ascii: "\"")) else { return nil }
        let start = position
        guard let last = skipCharacters(), last == UInt8(ascii: "\"") else { return nil }
        let count = position - start
        position += 1
        guard end - start >= 8 else {
            return (PlainName(UnsafeBufferPointer(start: start, count: count)), start)
        }
        let word = UInt64(littleEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self))
        let mask: UInt64 = count >= 8 ? .max : 1 << UInt64(8 * count) &- 1
        return (PlainName(word: word & mask, count: count), start)
    }

    /// Passes over characters that stand for themselves, up to a quotation mark or a backslash, which it returns; nil where neither comes.
    @inline(__always)
    private mutating func skipCharacters() -> UInt8? {
        var here = position
        while true {
            while end - here >= 8 {
                let word = UInt64(littleEndian: UnsafeRawPointer(here).loadUnaligned(as: UInt64.self))
                let suspects = Self.suspects(in: word)
                if suspects == 0 {
                    here += 8
                    continue
                }
                // The lowest mark is right; only those above one may be there by a borrow.
                here += suspects.trailingZeroBitCount >> 3
                break
            }
            guard here < end else { return nil }
            let byte = here.pointee
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                position = here
                return byte
            }
            if byte < 0x20 { return nil }
            if byte < 0x80 {
                here += 1
            } else {
                let length = Self.lengthOfScalar(here, end)
                if length == 0 { return nil }
                here += length
            }
        }
    }

    /// How many bytes the scalar has that begins there and is not ASCII; 0 where it is none in UTF-8.
    @inline(never)
    private static func lengthOfScalar(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Int {
        let left = end - start
        func isContinuation(_ index: Int, _ range: ClosedRange<UInt8> = 0x80...0xBF) -> Bool {
            index < left && range.contains(start[index])
        }
        let second: ClosedRange<UInt8>
        switch start[0] {
        case 0xC2...0xDF: return isContinuation(1) ? 2 : 0
        case 0xE0...0xEF:
            // Neither longer than need be, nor half of a surrogate pair.
            second = start[0] == 0xE0 ? 0xA0...0xBF : start[0] == 0xED ? 0x80...0x9F : 0x80...0xBF
            return isContinuation(1, second) && isContinuation(2) ? 3 : 0
        case 0xF0...0xF4:
            second = start[0] == 0xF0 ? 0x90...0xBF : start[0] == 0xF4 ? 0x80...0x8F : 0x80...0xBF
            return isContinuation(1, second) && isContinuation(2) && isContinuation(3) ? 4 : 0
        default: return 0
        }
    }

    /// Passes over a string, at its quotation mark.
    mutating func skipString() -> Bool {
        position += 1
        while let byte = skipCharacters() {
            if byte == UInt8(ascii: "\"") {
                position += 1
                return true
            }
            guard skipEscape() else { return false }
        }
        return false
    }

    /// Passes over an escape, at its backslash. Pairs of surrogates are rare.
    @inline(never)
    private mutating func skipEscape() -> Bool {
        guard end - position >= 2 else { return false }
        switch position[1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
            return true
        case UInt8(ascii: "u"):
            position += 2
            guard let unit = takeUnit() else { return false }
            return unit != 0 && unit & 0xF800 != 0xD800
        default: return false
        }
    }

    /// Passes over a number of any size, at its first byte.
    mutating func skipNumber() -> Bool {
        var here = position
        if here.pointee == UInt8(ascii: "-") { here += 1 }
        let start = here
        Self.skipDigits(&here, end)
        let whole = here - start
        guard whole > 0, whole == 1 || start.pointee != UInt8(ascii: "0") else { return false }
        if here < end, here.pointee == UInt8(ascii: ".") {
            here += 1
            let point = here
            Self.skipDigits(&here, end)
            if here == point { return false }
        }
        if here < end, here.pointee | 0x20 == UInt8(ascii: "e") {
            here += 1
            if here < end, here.pointee == UInt8(ascii: "-") || here.pointee == UInt8(ascii: "+") { here += 1 }
            let exponent = here
            Self.skipDigits(&here, end)
            if here == exponent { return false }
        }
        position = here
        return true
    }

    @inline(__always)
    private static func skipDigits(_ here: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) {
        while here < end, here.pointee.isDigit { here += 1 }
    }

    /// Passes over `true`, `false` or `null`.
    mutating func skipWord() -> Bool {
        guard end - position >= 4 else { return false }
        let word = UInt32(littleEndian: UnsafeRawPointer(position).loadUnaligned(as: UInt32.self))
        switch word {
        // "true" and "null", the first byte lowest.
        case 0x6575_7274, 0x6C6C_756E: position += 4
        // "fals"
        case 0x736C_6166:
            guard end - position >= 5, position[4] == UInt8(ascii: "e") else { return false }
            position += 5
        default: return false
        }
        return true
    }
}

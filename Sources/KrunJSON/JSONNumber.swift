/// A number exactly as its text says it, whatever its size: to be compared, not to be reckoned with.
///
/// `1`, `1.0` and `10e-1` are the same, and so are `0` and `-0`; `9007199254740993` and `9007199254740992` are not.
public struct JSONNumber: Comparable, Sendable {
    /// The text from its first digit that is not 0 to its exponent; empty for zero. A decimal point may be in it.
    private let digits: ArraySlice<UInt8>
    private let isNegative: Bool
    /// The power of ten for which the first digit stands.
    private let power: Int

    /// Exponents beyond this, in either direction, are taken for it: no text has as many digits.
    private static let maximumExponent = 100_000_000_000_000_000

    /// - Parameter text: a number in the syntax of JSON; the result is nil for anything else.
    public init?(_ text: ArraySlice<UInt8>) {
        var position = text.startIndex
        let end = text.endIndex
        func skipDigits() -> Int {
            let start = position
            while position < end, text[position].isDigit { position += 1 }
            return position - start
        }
        isNegative = text.first == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let start = position
        let whole = skipDigits()
        guard whole > 0, whole == 1 || text[start] != UInt8(ascii: "0") else { return nil }
        if position < end, text[position] == UInt8(ascii: ".") {
            position += 1
            guard skipDigits() > 0 else { return nil }
        }
        let mantissa = text[start..<position]
        var exponent = 0
        if position < end, text[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            let sign = position < end ? text[position] : 0
            if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { position += 1 }
            let first = position
            guard skipDigits() > 0 else { return nil }
            for digit in text[first..<position] where exponent < Self.maximumExponent {
                exponent = min(exponent * 10 + Int(digit & 0x0F), Self.maximumExponent)
            }
            if sign == UInt8(ascii: "-") { exponent = -exponent }
        }
        guard position == end else { return nil }
        let zeros = mantissa.prefix { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") }.count
        digits = mantissa.dropFirst(zeros)
        // Before the point the first digit of the number stands for the power `whole - 1`; behind it the point counts as one, too.
        power = exponent + (zeros < whole ? whole - 1 - zeros : whole - zeros)
    }

    /// A whole number.
    public init(_ integer: Int64) {
        let text = String(integer.magnitude).utf8
        digits = integer == 0 ? [] : Array(text)[...]
        isNegative = integer < 0
        power = text.count - 1
    }

    /// -1 for a number below zero, 0 for zero, 1 for one above.
    private var sign: Int { digits.isEmpty ? 0 : isNegative ? -1 : 1 }

    public static func == (a: JSONNumber, b: JSONNumber) -> Bool { a.compared(to: b) == 0 }

    public static func < (a: JSONNumber, b: JSONNumber) -> Bool { a.compared(to: b) < 0 }

    /// Below 0 where this is the smaller number, 0 where both are the same.
    private func compared(to other: JSONNumber) -> Int {
        let sign = sign
        guard sign == other.sign, sign != 0 else { return sign - other.sign }
        if power != other.power { return power < other.power ? -sign : sign }
        var (a, b) = (digits.makeIterator(), other.digits.makeIterator())
        func next(_ digits: inout IndexingIterator<ArraySlice<UInt8>>) -> UInt8? {
            let digit = digits.next()
            return digit == UInt8(ascii: ".") ? digits.next() : digit
        }
        while true {
            let (x, y) = (next(&a), next(&b))
            if x == nil, y == nil { return 0 }
            // What is not written is a 0.
            let (p, q) = (x ?? UInt8(ascii: "0"), y ?? UInt8(ascii: "0"))
            if p != q { return p < q ? -sign : sign }
        }
    }
}

extension JSONNode {
    /// Integers and reals, exactly; nil for anything else.
    public var exactNumber: JSONNumber? {
        kind == .integer || kind == .real ? JSONNumber(sourceText) : nil
    }
}

/// A text with `{{…}}` in it, compiled once.
public struct Template: Sendable {
    /// A part of the text.
    enum Segment: Sendable {
        case bytes([UInt8])
        case expression(IntegerExpression)
    }

    /// At least one of them is an expression; otherwise the text is a constant.
    let segments: [Segment]

    /// Appends the bytes of the message with that 0-based index.
    ///
    /// Allocates nothing when `buffer` has room.
    public func render(index: Int64, into buffer: inout [UInt8]) {
        for segment in segments {
            switch segment {
            case .bytes(let bytes): buffer.append(contentsOf: bytes)
            case .expression(let expression):
                // The decoder refuses what has no value at an index of its messages.
                if let value = expression.value(index: index) { buffer.append(decimal: value) }
            }
        }
    }
}

extension [UInt8] {
    /// Appends the number's decimal digits, without making a String of them.
    mutating func append(decimal number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        var rest = number.magnitude
        let start = count
        repeat {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            append(UInt8(ascii: "0") + UInt8(digit))
            rest = quotient
        } while rest > 0
        var low = start
        var high = count - 1
        while low < high {
            swapAt(low, high)
            low += 1
            high -= 1
        }
    }
}

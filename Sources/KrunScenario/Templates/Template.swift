/// A text with `{{…}}` in it, compiled once.
public struct Template: Sendable {
    /// A part of the text.
    enum Segment: Sendable {
        case bytes([UInt8])
        case expression(IntegerExpression)
    }

    /// At least one of them is an expression; otherwise the text is a constant.
    let segments: [Segment]
    /// How many segments and instructions it takes to render it.
    let size: Int
    /// How many bytes it renders at least.
    package let leastBytes: Int

    init(segments: [Segment]) {
        self.segments = segments
        (size, leastBytes) = segments.reduce((0, 0)) { sums, segment in
            switch segment {
            case .bytes(let bytes): (sums.0 + 1, sums.1 + bytes.count)
            case .expression(let expression): (sums.0 + expression.instructions.count, sums.1 + 1)
            }
        }
    }

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

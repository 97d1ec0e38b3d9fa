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

/// Puts segments together, with neighbouring bytes joined.
struct SegmentBuilder {
    private var segments: [Template.Segment] = []
    private var pending: [UInt8] = []

    mutating func append(_ bytes: some Sequence<UInt8>) {
        pending.append(contentsOf: bytes)
    }

    mutating func append(_ expression: IntegerExpression) {
        if expression.isConstant, let value = expression.value(index: 0) {
            pending.append(decimal: value)
            return
        }
        flush()
        segments.append(.expression(expression))
    }

    /// The parts of a string as they read in a text or, escaped, within a JSON string.
    mutating func append(_ parts: [TemplatePart], escapedForJSON: Bool) {
        for part in parts {
            switch part {
            case .expression(let expression): append(expression)
            case .text, .variable:
                part.withBytes(index: 0) { bytes in
                    if escapedForJSON { JSONText.appendEscaped(bytes, to: &pending) } else { append(bytes) }
                }
            }
        }
    }

    /// Constant bytes when no expression is among the segments.
    mutating func payload() -> PayloadTemplate {
        if segments.isEmpty { return .constant(pending) }
        flush()
        return .template(Template(segments: segments))
    }

    private mutating func flush() {
        if !pending.isEmpty { segments.append(.bytes(pending)) }
        pending = []
    }
}

/// JSON strings, written.
enum JSONText {
    /// The text between quotation marks.
    static func quoted(_ text: [UInt8]) -> [UInt8] {
        var json: [UInt8] = [UInt8(ascii: "\"")]
        appendEscaped(text, to: &json)
        json.append(UInt8(ascii: "\""))
        return json
    }

    /// Appends the text as it stands within a JSON string.
    static func appendEscaped(_ text: [UInt8], to json: inout [UInt8]) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                json.append(UInt8(ascii: "\\"))
                json.append(byte)
            case 0x0a: append("n", to: &json)
            case 0x0d: append("r", to: &json)
            case 0x09: append("t", to: &json)
            case 0..<0x20:
                append("u", to: &json)
                json.append(UInt8(ascii: "0"))
                json.append(UInt8(ascii: "0"))
                json.append(digit(byte >> 4))
                json.append(digit(byte & 15))
            default: json.append(byte)
            }
        }
    }

    private static func append(_ letter: Unicode.Scalar, to json: inout [UInt8]) {
        json.append(UInt8(ascii: "\\"))
        json.append(UInt8(ascii: letter))
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x61 - 10 + value }
}

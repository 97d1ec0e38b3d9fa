/// A text with `{{…}}` in it, compiled once.
public struct Template: Sendable {
    /// A part of the text.
    enum Segment: Sendable {
        case bytes([UInt8])
        case expression(IntegerExpression)
        /// Another value for each message; `place` tells it from others of the file.
        case drawn(Draw, place: UInt64)
    }

    /// What to do next while rendering. It holds no references: keeping count of them took a tenth of the time of sending.
    private enum Operation {
        /// Appends these of `bytes`.
        case bytes(Range<Int32>)
        /// Appends the digits of the index.
        case index
        /// Appends the digits of what the expression comes to, whose instructions are these of `instructions`.
        case expression(Range<Int32>, depth: Int32)
        case drawn(Draw, place: UInt64)
    }

    private let operations: [Operation]
    private let bytes: [UInt8]
    private let instructions: [IntegerExpression.Instruction]
    /// How many segments and instructions it takes to render it.
    let size: Int
    /// How many bytes it renders at least.
    package let leastBytes: Int
    /// Whether it depends on the seed.
    package let isDrawn: Bool
    /// Whether it depends on when it is rendered.
    package let usesTime: Bool

    /// - Parameter segments: at least one of them is an expression; otherwise the text is a constant.
    init(segments: [Segment]) {
        var operations: [Operation] = []
        var bytes: [UInt8] = []
        var instructions: [IntegerExpression.Instruction] = []
        var (size, leastBytes) = (0, 0)
        for segment in segments {
            switch segment {
            case .bytes(let part):
                operations.append(.bytes(Int32(bytes.count)..<Int32(bytes.count + part.count)))
                bytes += part
                size += 1
                leastBytes += part.count
            case .expression(let expression):
                let start = Int32(instructions.count)
                instructions += expression.instructions
                operations.append(
                    expression.instructions == [.index]
                        ? .index : .expression(start..<Int32(instructions.count), depth: Int32(expression.depth)))
                size += expression.instructions.count
                leastBytes += 1
            case .drawn(let draw, let place):
                operations.append(.drawn(draw, place: place))
                size += 1
                leastBytes += 1
            }
        }
        var (isDrawn, usesTime) = (false, false)
        for case .drawn(let draw, _) in operations {
            if case .now = draw { usesTime = true } else { isDrawn = true }
        }
        (self.isDrawn, self.usesTime) = (isDrawn, usesTime)
        self.operations = operations
        self.bytes = bytes
        self.instructions = instructions
        self.size = size
        self.leastBytes = leastBytes
    }

    /// The bytes with which every text that it renders begins.
    var prefix: ArraySlice<UInt8> { bytes(of: operations.first) }
    /// The bytes with which every one ends.
    var suffix: ArraySlice<UInt8> { bytes(of: operations.last) }

    private func bytes(of operation: Operation?) -> ArraySlice<UInt8> {
        guard case .bytes(let range)? = operation else { return [] }
        return bytes[Int(range.lowerBound)..<Int(range.upperBound)]
    }

    /// Appends the bytes of the message with that 0-based index.
    ///
    /// Allocates nothing when `buffer` has room.
    ///
    /// - Parameters:
    ///   - seed: for what is drawn.
    ///   - time: milliseconds since 1970, for `{{now}}`.
    public func render(index: Int64, seed: UInt64 = 0, time: Int64 = 0, into buffer: inout [UInt8]) {
        bytes.withUnsafeBufferPointer { bytes in
            instructions.withUnsafeBufferPointer { instructions in
                for operation in operations {
                    switch operation {
                    case .bytes(let range):
                        buffer.append(contentsOf: bytes[Int(range.lowerBound)..<Int(range.upperBound)])
                    case .index: buffer.append(decimal: index)
                    case .expression(let range, let depth):
                        let part = instructions[Int(range.lowerBound)..<Int(range.upperBound)]
                        // The decoder refuses what has no value at an index of its messages.
                        if let value = IntegerExpression.value(
                            of: UnsafeBufferPointer(rebasing: part), depth: Int(depth), index: index)
                        {
                            buffer.append(decimal: value)
                        }
                    case .drawn(let draw, let place):
                        draw.append(
                            seed: Draw.seed(Draw.seed(seed, at: place), at: UInt64(bitPattern: index)), time: time,
                            to: &buffer)
                    }
                }
            }
        }
    }
}

extension [UInt8] {
    /// Appends the number's decimal digits, without making a String of them.
    mutating func append(decimal number: Int64) {
        // At most 19 digits and a sign.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var rest = number.magnitude
            var start = 20
            repeat {
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                start -= 1
                digits.initializeElement(at: start, to: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
                rest = quotient
            } while rest > 0
            if number < 0 {
                start -= 1
                digits.initializeElement(at: start, to: UInt8(ascii: "-"))
            }
            append(contentsOf: digits[start...])
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

    mutating func append(_ draw: Draw, place: UInt64) {
        flush()
        segments.append(.drawn(draw, place: place))
    }

    /// The parts of a string as they read in a text or, escaped, within a JSON string.
    mutating func append(_ parts: [TemplatePart], escapedForJSON: Bool) {
        for part in parts {
            switch part {
            case .expression(let expression): append(expression)
            case .drawn(let draw, let place): append(draw, place: place)
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

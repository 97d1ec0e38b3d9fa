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

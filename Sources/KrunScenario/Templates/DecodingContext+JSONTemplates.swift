import KrunJSON

/// Templates within the strings of a JSON payload.
extension DecodingContext {
    /// The payload of an array or object: its own compact text, in which only strings with templates are replaced;
    /// nil, reported, when one of them is wrong.
    func jsonPayload(_ node: JSONNode, index: IndexScope) -> PayloadTemplate? {
        let source = node.compactText
        guard mayHoldTemplates(source) else { return .constant(source) }
        let strings = node.strings
        var builder = SegmentBuilder()
        var isSound = true
        var copied = 0
        var position = 0
        var next = 0
        while position < source.count {
            guard source[position] == UInt8(ascii: "\"") else {
                position += 1
                continue
            }
            let start = position
            position = endOfString(in: source, from: start)
            let string = strings[next]
            next += 1
            guard TemplateScanner.mayHoldTemplates(string.text) else { continue }
            builder.append(source[copied..<start])
            copied = position
            guard
                let parts = templateParts(of: string.text, in: string.node, index: index, isName: string.isName)
            else {
                isSound = false
                continue
            }
            append(parts, isName: string.isName, to: &builder)
        }
        builder.append(source[copied...])
        return isSound ? builder.payload() : nil
    }

    /// A value that is one template alone keeps its type; everything else is text.
    private func append(_ parts: [TemplatePart], isName: Bool, to builder: inout SegmentBuilder) {
        if parts.count == 1, !isName {
            switch parts[0] {
            case .variable(let variable): return builder.append(variable.value.compactText)
            case .expression(let expression): return builder.append(expression)
            case .text: break
            }
        }
        builder.append([UInt8(ascii: "\"")])
        builder.append(parts, escapedForJSON: true)
        builder.append([UInt8(ascii: "\"")])
    }

    /// Braces may also be written as escapes.
    private func mayHoldTemplates(_ source: [UInt8]) -> Bool {
        if TemplateScanner.holdsOpening(source) { return true }
        var position = 0
        while position + 5 < source.count {
            if source[position] == UInt8(ascii: "\\"), source[position + 1] == UInt8(ascii: "u"),
                source[position + 4] == UInt8(ascii: "7"), source[position + 5] | 0x20 == UInt8(ascii: "b")
            {
                return true
            }
            position += 1
        }
        return false
    }

    /// The position after the closing quotation mark.
    private func endOfString(in source: [UInt8], from start: Int) -> Int {
        var position = start + 1
        while source[position] != UInt8(ascii: "\"") {
            position += source[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        return position + 1
    }
}

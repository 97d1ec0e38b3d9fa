/// Finds the `{{…}}` in a text; what is inside is not looked at.
struct TemplateScanner {
    /// A part of a text. Offsets and lengths are in Unicode scalars.
    enum Part: Hashable {
        /// Plain text, with `{{{{` already made `{{`.
        case text(String)
        /// What stands between the braces, and where it stands without them.
        case template(String, offset: Int)
        /// A `{{` that nothing closes.
        case unclosed(offset: Int)
    }

    /// Whether the text holds a `{{` at all.
    static func mayHoldTemplates(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in holdsOpening(bytes) }
    }

    static func holdsOpening(_ bytes: some Collection<UInt8>) -> Bool {
        var previous: UInt8 = 0
        for byte in bytes {
            if byte == UInt8(ascii: "{"), previous == byte { return true }
            previous = byte
        }
        return false
    }

    /// The parts of `text`, in order; adjacent texts are joined.
    static func parts(of text: String) -> [Part] {
        let scalars = Array(text.unicodeScalars)
        var parts: [Part] = []
        var plain = String.UnicodeScalarView()
        var position = 0
        func opens(at index: Int) -> Bool {
            index + 1 < scalars.count && scalars[index] == "{" && scalars[index + 1] == "{"
        }
        while position < scalars.count {
            guard opens(at: position) else {
                plain.append(scalars[position])
                position += 1
                continue
            }
            if opens(at: position + 2) {
                plain.append(contentsOf: "{{".unicodeScalars)
                position += 4
                continue
            }
            if !plain.isEmpty { parts.append(.text(String(plain))) }
            plain = String.UnicodeScalarView()
            let start = position + 2
            var end = start
            while end + 1 < scalars.count, !(scalars[end] == "}" && scalars[end + 1] == "}") { end += 1 }
            guard end + 1 < scalars.count else {
                parts.append(.unclosed(offset: position))
                return parts
            }
            var inside = String.UnicodeScalarView()
            inside.append(contentsOf: scalars[start..<end])
            parts.append(.template(String(inside), offset: start))
            position = end + 2
        }
        if !plain.isEmpty { parts.append(.text(String(plain))) }
        return parts
    }
}

import KrunDiagnostics

/// Text chosen by others, as every format of text can hold it: what a terminal would obey is shown, and so is what is no character.
enum ReportedText {
    /// - Parameter line: text without line ends that are meant to be some.
    static func safe(_ line: String) -> String {
        let safe = TerminalText.safe(line)
        // Harmless on a terminal, and no characters of XML and YAML.
        guard safe.unicodeScalars.contains(where: { $0 == "\u{FFFE}" || $0 == "\u{FFFF}" }) else { return safe }
        return safe.replacing("\u{FFFE}", with: "\\uFFFE").replacing("\u{FFFF}", with: "\\uFFFF")
    }

    /// One line, with a space in the place of each line end.
    static func oneLine(_ text: String) -> String {
        safe(text.split(whereSeparator: \.isNewline).joined(separator: " "))
    }

    /// Lines stay lines.
    static func lines(_ text: String) -> String {
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { safe(String($0)) }
            .joined(separator: "\n")
    }
}

/// Text as XML 1.0 may hold it.
enum XMLText {
    /// Lines stay lines.
    static func content(_ text: String) -> String { escaped(ReportedText.lines(text)) }

    /// One line: a line end would be a space for whoever reads it.
    static func attribute(_ text: String) -> String { escaped(ReportedText.oneLine(text)) }

    private static func escaped(_ safe: String) -> String {
        var text = ""
        for scalar in safe.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

/// Text chosen by others within Markdown.
enum MarkdownText {
    /// One line that is nothing but text.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in ReportedText.oneLine(text).unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\\", "`", "*", "_", "{", "}", "[", "]", "(", ")", "#", "+", "!", "|", "~", "$", "@":
                escaped += "\\"
                escaped.unicodeScalars.append(scalar)
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// The same within HTML, where Markdown has no say.
    static func html(_ text: String) -> String {
        ReportedText.oneLine(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(
            ">", with: "&gt;")
    }

    /// More backticks than stand together anywhere in the text, at least three.
    static func fence(around text: String) -> String {
        var (longest, current) = (2, 0)
        for byte in text.utf8 {
            current = byte == UInt8(ascii: "`") ? current + 1 : 0
            longest = max(longest, current)
        }
        return String(repeating: "`", count: longest + 1)
    }
}

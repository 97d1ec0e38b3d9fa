import KrunDiagnostics

/// The line above a table, or the lines where a terminal has no room for it in one.
enum TableTitle {
    /// - Parameter title: safe text.
    static func lines(_ title: String, _ style: TextStyle, indent: String, width: Int?) -> [String] {
        TextFold.lines(title, width: width.map { $0 - indent.count }, indent: "  ", cutsWords: true).map { line in
            let spaces = line.prefix { $0 == " " }
            return indent + spaces + style.bold(String(line.dropFirst(spaces.count)))
        }
    }
}

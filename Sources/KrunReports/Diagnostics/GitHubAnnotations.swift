public import KrunDiagnostics

/// Diagnostics as workflow commands of GitHub Actions, which shows each beside the line that it is about.
public struct GitHubAnnotations: Sendable {
    /// What each is called, such as the name of a scenario.
    public var heading: String
    /// A file's path from the root of the repository, as GitHub knows it; nil for what is no file there.
    private let path: @Sendable (_ file: String) -> String?

    public init(heading: String, path: @escaping @Sendable (_ file: String) -> String?) {
        self.heading = heading
        self.path = path
    }

    /// A line each, with its line end: title, label and notes are the message, for of a command's properties a job's log shows nothing.
    ///
    /// - Parameter file: what a diagnostic without a place is about; nil for nothing.
    public func text(_ diagnostics: [Diagnostic], of file: String? = nil) -> String {
        diagnostics.map { line($0, of: file) + "\n" }.joined()
    }

    private func line(_ diagnostic: Diagnostic, of file: String?) -> String {
        var properties: [(name: String, value: String)] = []
        let name = diagnostic.place?.file ?? file
        let path = name.flatMap(path)
        if let path {
            properties.append(("file", path))
            if let place = diagnostic.place {
                properties += [
                    ("line", String(place.line)), ("endLine", String(place.line)), ("col", String(place.column)),
                    // The last one that belongs to it.
                    ("endColumn", String(place.column + place.length - 1)),
                ]
            }
        }
        properties.append(("title", heading))
        let shown = properties.map { "\($0.name)=\(Self.escaped(TerminalText.safe($0.value), isProperty: true))" }
        let command = diagnostic.kind == .warning ? "warning" : "error"
        return
            "::\(command) \(shown.joined(separator: ","))::\(Self.escaped(message(diagnostic, isShown: path != nil)))"
    }

    /// - Parameter isShown: whether its place is among the properties.
    private func message(_ diagnostic: Diagnostic, isShown: Bool) -> String {
        var parts = [diagnostic.title]
        if !isShown, let place = diagnostic.place { parts.append("\(place.file):\(place.line):\(place.column)") }
        if !diagnostic.label.isEmpty { parts.append(diagnostic.label) }
        // Those of a note are lines, too.
        let lines = (parts + diagnostic.notes).flatMap {
            $0.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        }
        return lines.map { TerminalText.safe(String($0)) }.joined(separator: "\n")
    }

    /// As a runner reads it back.
    private static func escaped(_ text: String, isProperty: Bool = false) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": escaped += "%25"
            case "\r": escaped += "%0D"
            case "\n": escaped += "%0A"
            case ":" where isProperty: escaped += "%3A"
            case "," where isProperty: escaped += "%2C"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

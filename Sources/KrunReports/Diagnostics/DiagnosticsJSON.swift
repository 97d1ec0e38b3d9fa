public import KrunDiagnostics
import KrunJSON

/// What is wrong with some files as one JSON text for editors and other programs; `docs/check.md` documents it field by field.
public enum DiagnosticsJSON {
    /// Rises when a field changes its meaning or goes away, not when one is added.
    public static let format = 1

    /// The whole text, indented, ended by a line end.
    ///
    /// - Parameters:
    ///   - files: each with what was found in it, in the order in which they were looked at.
    ///   - version: of krun.
    public static func text(_ files: [(name: String, diagnostics: Diagnostics?)], version: String) -> String {
        var report = JSONMembers()
        report.add("krun", version)
        report.add("format", format)
        var totals = JSONMembers()
        totals.add("files", files.count)
        let all = files.flatMap { $0.diagnostics?.all ?? [] }
        let warnings = all.count { $0.kind == .warning }
        // With those that are too many to be told.
        totals.add("errors", files.reduce(0) { $0 + ($1.diagnostics?.count ?? 0) } - warnings)
        totals.add("warnings", warnings)
        report.add("totals", totals)
        report.add("files", files.map(\.name))
        report.add(
            "diagnostics",
            files.flatMap { file in (file.diagnostics?.all ?? []).map { object($0, file: file.name) } })
        return report.value.text(pretty: true) + "\n"
    }

    private static func object(_ diagnostic: Diagnostic, file: String) -> JSONMembers {
        var object = JSONMembers()
        object.add("file", diagnostic.place?.file ?? file)
        if let place = diagnostic.place {
            object.add("line", place.line)
            object.add("column", place.column)
            object.add("endLine", place.line)
            object.add("endColumn", place.column + place.length)
            if !place.path.isEmpty { object.add("path", place.path) }
        }
        object.add("severity", diagnostic.kind == .warning ? "warning" : "error")
        object.add("message", diagnostic.title)
        if !diagnostic.label.isEmpty { object.add("label", diagnostic.label) }
        if !diagnostic.notes.isEmpty { object.add("notes", diagnostic.notes) }
        return object
    }
}

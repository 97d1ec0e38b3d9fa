import KrunDiagnostics
import KrunScenario

/// A file that was read, and the scenarios that it is.
struct FileReading: Sendable {
    let input: NamedInput
    /// nil where nothing could be read.
    let source: [UInt8]?
    let scenarios: Result<[Scenario], Diagnostics>
    /// The files that it named when it was read; nil for what is in no folder.
    let folderFiles: FolderFiles?

    /// In the order of the files; many of them side by side.
    static func all(
        _ files: [(NamedInput, Diagnostics?)],
        _ read: @Sendable (NamedInput, Diagnostics?) -> FileReading
    ) -> [FileReading] {
        // What can be read only once is read one after the other.
        guard !files.contains(where: { $0.0.isStream || $0.0.isDescriptor }) else {
            return files.map { read($0.0, $0.1) }
        }
        return SideBySide.map(files) { read($0.0, $0.1) }
    }
}

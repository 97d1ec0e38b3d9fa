import KrunDiagnostics
import KrunOutcome
import KrunReports

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The reports that were asked for besides the one on the terminal.
struct ReportFiles {
    private let options: [ReportOption]

    /// - Throws: a usage diagnostic where a file could not be written later on.
    init(_ options: [ReportOption]) throws(Diagnostic) {
        self.options = options
        for option in options where option.file != "-" {
            var isFolder = false
            if FileManager.default.fileExists(atPath: option.file, isDirectory: &isFolder), isFolder {
                throw Diagnostic(.usage, "--report \(option.format.rawValue)=\(option.file): that is a folder")
            }
            // Found out now, not after the run.
            let folder = option.file.lastIndex(of: "/").map { String(option.file[..<$0]) } ?? "."
            if FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), !isFolder {
                throw Diagnostic(.usage, "cannot write the report \(option.file)", notes: ["\(folder) is no folder"])
            }
            do {
                if !folder.isEmpty {
                    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                }
            } catch {
                throw ReportFiles.unwritable(option, error)
            }
            guard FileManager.default.isWritableFile(atPath: folder.isEmpty ? "/" : folder) else {
                throw Diagnostic(
                    .usage, "cannot write the report \(option.file)",
                    notes: ["you have no permission to write in its folder"])
            }
        }
    }

    /// Whether a report goes to stdout.
    var usesOutput: Bool { options.contains { $0.file == "-" } }

    func write(_ run: RunOutcome) throws(Diagnostic) {
        for option in options {
            var report: any Report =
                switch option.format {
                case .json: JSONReport(version: Version.krun)
                }
            let text = report.end(run)
            if option.file == "-" {
                Console.writeOutput(text)
                continue
            }
            do {
                try Data(text.utf8).write(to: URL(filePath: option.file), options: .atomic)
            } catch {
                throw ReportFiles.unwritable(option, error)
            }
        }
    }

    private static func unwritable(_ option: ReportOption, _ error: any Error) -> Diagnostic {
        Diagnostic(.usage, "cannot write the report \(option.file)", notes: [FileTrouble.reason(error)])
    }
}

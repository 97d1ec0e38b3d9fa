import KrunDiagnostics
import KrunJSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Which files did not pass when they were run last, for `--last-failed`: kept outside of the folder where krun is run, a list for each such folder.
///
/// The list is in `$XDG_STATE_HOME/krun`, or else in `~/.local/state/krun`. A run changes what is kept of the files that it ran, and nothing else.
struct FailedFiles {
    /// The list's own file.
    let path: String
    /// The folder of all lists.
    private let lists: String
    /// The folder that the list is of, without links.
    private let folder: String

    /// - Throws: why nothing can be kept.
    init(environment: (String) -> String? = Console.environment) throws(Diagnostic) {
        folder = ScenarioFiles.resolved(FileManager.default.currentDirectoryPath)
        let state: String
        if let given = environment("XDG_STATE_HOME"), given.hasPrefix("/") {
            state = given
        } else if let home = environment("HOME"), home.hasPrefix("/"), home != "/" {
            state = home + "/.local/state"
        } else {
            throw Diagnostic(
                .usage, "what did not pass cannot be kept for --last-failed",
                notes: ["neither XDG_STATE_HOME nor HOME names a folder for it: set one of them"])
        }
        lists = "\(state)/krun"
        path = "\(lists)/last-failed-\(Self.name(of: folder)).json"
    }

    /// A name for a folder that is no path: FNV-1a of its bytes, told apart by `folder` in the list.
    private static func name(of folder: String) -> String {
        let hash = folder.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Without links; empty where nothing is kept, or nothing that can be read.
    var files: Set<String> {
        guard let bytes = try? ScenarioFiles.read(path), let document = try? JSONDocument.parse(bytes, file: path),
            document.root["folder"]?.string == folder
        else { return [] }
        return Set((document.root["failed"]?.elements ?? []).compactMap(\.string))
    }

    /// Keeps what a run came to.
    ///
    /// - Parameters:
    ///   - passed: the files that were run, all of whose scenarios passed or were skipped.
    ///   - failed: those of which one did not.
    /// - Throws: why it cannot be kept.
    func update(passed: Set<String>, failed: Set<String>) throws(Diagnostic) {
        let old = files
        let new = old.subtracting(passed).union(failed).filter { ScenarioFiles.isThere($0) }
        guard new != old else { return }
        let list = JSONValue.object([
            .init("folder", .string(folder)), .init("failed", .array(new.sorted().map { .string($0) })),
        ])
        let target = ReportTarget(path)
        do throws(ReportTarget.Problem) {
            try target.prepare()
            try target.write(list.text(pretty: true) + "\n") { true }
        } catch {
            throw Diagnostic(
                .warning, "what did not pass cannot be kept for --last-failed in \(lists)", notes: [error.reason])
        }
    }
}

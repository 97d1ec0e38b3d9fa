import KrunDiagnostics

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Gives a scenario file another text: as a whole, and only where it still has the text that was read.
struct ScenarioReplacement {
    /// As the command line has it.
    let path: String

    init(_ path: String) {
        self.path = path
    }

    /// Finds out whether the file can be written at all.
    ///
    /// - Throws: a usage diagnostic with the reason.
    func check() throws(Diagnostic) {
        guard !LinkedFile.writesElsewhere(path) else {
            throw Diagnostic(
                .usage, "cannot write \(path)",
                notes: [
                    "a link leads from there to a file elsewhere, which would be replaced",
                    "name the file that is meant, not the link",
                ])
        }
        guard ReportTarget(path).isFile else { throw trouble("it is no regular file") }
        // To put another file in its place would only take a permission of the folder's.
        guard access(path, W_OK) == 0 else {
            throw trouble(errno == EACCES ? "you have no permission to write it" : String(cString: strerror(errno)))
        }
        do throws(ReportTarget.Problem) {
            try ReportTarget(path).prepare()
        } catch {
            throw trouble(error.reason)
        }
    }

    /// Links stay, and who may read and write the file may do so afterwards.
    ///
    /// - Parameters:
    ///   - old: what was read of it.
    ///   - new: UTF-8.
    /// - Throws: a usage diagnostic with the reason; then the file is as it was.
    func replace(_ old: [UInt8], with new: [UInt8]) throws(Diagnostic) {
        try check()
        let now: [UInt8]
        do throws(Diagnostics) {
            now = try ScenarioFiles.read(path)
        } catch {
            throw error.all[0]
        }
        guard now == old else {
            throw Diagnostic(
                .usage, "cannot write \(path)",
                notes: ["somebody has changed it since it was read; run the command again"])
        }
        do throws(ReportTarget.Problem) {
            try ReportTarget(path).write(String(decoding: new, as: UTF8.self)) { true }
        } catch {
            throw trouble(error.reason)
        }
    }

    private func trouble(_ reason: String) -> Diagnostic {
        Diagnostic(.usage, "cannot write \(path)", notes: [reason])
    }
}

import KrunDiagnostics
import KrunPages
import KrunReports

/// The folder that `--report html=DIR` writes: a page for each scenario as it ends, and at the end the one that leads to them.
struct PageFolder {
    private let path: String
    private var names = PageNames()
    private var written: [String] = []
    /// What is wrong with the first page that could not be written.
    private var problem: Diagnostic?
    private var unwritten = 0

    init(_ path: String) {
        self.path = path
    }

    /// Creates the folder where it is missing.
    ///
    /// - Throws: a usage diagnostic where nothing could be written in it.
    func prepare() throws(Diagnostic) {
        let index = file("index.html")
        if LinkedFile.writesElsewhere(index) {
            throw Diagnostic(
                .usage, "cannot write pages in \(path)",
                notes: ["a link leads from there to another folder", "name the folder that is meant, not the link"])
        }
        do throws(ReportTarget.Problem) {
            try ReportTarget(index).prepare()
        } catch {
            throw Diagnostic(
                .usage, "cannot write pages in \(path)",
                notes: [ReportTarget(index).isFolder ? "\(index) is a folder" : error.reason])
        }
    }

    mutating func add(_ summary: ScenarioSummary) {
        let name = names.name(for: summary.file)
        written.append(name)
        write(ScenarioPage(summary, version: Version.krun).html(), to: name)
    }

    /// Writes the index.
    ///
    /// - Returns: what is wrong with the pages, if not all could be written.
    mutating func end(_ run: RunSummary) -> [Diagnostic] {
        write(IndexPage(run, pages: written, version: Version.krun).html(), to: "index.html")
        guard var problem else { return [] }
        if unwritten > 1 { problem.notes.append("and \(unwritten - 1) more of the pages in \(path)") }
        return [problem]
    }

    private func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }

    private mutating func write(_ html: String, to name: String) {
        let target = file(name)
        var reason: String?
        if LinkedFile.writesElsewhere(target) {
            reason = "a link leads from there to a file elsewhere, which would be replaced"
        } else {
            do throws(ReportTarget.Problem) {
                // Of the command line's secrets the file may have one in its text.
                try ReportTarget(target).write(Console.masked(html), while: { true })
            } catch {
                reason = error.reason
            }
        }
        guard let reason else { return }
        unwritten += 1
        problem = problem ?? Diagnostic(.runtime, "cannot write the page \(target)", notes: [reason])
    }
}

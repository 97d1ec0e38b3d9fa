import KrunDiagnostics
import KrunPages
import KrunReports

/// The folder that `--report html=DIR` writes: a page for each scenario as it ends, and at the end the one that leads to them.
struct PageFolder {
    private let path: String
    private var names = PageNames()
    private var written: [String] = []
    /// What is wrong with pages that could not be written; the first says enough.
    private var problem: Diagnostic?

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

    /// - Parameter source: the scenario's file; nil where it is not at hand.
    mutating func add(_ summary: ScenarioSummary, source: [UInt8]?) {
        let name = names.name(for: summary.file)
        written.append(name)
        write(ScenarioPage(summary, source: source, version: Version.krun).html(), to: name)
    }

    /// Writes the index.
    ///
    /// - Returns: what is wrong with the pages, if not all could be written.
    mutating func end(_ run: RunSummary) -> [Diagnostic] {
        write(IndexPage(run, pages: written, version: Version.krun).html(), to: "index.html")
        return [problem].compactMap(\.self)
    }

    private func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }

    private mutating func write(_ html: String, to name: String) {
        let target = file(name)
        guard problem == nil else { return }
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
        if let reason { problem = Diagnostic(.runtime, "cannot write the page \(target)", notes: [reason]) }
    }
}

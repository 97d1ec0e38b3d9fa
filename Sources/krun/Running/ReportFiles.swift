import KrunDiagnostics

/// The reports that were asked for besides the one on the terminal, and where each of them goes.
struct ReportFiles {
    let options: [ReportOption]

    /// - Parameters:
    ///   - scenarios: the files that are run.
    ///   - inputs: others that are read; no report must replace one or the other.
    /// - Throws: a usage diagnostic where a file could not be written later on.
    init(_ options: [ReportOption], keeping scenarios: [String], _ inputs: [String]) throws(Diagnostic) {
        self.options = options
        for option in options where option.format == .html { try PageFolder(option.file).prepare() }
        for (number, option) in options.enumerated() where option.hasOwnFile {
            if LinkedFile.writesElsewhere(option.file) {
                throw Diagnostic(
                    .usage, "cannot write the report \(option.file)",
                    notes: [
                        "a link leads from there to a file elsewhere, which would be replaced",
                        "name the file that is meant, not the link",
                    ])
            }
            // Found out now, not after the run.
            do {
                try ReportTarget(option.file).prepare()
            } catch {
                throw Diagnostic(.usage, "cannot write the report \(option.file)", notes: [error.reason])
            }
            if let folder = options.first(where: { $0.format == .html && $0.mayHavePage(option.file) }) {
                throw Diagnostic(
                    .usage, "cannot write the report \(option.file)",
                    notes: [
                        "it could be one of the pages in \(folder.file)", "another folder, or a name without .html",
                    ])
            }
            for (files, use) in [(scenarios, "run"), (inputs, "read")] {
                guard let input = files.first(where: { ReportTarget(option.file).isSame(as: $0) }) else { continue }
                let name = input == option.file ? "" : " \(NamedInput(input).name),"
                throw Diagnostic(
                    .usage, "cannot write the report \(option.file)",
                    notes: ["it is\(name) one of the files that are \(use)"])
            }
            // By other names; of a device there may be two.
            let target = ReportTarget(option.file)
            guard target.isFile else { continue }
            if let other = options[..<number].first(where: { $0.hasOwnFile && target.isSame(as: $0.file) }) {
                throw Diagnostic(
                    .usage, "cannot write the report \(option.file)",
                    notes: ["it is \(other.file), where another report goes"])
            }
        }
    }

    /// Whether a report goes to stdout.
    var usesOutput: Bool { options.contains { $0.file == "-" } }

    /// Writes all that can be written.
    ///
    /// - Parameters:
    ///   - text: the report in that format.
    ///   - isWanted: whether to go on waiting for the reader of a pipe.
    /// - Returns: what is wrong with the others.
    func write(_ text: (ReportOption.Format) -> String, while isWanted: () -> Bool) -> [Diagnostic] {
        options.compactMap { $0.write(text($0.format), while: isWanted) }
    }
}

extension ReportOption {
    /// Whether it is written to a file or device that is not stdout.
    var hasOwnFile: Bool { format.hasFile && format != .html && file != "-" }

    /// Whether a page of its folder may get the file's name.
    fileprivate func mayHavePage(_ other: String) -> Bool {
        guard other.lowercased().hasSuffix(".html") else { return false }
        let folder = other.lastIndex(of: "/").map { String(other[...$0]) } ?? "."
        return ReportTarget(folder).isSame(as: file)
    }

    /// Writes the whole report.
    ///
    /// - Returns: why it could not be; nil where it was.
    func write(_ text: String, while isWanted: () -> Bool) -> Diagnostic? {
        if file == "-" {
            return Console.writeReport(text).map { unwritten($0) }
        }
        do throws(ReportTarget.Problem) {
            try ReportTarget(file).write(text, while: isWanted)
            return nil
        } catch {
            return unwritten(error.reason)
        }
    }

    /// What to say of a report that could not be written though everything was prepared for it.
    func unwritten(_ reason: String) -> Diagnostic {
        Diagnostic(.runtime, "cannot write the report \(file == "-" ? "to stdout" : file)", notes: [reason])
    }
}

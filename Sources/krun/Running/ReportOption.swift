import ArgumentParser
import KrunDiagnostics

/// `--report json=FILE`, `--report github`.
struct ReportOption: ExpressibleByArgument {
    enum Format: String, CaseIterable {
        case json, junit, tap, ctrf, jsonl, html, github

        /// Those that can be made of an earlier JSON report: of events there is nothing in it.
        static let ofEarlierRuns = allCases.filter { $0 != .jsonl }

        /// Whether a file or folder is named with it.
        var hasFile: Bool { self != .github }

        var spelling: String { hasFile ? "\(rawValue)=\(self == .html ? "DIR" : "FILE")" : rawValue }

        /// All of these as help lists them: `json=FILE, junit=FILE or github`.
        static func list(_ formats: [Format]) -> String {
            let words = formats.map(\.spelling)
            guard let last = words.last, words.count > 1 else { return words.joined() }
            return words.dropLast().joined(separator: ", ") + " or " + last
        }
    }

    let format: Format
    /// `-` is stdout; empty for a format without a file.
    let file: String
    /// What is wrong with the argument; nil for nothing.
    private let trouble: String?

    init(_ format: Format, file: String) {
        self.format = format
        // Otherwise what people read would be mixed with it.
        self.file = file == "/dev/stdout" ? "-" : file
        trouble = nil
    }

    /// Never nil: what is wrong is said by `check`, in words that help.
    init?(argument: String) {
        let given = NameAndValue(argument: argument)
        let name = given?.name ?? argument
        guard let format = Format(rawValue: name) else {
            self.init(trouble: Self.unknown(name, isWhole: given == nil))
            return
        }
        switch (format.hasFile, given?.value ?? "") {
        case (true, "") where format == .html, (true, "-") where format == .html:
            self.init(trouble: "html needs a folder, in which it writes pages: html=DIR")
        case (true, ""): self.init(trouble: "\(name) needs a file: \(name)=FILE, or \(name)=- for stdout")
        case (true, let file): self.init(format, file: file)
        case (false, _) where given != nil:
            self.init(
                trouble:
                    "\(name) takes no file: annotations go to stdout, and a summary to the file that GITHUB_STEP_SUMMARY names"
            )
        case (false, _): self.init(format, file: "")
        }
    }

    private init(trouble: String) {
        format = .json
        file = ""
        self.trouble = trouble
    }

    /// - Parameter isWhole: whether there was no `=` in it.
    private static func unknown(_ name: String, isWhole: Bool) -> String {
        if isWhole, name.contains("/") || name.contains(".") {
            let format: Format = name.hasSuffix(".xml") ? .junit : name.hasSuffix(".tap") ? .tap : .json
            return "'\(name)' names no format; did you mean '\(format.rawValue)=\(name)'?"
        }
        let near = Spelling.nearest(to: name, among: Format.allCases.map(\.rawValue))
        return "there is no format '\(name)'" + (near.map { "; did you mean '\($0)'?" } ?? "")
    }

    /// Says what is wrong with the arguments of an option.
    ///
    /// - Parameters:
    ///   - formats: which it takes.
    /// - Throws: a usage error of the parser's.
    static func check(_ options: [ReportOption], of option: String = "--report", formats: [Format] = Format.allCases)
        throws
    {
        for one in options {
            let list = "It takes \(Format.list(formats))."
            if let trouble = one.trouble {
                throw ValidationError("\(option): \(trouble)\(trouble.hasSuffix("?") ? "" : ".") \(list)")
            }
            guard formats.contains(one.format) else {
                let reason =
                    one.format == .jsonl && formats == Format.ofEarlierRuns
                    ? "a JSON report has no events, so 'jsonl' is only written while scenarios run"
                    : "'\(one.format.rawValue)' is not written here"
                throw ValidationError("\(option): \(reason). \(list)")
            }
        }
        for format in Format.allCases where !format.hasFile && options.count(where: { $0.format == format }) > 1 {
            throw ValidationError("\(option): \(format.rawValue) is named twice.")
        }
        let files = options.map(\.file)
        for (number, file) in files.enumerated() where !file.isEmpty && files[..<number].contains(file) {
            let name = file == "-" ? "stdout" : file
            throw ValidationError("\(option): two reports cannot both go to \(name).")
        }
    }
}

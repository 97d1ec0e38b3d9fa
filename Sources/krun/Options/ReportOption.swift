import ArgumentParser

/// `--report json=FILE`
struct ReportOption: ExpressibleByArgument {
    enum Format: String, CaseIterable {
        case json
    }

    let format: Format
    /// `-` is stdout.
    let file: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let format = Format(rawValue: String(parts[0])), !parts[1].isEmpty else { return nil }
        self.format = format
        // Otherwise what people read would be mixed with it.
        file = parts[1] == "/dev/stdout" ? "-" : String(parts[1])
    }
}

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
        guard let given = NameAndValue(argument: argument), let format = Format(rawValue: given.name),
            !given.value.isEmpty
        else { return nil }
        self.format = format
        // Otherwise what people read would be mixed with it.
        file = given.value == "/dev/stdout" ? "-" : given.value
    }
}

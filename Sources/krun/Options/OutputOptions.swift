import ArgumentParser

/// What is told of a run, and where.
struct OutputOptions: ParsableArguments {
    @Option(
        name: .customLong("report"), parsing: .singleValue,
        help: ArgumentHelp(
            "Also write a report: \(ReportOption.Format.list(ReportOption.Format.allCases)) (- for stdout); may be repeated.",
            valueName: "format=file"),
        completion: .list(ReportOption.Format.allCases.map { $0.hasFile ? "\($0.rawValue)=" : $0.rawValue }))
    var reports: [ReportOption] = []

    @Flag(help: "Keep in the JSON report what happened when, so that pages can be made of it later.")
    var timeline = false

    @Flag(
        help:
            "Tell what happens as a story: each step, each record as it is put and read, and how the partitions stand."
    )
    var narrate = false

    @Flag(help: "One line a scenario and step, without tables.")
    var compact = false

    @Flag(name: .shortAndLong, help: "Only what did not pass, and nothing where all did.")
    var quiet = false

    @Flag(
        name: [.customShort("v"), .customLong("verbose")],
        help:
            "Show every invariant, and librdkafka's log on stderr; twice (-vv), all that librdkafka can say (debug=all)."
    )
    var verbosity: Int

    var verbose: Bool { verbosity > 0 }
    /// Whether librdkafka is to tell what it does.
    var isDebugging: Bool { verbosity > 1 }

    @OptionGroup var color: ColorOptions

    func validate() throws {
        try ReportOption.check(reports)
        if narrate, compact { throw ValidationError("--narrate tells more, --compact less: say one of them.") }
        if quiet, narrate || compact || verbose {
            let other = narrate ? "--narrate" : compact ? "--compact" : "--verbose"
            throw ValidationError("--quiet says only what did not pass: leave \(other) out.")
        }
        if timeline, !reports.contains(where: { $0.format == .json }) {
            throw ValidationError("--timeline is about the JSON report: --report json=FILE is missing.")
        }
    }
}

import ArgumentParser

/// What is told of a run, and where.
struct OutputOptions: ParsableArguments {
    @Option(
        name: .customLong("report"), parsing: .singleValue,
        help: ArgumentHelp("Also write a report: json=FILE (- for stdout); may be repeated.", valueName: "format=file"))
    var reports: [ReportOption] = []

    @Flag(help: "One line a scenario and step, without tables.")
    var compact = false

    @Flag(name: .shortAndLong, help: "Show every invariant, and librdkafka's log on stderr.")
    var verbose = false

    @OptionGroup var color: ColorOptions
}

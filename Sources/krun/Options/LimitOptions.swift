import ArgumentParser

/// What no scenario may exceed, whoever wrote it.
struct LimitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How many bytes of keys, values and headers a scenario may send.", valueName: "size"))
    var maxBytes: SizeArgument = SizeArgument(bytes: 1 << 30, text: "1GiB")
}

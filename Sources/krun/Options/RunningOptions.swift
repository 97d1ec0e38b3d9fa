import ArgumentParser

/// How scenarios are run.
struct RunningOptions: ParsableArguments {
    @Option(
        parsing: .unconditional, help: ArgumentHelp("How many scenarios run side by side.", valueName: "number"))
    var jobs: Int = 1

    @Flag(help: "Use the names of topics and groups as the files have them, without a suffix.")
    var exactNames = false

    @Flag(help: "Leave what the run creates on the broker.")
    var keep = false

    @Flag(
        help:
            "Write what was seen into the files, in the place of the expectations that failed, and show the difference."
    )
    var accept = false

    func validate() throws {
        if !(1...64).contains(jobs) { throw ValidationError("--jobs takes a number from 1 to 64, not \(jobs).") }
    }
}

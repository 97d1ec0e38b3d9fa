import ArgumentParser
import KrunDiagnostics
import KrunRunner

/// How scenarios are run.
struct RunningOptions: ParsableArguments {
    /// More at a time would only wait for each other.
    static let jobsRange = 1...64
    static let retryRange = 0...100

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How many scenarios run side by side. (default: the machine's cores; 1 with --exact-names)",
            valueName: "number"))
    var jobs: Int?

    @Flag(help: "Start no further scenario once one did not pass; those that are running end, the others are skipped.")
    var failFast = false

    @Option(
        help: ArgumentHelp(
            "How long the whole run may take, such as 90s or 10m: then it ends as Ctrl+C ends it, with exit code 3.",
            valueName: "duration"))
    var timeout: DurationArgument?

    @Option(
        name: .customLong("repeat"), parsing: .unconditional,
        help: ArgumentHelp(
            "Run each scenario so many times; without a seed of its own each time draws another.", valueName: "number"))
    var repetitions: Int = 1

    @Flag(help: "Run in another order, drawn with --seed; without one a seed is drawn and told.")
    var shuffle = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Run a scenario that did not pass up to so many times more; that it passed only then is told.",
            valueName: "number"))
    var retry: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Pass over the steps before this one; topics and groups are set up all the same.", valueName: "step"))
    var fromStep: Int?

    @Option(parsing: .unconditional, help: ArgumentHelp("Pass over the steps after this one.", valueName: "step"))
    var toStep: Int?

    @Flag(help: "Only files that did not pass when they were run last in this folder.")
    var lastFailed = false

    @Option(
        help: ArgumentHelp(
            "Only a part of the scenarios, such as 2/3: the second of three; auto takes both numbers from the environment (CI_NODE_INDEX and CI_NODE_TOTAL, or JOB_COMPLETION_INDEX and JOB_COMPLETIONS).",
            valueName: "part/parts"))
    var shard: ShardArgument?

    @Option(
        help: ArgumentHelp(
            "Make the parts equally long, by the durations in an earlier JSON report.", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var durations: String?

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
        if let jobs { try Self.check(jobs, "--jobs", Self.jobsRange) }
        try Self.check(repetitions, "--repeat", 1...100_000)
        if let retry { try Self.check(retry, "--retry", Self.retryRange) }
        if let fromStep { try Self.check(fromStep, "--from-step", 1...100_000) }
        if let toStep { try Self.check(toStep, "--to-step", 1...100_000) }
        if let fromStep, let toStep, fromStep > toStep {
            throw ValidationError("--from-step \(fromStep) is behind --to-step \(toStep).")
        }
        if let timeout, timeout.duration <= .zero { throw ValidationError("--timeout takes a duration above 0.") }
        if durations != nil, shard == nil { throw ValidationError("--durations says how --shard is to divide.") }
        if accept, repetitions > 1 {
            throw ValidationError("--accept writes what one run saw: leave --repeat out.")
        }
    }

    private static func check(_ number: Int, _ option: String, _ range: ClosedRange<Int>) throws {
        guard !range.contains(number) else { return }
        throw ValidationError(
            "\(option) takes a number from \(range.lowerBound) to \(range.upperBound), not \(number).")
    }

    /// What holds, with what the project's file says where the command line says nothing.
    ///
    /// - Parameter meetUnderTheirNames: whether names have no suffix also where others use the cluster.
    func settings(_ project: ProjectFile?, meetUnderTheirNames: Bool = false) -> RunSettings {
        let exactNames = exactNames || meetUnderTheirNames
        // Scenarios side by side would meet under names without a suffix.
        let usualJobs = exactNames ? 1 : project?.jobs ?? ProcessorCount.available
        return RunSettings(
            jobs: jobs ?? min(max(usualJobs, Self.jobsRange.lowerBound), Self.jobsRange.upperBound),
            failsFast: failFast || project?.failFast == true,
            budget: timeout.map { .init(duration: $0.duration, text: $0.text, chosenBy: "--timeout") }
                ?? project?.timeout,
            repetitions: repetitions, retries: retry ?? project?.retry ?? 0,
            steps: StepRange(from: fromStep ?? 1, to: toStep), exactNames: exactNames, keep: keep, accept: accept)
    }
}

/// How scenarios are run, once everything that has a say in it was heard.
struct RunSettings {
    /// How long a whole run may take.
    struct Budget {
        let duration: Duration
        /// As it was written.
        let text: String
        /// Such as `--timeout`.
        let chosenBy: String
    }

    var jobs: Int
    var failsFast: Bool
    /// nil for as long as it takes.
    var budget: Budget?
    var repetitions: Int
    var retries: Int
    var steps: StepRange
    var exactNames: Bool
    var keep: Bool
    var accept: Bool
    /// What runs beside the steps of each scenario; nil for nothing.
    var companion: ServiceCommand?
}

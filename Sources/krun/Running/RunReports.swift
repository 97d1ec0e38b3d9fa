import KrunConnection
import KrunDiagnostics
import KrunOutcome
import KrunReports

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The reports of a run besides the one on the terminal: told of each scenario as it ends, and of the end.
struct RunReports {
    private let files: ReportFiles
    /// Where GitHub's annotations go, among what people read.
    private let stream: Console.Stream
    private let isWanted: @Sendable () -> Bool
    private let keepsSources: Bool
    private let startedAt = WallClock.millisecondsSince1970()
    private let github = GitHubReport(path: RepositoryPath.path)
    /// Those that are written as the run goes on.
    private var streams: [(name: String, report: TAPReport, file: ReportStream)]
    /// Kept only for what is written when all have ended: of outcomes there is much.
    private var outcomes: [ScenarioOutcome] = []
    private var summaries: [ScenarioSummary] = []
    /// By the folders of pages.
    private var pages: [String: PageFolder] = [:]
    /// Told what happens while scenarios run; nil where nobody wants to know.
    let events: EventReports?

    /// - Parameters:
    ///   - keepsTimelines: whether the JSON report is to have them.
    ///   - keepsStories: whether what happens is to be told.
    ///   - isWanted: whether to go on waiting for the reader of a pipe.
    /// - Throws: a usage diagnostic where a report cannot be begun.
    init(
        _ files: ReportFiles, annotationsTo stream: Console.Stream, keepsTimelines: Bool = false,
        keepsStories: Bool = false,
        while isWanted: @escaping @Sendable () -> Bool
    ) throws(Diagnostic) {
        self.files = files
        self.stream = stream
        self.isWanted = isWanted
        streams = files.options.filter { $0.format == .tap }.map {
            ($0.file, TAPReport(version: Version.krun), ReportStream($0, while: isWanted))
        }
        let hasPages = files.options.contains { $0.format == .html }
        keepsSources = keepsTimelines || hasPages
        events = try EventReports(
            files.options.filter { $0.format == .jsonl }, keepsTimelines: keepsTimelines || hasPages,
            keepsStories: keepsStories, while: isWanted)
        for option in files.options where option.format == .html { pages[option.file] = PageFolder(option.file) }
        for stream in streams {
            do {
                try stream.file.open()
            } catch {
                throw Diagnostic(.usage, "cannot write the report \(stream.name)", notes: [error.reason])
            }
        }
        // A run that is killed before anything has ended leaves a stream that has begun.
        for index in streams.indices { streams[index].file.write(streams[index].report.begin()) }
    }

    private func has(_ format: ReportOption.Format) -> Bool { files.options.contains { $0.format == format } }

    /// - Parameter source: the scenario's file, which is kept where timelines are.
    mutating func add(_ outcome: ScenarioOutcome, source: [UInt8]?) {
        var outcome = outcome
        // Of the command line's secrets it may have one in its text.
        if keepsSources { outcome.source = source.map { Console.masked(String(decoding: $0, as: UTF8.self)) } }
        if has(.json) { outcomes.append(outcome) }
        if files.options.contains(where: { $0.format != .json && $0.format != .jsonl }) {
            add(ScenarioSummary(outcome))
        }
    }

    mutating func add(_ summary: ScenarioSummary) {
        for folder in pages.keys { pages[folder]?.add(summary) }
        // Of these pages alone have a use, and are written.
        var summary = summary
        summary.timeline = nil
        summary.source = nil
        for index in streams.indices { streams[index].file.write(streams[index].report.scenario(summary)) }
        if has(.github) { Console.write(github.annotations(summary), to: stream) }
        if has(.junit) || has(.ctrf) || has(.github) || has(.html) { summaries.append(summary) }
    }

    /// Writes what is left of all reports.
    ///
    /// - Returns: what is wrong with those that could not be written.
    mutating func end(duration: Duration) -> [Diagnostic] {
        let outcome = RunOutcome(scenarios: outcomes, startedAt: startedAt, duration: duration)
        let summary = RunSummary(
            version: Version.krun, scenarios: summaries, startedAt: startedAt, duration: duration)
        return end(summary) { JSONReport.text(outcome, version: Version.krun) }
    }

    /// - Parameter json: the JSON report.
    mutating func end(_ run: RunSummary, json: () -> String) -> [Diagnostic] {
        var unwritten: [Diagnostic] = []
        var next = 0
        for option in files.options {
            switch option.format {
            case .json: unwritten += [option.write(json(), while: isWanted)].compactMap(\.self)
            case .junit: unwritten += write(JUnitReport(version: Version.krun), run, to: option)
            case .ctrf: unwritten += write(CTRFReport(version: Version.krun), run, to: option)
            case .jsonl: break
            case .html: unwritten += pages[option.file]?.end(run) ?? []
            case .github: unwritten += writeJobSummary(github.summary(run))
            case .tap:
                streams[next].file.write(streams[next].report.end(run))
                unwritten += [streams[next].file.end()].compactMap(\.self)
                next += 1
            }
        }
        return unwritten + (events?.end() ?? [])
    }

    private func write(
        _ report: some SummaryReport, _ run: RunSummary, to option: ReportOption
    ) -> [Diagnostic] {
        var report = report
        return [option.write(report.end(run), while: isWanted)].compactMap(\.self)
    }

    /// Appends it to what earlier commands of the step have said there; outside of GitHub nobody wants it.
    private func writeJobSummary(_ text: String) -> [Diagnostic] {
        guard let file = Console.environment("GITHUB_STEP_SUMMARY"), !file.isEmpty else { return [] }
        let descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        var problem = descriptor < 0 ? errno : nil
        if descriptor >= 0 {
            problem = Descriptor.write(Console.masked(text), to: descriptor, while: isWanted)
            close(descriptor)
        }
        return problem.map { number in
            [
                Diagnostic(
                    .runtime, "cannot write the summary of the job to \(file)",
                    notes: [String(cString: strerror(number)), "GITHUB_STEP_SUMMARY names that file"])
            ]
        } ?? []
    }
}

import KrunConnection
import KrunDiagnostics
import KrunOutcome
import KrunReports
import KrunScenario
import KrunSecrets
import Synchronization

/// What happens in the scenarios of a run, passed on while they run: to reports that are made of it line by line, and to timelines.
final class EventReports: Sendable {
    /// One whose lines come from several scenarios at a time.
    fileprivate final class Stream: Sendable {
        /// So much is gathered before it is written, unless something more than a record has happened.
        private static let portion = 32 << 10

        private let state: Mutex<(report: ReportStream, gathered: String)>

        init(_ option: ReportOption, while isWanted: @escaping @Sendable () -> Bool) throws(Diagnostic) {
            let report = ReportStream(option, while: isWanted)
            do throws(ReportTarget.Problem) {
                try report.open()
            } catch {
                throw Diagnostic(.usage, "cannot write the report \(option.file)", notes: [error.reason])
            }
            state = Mutex((report, ""))
        }

        /// - Parameter isUrgent: whether whoever kills the run must find the line.
        func write(_ line: String, isUrgent: Bool) {
            state.withLock { state in
                state.gathered += line
                guard isUrgent || state.gathered.utf8.count >= Self.portion else { return }
                state.report.write(state.gathered)
                state.gathered = ""
            }
        }

        func end() -> Diagnostic? {
            state.withLock { state in
                state.report.write(state.gathered)
                state.gathered = ""
                return state.report.end()
            }
        }
    }

    private let streams: [Stream]
    private let keepsTimelines: Bool
    private let keepsStories: Bool

    /// nil where nobody wants to know.
    ///
    /// - Throws: a usage diagnostic where a report cannot be begun.
    init?(
        _ options: [ReportOption], keepsTimelines: Bool, keepsStories: Bool,
        while isWanted: @escaping @Sendable () -> Bool
    ) throws(Diagnostic) {
        if options.isEmpty, !keepsTimelines, !keepsStories { return nil }
        var streams: [Stream] = []
        for option in options { streams.append(try Stream(option, while: isWanted)) }
        self.streams = streams
        self.keepsTimelines = keepsTimelines
        self.keepsStories = keepsStories
    }

    /// A scenario begins.
    func begin(_ entry: ScenarioLoader.Entry) -> EventFeed {
        let name =
            if case .success(let scenario) = entry.scenario { scenario.secrets.masked(scenario.name) } else { "" }
        return EventFeed(
            lines: EventLines(file: entry.file, scenario: name, startedAt: WallClock.millisecondsSince1970()),
            streams: streams, recorder: keepsTimelines ? TimelineRecorder() : nil,
            story: keepsStories ? StoryRecorder() : nil)
    }

    /// Writes what is left.
    ///
    /// - Returns: what is wrong with those that could not be written.
    func end() -> [Diagnostic] { streams.compactMap { $0.end() } }
}

/// What happens in one scenario.
struct EventFeed: Sendable {
    private let lines: EventLines
    private let streams: [EventReports.Stream]
    private let recorder: TimelineRecorder?
    private let story: StoryRecorder?

    fileprivate init(
        lines: EventLines, streams: [EventReports.Stream], recorder: TimelineRecorder?, story: StoryRecorder?
    ) {
        self.lines = lines
        self.streams = streams
        self.recorder = recorder
        self.story = story
        for stream in streams { stream.write(lines.started(), isUrgent: true) }
    }

    func note(_ event: RunEvent) {
        recorder?.note(event)
        story?.note(event)
        guard !streams.isEmpty else { return }
        let line = lines.line(event)
        for stream in streams { stream.write(line, isUrgent: !event.isRecord) }
    }

    /// Says what it came to, and gives the outcome its timeline.
    func end(_ outcome: inout ScenarioOutcome) {
        // Nothing was run.
        if !outcome.steps.isEmpty { outcome.story = story?.story }
        if !outcome.steps.isEmpty { outcome.timeline = recorder?.timeline(duration: outcome.duration) }
        for stream in streams { stream.write(lines.ended(outcome), isUrgent: true) }
    }
}

extension RunEvent {
    /// Whether it is about one record, of which there may be very many.
    fileprivate var isRecord: Bool {
        switch kind {
        case .sent, .notSent, .read: true
        case .topic, .stepStarted, .stepEnded, .assigned, .revoked, .ended, .committed, .transactionEnded, .fault: false
        }
    }
}

import KrunConnection
import KrunDiagnostics
import KrunOutcome
import KrunRunner
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The command of `--with`: somebody's service, one for each scenario.
struct ServiceCommand: Companion {
    let command: String
    /// What a line of its output has in it once it is ready; nil where it is ready when it runs.
    let ready: String?
    let wait: DurationArgument
    /// How long it has between SIGTERM and SIGKILL.
    let grace: Duration
    let variables: [String]
    /// Gets each line of its output as it comes; nil where nobody wants to see it.
    var tell: (@Sendable (String) -> Void)?

    func start(
        at bootstrap: String, of file: String, interruption: Interruption, ended: @escaping @Sendable () -> Void
    ) throws(Diagnostic) -> any RunningCompanion {
        var environment = CommandEnvironment(bootstrap: bootstrap, variables: variables).all
        environment["KRUN_SCENARIO"] = file
        let output = try ProgramOutput(noticing: ready, tell: tell)
        let program: ChildProgram
        do throws(ChildProgram.StartError) {
            program = try ChildProgram(
                .init(
                    arguments: ["/bin/sh", "-c", command], environment: environment, output: output.descriptor,
                    hasNoInput: true, leadsGroup: true))
        } catch {
            output.stop()
            throw Diagnostic(.runtime, "the command of --with cannot be run", notes: [error.reason])
        }
        output.closeOwnEnd()
        let service = RunningService(program, output, grace: grace, ended: ended)
        do throws(Diagnostic) {
            try waitUntilReady(service, output, interruption)
        } catch {
            let outcome = service.end()
            throw error.adding(outcome)
        }
        return service
    }

    private func waitUntilReady(
        _ service: RunningService, _ output: ProgramOutput, _ interruption: Interruption
    ) throws(Diagnostic) {
        guard let ready else { return }
        let end = ContinuousClock.now + wait.duration
        while !output.hasNoticed, !interruption.isRequested, service.earlyEnd == nil {
            guard ContinuousClock.now < end else {
                throw Diagnostic(
                    .runtime, "the command of --with was not ready in time",
                    notes: ["it has not said \"\(TerminalText.safe(ready))\" within \(wait.text) (--with-wait)"])
            }
            output.waitForMore(atMost: .milliseconds(50))
        }
        if !output.hasNoticed, let ended = service.earlyEnd { throw ended }
    }
}

extension Diagnostic {
    /// With what the program said last, where nothing else will show it.
    fileprivate func adding(_ outcome: ProgramOutcome) -> Diagnostic {
        var diagnostic = self
        diagnostic.notes += outcome.lines.suffix(20).map { "| " + TerminalText.safe($0) }
        return diagnostic
    }
}

/// A service while a scenario runs.
private final class RunningService: RunningCompanion {
    private struct State {
        var isEnding = false
        /// How it ended by itself.
        var early: ChildProgram.Ending?
    }

    private let program: ChildProgram
    private let output: ProgramOutput
    private let grace: Duration
    private let state = Mutex(State())

    init(_ program: ChildProgram, _ output: ProgramOutput, grace: Duration, ended: @escaping @Sendable () -> Void) {
        self.program = program
        self.output = output
        self.grace = grace
        program.whenEnded { [weak self] ending in
            guard let self else { return }
            let isEarly = state.withLock { state in
                if !state.isEnding { state.early = ending }
                return !state.isEnding
            }
            if isEarly { ended() }
        }
    }

    var earlyEnd: Diagnostic? {
        state.withLock { $0.early }.map { ending in
            Diagnostic(.failure, "the command of --with ended before the scenario did", notes: [ending.text])
        }
    }

    func end() -> ProgramOutcome {
        state.withLock { $0.isEnding = true }
        program.send(SIGTERM)
        let end = ContinuousClock.now + grace
        while program.ending == nil, .now < end { usleep(5_000) }
        // Also what it has left of its group.
        program.send(SIGKILL)
        while program.ending == nil { usleep(5_000) }
        output.stop()
        let early = state.withLock { $0.early }
        return ProgramOutcome(lines: output.lines, omitted: output.omitted, ending: early?.text)
    }
}

extension ChildProgram.Ending {
    /// Such as `exit code 3`.
    var text: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signalled(let number): "signal \(number): \(String(cString: strsignal(number)))"
        }
    }
}

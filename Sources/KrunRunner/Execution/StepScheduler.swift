import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunOutcome
import KrunScenario
import Synchronization

/// A step that was run.
enum RunStep: Sendable {
    /// It is over and judged.
    case judged(StepOutcome, stop: RunStop?)
    /// It is over, and judged once nothing is at work beside it.
    case pending(PendingStep)
    /// It holds lists of others, each as far as it came.
    case lists(Step, [[RunStep]], duration: Duration, trouble: Diagnostic?)

    /// Why no further step is run; nil when the next one is.
    var stop: RunStop? {
        switch self {
        case .judged(_, let stop): return stop
        case .pending(let step): return step.stop
        case .lists(_, let lists, _, let trouble):
            let stops = lists.joined().compactMap(\.stop) + (trouble.map { [.trouble($0)] } ?? [])
            return stops.first(where: \.isInterruption) ?? stops.first
        }
    }
}

/// A step that is over and not judged yet.
struct PendingStep: Sendable {
    let step: Step
    let duration: Duration
    /// nil when it could not begin; `stop` says why.
    let result: StepResult?
    let stop: RunStop?
}

/// Runs steps: one after the other, side by side, round after round.
struct StepScheduler: Sendable {
    let run: ScenarioRun
    let onProgress: (@Sendable (String) -> Void)?

    /// Runs a step to its end, and judges it.
    func execute(_ step: Step, judge: StepJudge) -> (outcome: StepOutcome, stop: RunStop?) {
        judge.outcome(of: execute(step, judgedBy: judge))
    }

    /// - Parameter judge: nil where others are at work beside the step, so that it is judged later.
    private func execute(_ written: Step, judgedBy judge: StepJudge?) -> RunStep {
        let clock = Deadline(after: .zero)
        let step: Step
        do throws(RunStop) {
            // What is within others is read again when it begins.
            step = written.lists.isEmpty ? try run.late.known(written) : written
        } catch {
            let pending = PendingStep(step: written, duration: clock.elapsed, result: nil, stop: error)
            return judge.map {
                let (outcome, stop) = $0.outcome(of: .pending(pending))
                return .judged(outcome, stop: stop)
            } ?? .pending(pending)
        }
        run.events?.tell(.stepStarted(title: step.title, note: step.note), of: step.path)
        defer { run.events?.tell(.stepEnded, of: step.path) }
        switch step.action {
        case .together(let branches):
            let (lists, trouble) = sideBySide(branches, of: step)
            let together = RunStep.lists(step, lists, duration: clock.elapsed, trouble: trouble)
            guard let judge else { return together }
            let (outcome, stop) = judge.outcome(of: together)
            return .judged(outcome, stop: stop)
        case .repeat(let rounds):
            var done: [[RunStep]] = []
            for round in rounds {
                done.append(sequence(round, judgedBy: judge))
                if done.last?.last?.stop != nil { break }
            }
            return .lists(step, done, duration: clock.elapsed, trouble: nil)
        case .produce(let produce):
            return execute(step, ProduceExecution(step: step, produce: produce, run: run), judgedBy: judge)
        case .consume(let consume):
            return execute(step, ConsumeExecution(step: step, consume: consume, run: run), judgedBy: judge)
        case .group(let membership):
            return execute(
                step, MembershipExecution(step: step, membership: membership, run: run), judgedBy: judge)
        case .transaction(let transaction):
            return execute(
                step, TransactionExecution(step: step, transaction: transaction, run: run), judgedBy: judge)
        case .offsets(let offsets):
            return execute(step, OffsetsExecution(step: step, offsets: offsets, run: run), judgedBy: judge)
        case .topic(let topic):
            return execute(step, TopicExecution(step: step, topic: topic, run: run), judgedBy: judge)
        case .fault(let fault):
            return execute(step, FaultExecution(step: step, fault: fault, run: run), judgedBy: judge)
        case .pause(let duration):
            return execute(step, PauseExecution(duration: duration, run: run), judgedBy: judge)
        }
    }

    /// Until one of them says that no further one is to be run.
    private func sequence(_ steps: [Step], judgedBy judge: StepJudge?) -> [RunStep] {
        var done: [RunStep] = []
        for step in steps {
            done.append(execute(step, judgedBy: judge))
            if done.last?.stop != nil { break }
        }
        return done
    }

    /// Each list on a thread of its own, until all have ended.
    private func sideBySide(_ branches: [[Step]], of step: Step) -> (lists: [[RunStep]], trouble: Diagnostic?) {
        let lists = Lists(count: branches.count)
        var threads: [WorkerThread] = []
        var trouble: Diagnostic?
        for (index, branch) in branches.enumerated() {
            do {
                threads.append(
                    try WorkerThread(name: "krun branch \(index + 1)") {
                        lists.set(index, sequence(branch, judgedBy: nil))
                    })
            } catch {
                trouble = run.diagnostic(
                    .runtime, "only \(index) of \(branches.count) branches could be started", step: step,
                    notes: [
                        "each branch runs on a thread of its own, and the system gave no more: \(error.reason)",
                        "use fewer branches, or raise the limit on threads (ulimit -u)",
                    ])
                break
            }
        }
        for thread in threads { thread.join() }
        return (lists.all, trouble)
    }

    private func execute(
        _ step: Step, _ execution: some StepExecution, judgedBy judge: StepJudge?
    ) -> RunStep {
        let clock = Deadline(after: .zero)
        var result: StepResult?
        var stop: RunStop?
        do throws(RunStop) {
            if run.interruption.isRequested { throw .interrupted }
            onProgress?("\(step.path.position(of: run.scenario.numberedSteps)): \(step.title)")
            run.begin(step)
            let executed = try execution.execute()
            if executed.isInterrupted {
                stop = .interrupted
            } else if let trouble = executed.trouble {
                stop = .trouble(trouble)
            }
            result = executed
        } catch {
            stop = error
        }
        run.endWait(of: step)
        let pending = PendingStep(step: step, duration: clock.elapsed, result: result, stop: stop)
        guard let judge else { return .pending(pending) }
        let (outcome, judgedStop) = judge.outcome(of: .pending(pending))
        KafkaLibrary.giveBackFreedMemory()
        return .judged(outcome, stop: judgedStop)
    }

    /// What the branches came to, each written by its own thread.
    private final class Lists: Sendable {
        private let lists: Mutex<[[RunStep]]>

        init(count: Int) {
            lists = Mutex(Array(repeating: [], count: count))
        }

        func set(_ index: Int, _ steps: [RunStep]) { lists.withLock { $0[index] = steps } }
        var all: [[RunStep]] { lists.withLock { $0 } }
    }
}

import KrunBroker
import KrunConnection
import KrunDiagnostics
import KrunKafka
import KrunOutcome
import KrunReports
import KrunRunner
import KrunScenario
import Synchronization

/// Runs steps on a standing cluster, several at a time.
final class ControlSteps: Sendable {
    /// How a step ended.
    enum Ending: Equatable {
        /// It was run and what it expects holds.
        case passed
        /// The step is wrong; nothing was done.
        case invalid
        /// What it expects does not hold.
        case failed
        /// What it is to do cannot be done.
        case trouble
        /// There are too many others, or the broker ends.
        case unavailable
    }

    struct Answer: Equatable {
        let ending: Ending
        /// JSON, ended by a line end.
        let text: String
    }

    private struct State {
        /// How many have been asked for.
        var count = 0
        var running: [Int: (interruption: Interruption, done: Task<Void, Never>)] = [:]
        var isClosed = false
    }

    /// How many run at a time.
    static let maximumAtOnce = 16

    private let cluster: StandingCluster
    private let properties: ClientProperties
    private let version: String
    private let state = Mutex(State())

    /// - Parameters:
    ///   - properties: of all clients, such as how to log in.
    ///   - version: of krun.
    init(_ cluster: StandingCluster, properties: ClientProperties, version: String) {
        self.cluster = cluster
        self.properties = properties
        self.version = version
    }

    /// Begins a step.
    ///
    /// - Parameters:
    ///   - interruption: ends it early; then the answer is of no account.
    ///   - answered: called once, on any thread, also where the step is not begun.
    func run(
        _ body: [UInt8], interruption: Interruption, answered: @escaping @Sendable (Answer) -> Void
    ) {
        let refusal: Diagnostic? = state.withLock { state in
            if state.isClosed { return Diagnostic(.runtime, "the broker is about to end") }
            if state.running.count >= Self.maximumAtOnce {
                return Diagnostic(
                    .runtime, "\(Self.maximumAtOnce) steps are run already",
                    notes: ["that many at a time: ask again when one of them is over"])
            }
            state.count += 1
            let number = state.count
            let task = Task { [self] in
                let answer = await answer(body, number: number, interruption: interruption)
                answered(answer)
                self.state.withLock { _ = $0.running.removeValue(forKey: number) }
            }
            state.running[number] = (interruption, task)
            return nil
        }
        if let refusal { answered(Answer(ending: .unavailable, text: text("refused", [refusal]))) }
    }

    /// How many run now.
    var runningCount: Int { state.withLock { $0.running.count } }

    /// Ends all steps, lets none begin, and returns when the last has left the cluster.
    func close() async {
        let running = state.withLock { state in
            state.isClosed = true
            return Array(state.running.values)
        }
        for step in running { step.interruption.request() }
        for step in running { await step.done.value }
    }

    private func answer(_ body: [UInt8], number: Int, interruption: Interruption) async -> Answer {
        let scenario: Scenario
        do {
            scenario = try Scenario.decodeStep(
                body, file: "step", number: number, on: cluster.atHand(), sizeLimit: ControlRules.maximumBody)
        } catch let error as Diagnostics {
            return Answer(ending: .invalid, text: text("invalid", error.all))
        } catch {
            return Answer(ending: .unavailable, text: text("error", [Diagnostic(.runtime, "\(error)")]))
        }
        let options = RunOptions(
            broker: BrokerChoice(.standing(cluster), chosenBy: "--control"), properties: properties)
        let outcome = await ScenarioRunner.run(scenario, options: options, interruption: interruption)
        return Answer(ending: ending(outcome), text: StepAnswer.text(outcome, version: version))
    }

    private func ending(_ outcome: ScenarioOutcome) -> Ending {
        switch outcome.status {
        case .passed: .passed
        case .failed: .failed
        case .invalid: .invalid
        case .interrupted: .unavailable
        case .error, .skipped: .trouble
        }
    }

    private func text(_ status: String, _ diagnostics: [Diagnostic]) -> String {
        StepAnswer.text(status: status, diagnostics, version: version)
    }
}

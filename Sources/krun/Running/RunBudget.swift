import Dispatch
import KrunConnection
import KrunDiagnostics
import Synchronization

/// Ends a run when its time is over, in the way in which Ctrl+C does.
final class RunBudget: Sendable {
    private let budget: RunSettings.Budget
    private let interruption: Interruption
    private let state = Mutex<State>(.waiting)

    private enum State {
        case waiting, over, stopped
    }

    /// - Returns: nil for a run that may take as long as it takes.
    init?(_ budget: RunSettings.Budget?, ending interruption: Interruption) {
        guard let budget else { return nil }
        self.budget = budget
        self.interruption = interruption
        let end = DispatchTime.now() + .milliseconds(Int(clamping: Int64(budget.duration / .milliseconds(1))))
        DispatchQueue.global(qos: .userInteractive).asyncAfter(deadline: end) { [weak self] in self?.end() }
    }

    private func end() {
        let ends = state.withLock { state in
            guard state == .waiting, !interruption.isRequested else { return false }
            state = .over
            return true
        }
        guard ends else { return }
        interruption.request()
        Console.hurry()
        TerminalArea.tell(
            "the run takes longer than \(budget.text) (\(budget.chosenBy)): stopping and cleaning up\n")
    }

    /// Nothing is ended from now on.
    func stop() {
        state.withLock { if $0 == .waiting { $0 = .stopped } }
    }

    /// Whether it was this that ended the run.
    var isOver: Bool { state.withLock { $0 == .over } }

    /// What is said of a scenario that was running then.
    var diagnostic: Diagnostic {
        Diagnostic(
            .runtime, "interrupted: the run took longer than \(budget.text)",
            notes: ["\(budget.chosenBy) says how long the whole run may take"])
    }
}

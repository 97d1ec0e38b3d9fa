import Dispatch
import KrunConnection
import KrunDiagnostics
import Synchronization

/// Shows what is waited for: on a terminal in a line that is rewritten, elsewhere in a line once a wait has lasted some seconds.
final class WaitDisplay: Sendable {
    /// A wait is worth showing once it has lasted so long.
    private static let patience = Duration.seconds(1)
    /// The same in a pipe or a file, where each is told once.
    private static let patienceInPipe = Duration.seconds(3)
    private static let interval = DispatchTimeInterval.milliseconds(200)

    /// Of a command that does one thing after another and then ends.
    static let command = WaitDisplay(color: .auto)

    private struct State {
        /// By the names of scenarios' files; a command without one has an empty name.
        var boards: [(name: String, board: WaitBoard)] = []
        /// The last wait of each that was told.
        var told: [String: Int] = [:]
        var isSilenceTold = false
        var isSuspended = false
    }

    private let isTerminal = Console.isTerminal(.error)
    private let color: Console.ColorChoice
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "krun.waits")

    /// - Parameter isLineShown: whether there is such a line on a terminal; it would be in the way of a log.
    init(color: Console.ColorChoice, isLineShown: Bool = true) {
        self.color = color
        if isLineShown || !isTerminal { showAgain() }
    }

    deinit {
        if isTerminal { TerminalLine.draw("") }
    }

    /// Shows what this board says, until `unfollow`.
    func follow(_ board: WaitBoard, of name: String = "") {
        state.withLock { $0.boards.append((name, board)) }
    }

    func unfollow(_ name: String) {
        state.withLock { state in
            state.boards.removeAll { $0.name == name }
            state.told[name] = nil
        }
    }

    /// While somebody is asked something nothing is shown.
    func suspended<Value>(_ body: () throws -> Value) rethrows -> Value {
        state.withLock { $0.isSuspended = true }
        if isTerminal { TerminalLine.draw("") }
        defer { state.withLock { $0.isSuspended = false } }
        return try body()
    }

    /// Says that the Kafka answers no more, or again; once, however many scenarios notice it.
    func tell(_ notice: ClusterNotice) {
        let isNews = state.withLock { state in
            defer { state.isSilenceTold = notice.isSilent }
            return state.isSilenceTold != notice.isSilent
        }
        guard isNews else { return }
        let text = TerminalText.safe(notice.isSilent ? "warning: \(notice.text)" : notice.text)
        Console.writeError(Console.style(of: .error, color).yellow(text) + "\n")
    }

    private func showAgain() {
        queue.asyncAfter(deadline: .now() + Self.interval) { [weak self] in
            self?.show()
            self?.showAgain()
        }
    }

    private func show() {
        let boards = state.withLock { $0.isSuspended ? [] : $0.boards }
        let now = ContinuousClock.now
        let least = isTerminal ? Self.patience : Self.patienceInPipe
        let waits = boards.compactMap { name, board in
            board.current.flatMap { now - $0.since >= least ? (name: name, wait: $0) : nil }
        }
        if isTerminal {
            let more = waits.count > 1 ? "  (and \(waits.count - 1) more)" : ""
            TerminalLine.draw(waits.first.map { Self.text($0.name, $0.wait, now) + more } ?? "")
            return
        }
        for (name, wait) in waits {
            let isNew = state.withLock { state in
                defer { state.told[name] = wait.number }
                return state.told[name] != wait.number
            }
            if isNew { Console.writeError(Self.text(name, wait, now) + "\n") }
        }
    }

    private static func text(_ name: String, _ wait: WaitBoard.Wait, _ now: ContinuousClock.Instant) -> String {
        let howFar = wait.howFar()
        let lasted = Duration.seconds((now - wait.since).components.seconds)
        let text =
            (name.isEmpty ? "" : name + "  ") + wait.what + ", for \(lasted.formattedForPeople)"
            + (howFar.isEmpty ? "" : ": \(howFar)")
        return TerminalText.safe(text)
    }
}

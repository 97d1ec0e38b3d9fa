import Dispatch
import KrunConnection
import KrunDiagnostics
import Synchronization

/// Shows what is waited for: on a terminal in a line that is rewritten, or of a run in some; elsewhere in a line once a wait has lasted some seconds.
final class WaitDisplay: Sendable {
    /// A wait is worth showing once it has lasted so long.
    private static let patience = Duration.seconds(1)
    /// The same in a pipe or a file, where each is told once.
    private static let patienceInPipe = Duration.seconds(3)
    /// So there are at most five redraws a second.
    private static let interval = DispatchTimeInterval.milliseconds(200)

    /// Of a command that does one thing after another and then ends.
    static let command = WaitDisplay(color: .auto)

    private struct Followed {
        /// Of the scenario's file; a command without one has an empty name.
        let name: String
        let board: WaitBoard
        let since = ContinuousClock.now
        /// The number of the last wait that was told.
        var told: Int?
        /// Of the wait with that number.
        var meter: (number: Int, rate: RateMeter)?
    }

    private struct State {
        var followed: [ObjectIdentifier: Followed] = [:]
        var order: [ObjectIdentifier] = []
        /// When the first was.
        var began: ContinuousClock.Instant?
        var isSilenceTold = false
        var isSuspended = false
    }

    private let isTerminal = Console.isTerminal(.error)
    private let isArea: Bool
    private let color: Console.ColorChoice
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "krun.waits")

    /// - Parameters:
    ///   - isLineShown: whether something is shown on a terminal; it would be in the way of a log.
    ///   - isArea: whether that is all that is running, each with what it does; otherwise it is one line, of what takes long.
    init(color: Console.ColorChoice, isLineShown: Bool = true, isArea: Bool = false) {
        self.color = color
        self.isArea = isArea
        if isLineShown || !isTerminal { showAgain() }
    }

    deinit {
        if isTerminal { TerminalArea.draw([]) }
    }

    /// Shows what this board says, until `unfollow`.
    func follow(_ board: WaitBoard, of name: String = "") {
        state.withLock { state in
            state.followed[ObjectIdentifier(board)] = Followed(name: name, board: board)
            state.order.append(ObjectIdentifier(board))
            state.began = state.began ?? .now
        }
    }

    func unfollow(_ board: WaitBoard) {
        state.withLock { state in
            state.followed[ObjectIdentifier(board)] = nil
            state.order.removeAll { $0 == ObjectIdentifier(board) }
        }
    }

    /// While somebody is asked something nothing is shown.
    func suspended<Value>(_ body: () throws -> Value) rethrows -> Value {
        state.withLock { $0.isSuspended = true }
        if isTerminal { TerminalArea.draw([]) }
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
        let (followed, began) = state.withLock { state in
            (state.isSuspended ? [] : state.order.compactMap { state.followed[$0] }, state.began)
        }
        let now = ContinuousClock.now
        if isTerminal, isArea {
            let jobs = followed.map { job($0, now) }
            let isShown = began.map { now - $0 >= Self.patience } ?? false
            TerminalArea.draw(
                isShown ? LiveArea.lines(of: jobs, width: Console.width - 1, height: Console.height) : [])
            return
        }
        let least = isTerminal ? Self.patience : Self.patienceInPipe
        let waits = followed.compactMap { followed in
            followed.board.current.flatMap { now - $0.since >= least ? (followed: followed, wait: $0) : nil }
        }
        if isTerminal {
            let more = waits.count > 1 ? "  (and \(waits.count - 1) more)" : ""
            let text = waits.first.map { Self.text($0.followed.name, $0.wait, now) + more } ?? ""
            let line = TerminalText.prefix(of: Console.masked(text), cells: Console.width - 1)
            TerminalArea.draw(line.isEmpty ? [] : [line])
            return
        }
        for (followed, wait) in waits where followed.told != wait.number {
            state.withLock { $0.followed[ObjectIdentifier(followed.board)]?.told = wait.number }
            Console.writeError(Self.text(followed.name, wait, now) + "\n")
        }
    }

    /// What the area has to tell of a scenario.
    private func job(_ followed: Followed, _ now: ContinuousClock.Instant) -> LiveArea.Job {
        let name = Self.shown(followed.name)
        let waits = followed.board.all
        guard let wait = waits.first else {
            return LiveArea.Job(name: name, what: "running", lasted: now - followed.since)
        }
        var job = LiveArea.Job(name: name, what: Self.shown(wait.what), lasted: now - wait.since)
        job.others = waits.count - 1
        job.howFar = Self.shown(wait.howFar())
        job.trouble = Self.shown(wait.trouble())
        job.amount = wait.amount()
        if let amount = job.amount {
            var meter = followed.meter?.number == wait.number ? followed.meter?.rate ?? RateMeter() : RateMeter()
            job.rate = meter.see(amount.done, at: now)
            state.withLock { [meter] in
                $0.followed[ObjectIdentifier(followed.board)]?.meter = (wait.number, meter)
            }
        }
        return job
    }

    private static func shown(_ text: String) -> String { TerminalText.safe(Console.masked(text)) }

    private static func text(_ name: String, _ wait: WaitBoard.Wait, _ now: ContinuousClock.Instant) -> String {
        let howFar = wait.howFar()
        let lasted = Duration.seconds((now - wait.since).components.seconds)
        let text =
            (name.isEmpty ? "" : name + "  ") + wait.what + ", for \(lasted.formattedForPeople)"
            + (howFar.isEmpty ? "" : ": \(howFar)")
        return TerminalText.safe(text)
    }
}

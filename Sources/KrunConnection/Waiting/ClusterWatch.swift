import Dispatch
package import KrunKafka
import Synchronization

/// Knows whether a cluster still answers: asks it every second on a thread of its own, whatever else waits for it.
package final class ClusterWatch: Sendable {
    private static let interval = Duration.seconds(1)
    /// Once somebody wants the end.
    private static let hurriedInterval = Duration.milliseconds(200)
    private static let tick = DispatchTimeInterval.milliseconds(100)

    private let bootstrap: String
    private let properties: ClientProperties
    private let interruption: Interruption
    private let tell: @Sendable (ClusterNotice) -> Void
    private let log = ClientLog()
    private let silence: Mutex<Silence>
    private let thread = Mutex<WorkerThread?>(nil)
    private let isStopped = Atomic(false)
    private let wake = DispatchSemaphore(value: 0)

    /// A cluster that has just answered; it is watched until `stop()`.
    ///
    /// - Parameters:
    ///   - properties: of a client that reaches it.
    ///   - tell: told when it answers no more, and when it does again; on the watch's own thread.
    package init(
        bootstrap: String, properties: ClientProperties, interruption: Interruption,
        tell: @escaping @Sendable (ClusterNotice) -> Void
    ) {
        self.bootstrap = bootstrap
        self.properties = properties
        self.interruption = interruption
        self.tell = tell
        silence = Mutex(Silence(answeredAt: .now))
        // Without a thread nobody watches, and all is as if it answered.
        let started = try? WorkerThread(name: "krun watch") { [self] in watch() }
        thread.withLock { $0 = started }
    }

    /// To be called once, before the last reference goes.
    package func stop() {
        isStopped.store(true, ordering: .relaxed)
        wake.signal()
        let thread = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        _ = thread?.join(within: .milliseconds(50))
    }

    /// Whether nothing has come from it for so long.
    package func isSilent(for duration: Duration) -> Bool {
        isWatching && silence.withLock { ContinuousClock.now - $0.lastAnswer >= duration }
    }

    /// What is to be said of a silence that has lasted for some seconds; nil while it answers.
    package var sentence: String? {
        guard isWatching else { return nil }
        let lasted = silence.withLock { ContinuousClock.now - $0.lastAnswer }
        return lasted >= .seconds(2) ? sentence(of: lasted) : nil
    }

    /// Why it does not answer, in few words; empty while it does.
    package var reason: String {
        isSilent(for: .seconds(2)) ? ConnectionReason.last(in: log, since: lastAnswer) ?? "no answer to requests" : ""
    }

    private var lastAnswer: ContinuousClock.Instant { silence.withLock { $0.lastAnswer } }

    private var isWatching: Bool { thread.withLock { $0 != nil } }

    private func sentence(of lasted: Duration) -> String {
        let seconds = Duration.seconds(lasted.components.seconds)
        return
            "\(bootstrap) has not answered for \(seconds.formattedForPeople) (since \(WallClock.timeOfDay(before: lasted)))"
            + ": \(ConnectionReason.last(in: log, since: lastAnswer) ?? "no answer to requests")"
    }

    // MARK: - On its thread

    private func watch() {
        var admin: AdminClient?
        var lastQuestion = ContinuousClock.now
        while !isStopped.load(ordering: .relaxed) {
            _ = wake.wait(timeout: .now() + Self.tick)
            let interval = interruption.isRequested ? Self.hurriedInterval : Self.interval
            guard ContinuousClock.now - lastQuestion >= interval else { continue }
            // Not before it is needed: most runs are shorter.
            admin = admin ?? (try? AdminClient(properties: properties, log: log) { [self] in isToEnd() })
            ask(admin)
            lastQuestion = .now
        }
    }

    private func ask(_ admin: AdminClient?) {
        // Long, so that an answer that takes its time is one.
        guard let admin, (try? admin.brokers(timeout: .seconds(30))) != nil else { return }
        let news = silence.withLock { $0.answered(at: .now) }
        report(news)
    }

    /// Looked at while it is asked, and so ten times a second.
    private func isToEnd() -> Bool {
        report(silence.withLock { $0.look(at: .now) })
        return isStopped.load(ordering: .relaxed)
    }

    private func report(_ news: Silence.News?) {
        switch news {
        case .silent(let lasted): tell(ClusterNotice(isSilent: true, text: sentence(of: lasted)))
        case .answersAgain(let lasted):
            let seconds = Duration.seconds(lasted.components.seconds)
            tell(
                ClusterNotice(isSilent: false, text: "\(bootstrap) answers again, after \(seconds.formattedForPeople)"))
        case nil: break
        }
    }
}

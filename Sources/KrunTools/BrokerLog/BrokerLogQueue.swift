import Dispatch
package import KrunBroker
import KrunConnection
import KrunReports
import Synchronization

/// Writes a cluster's log on a thread of its own: a reader who stalls holds up no broker, but loses lines and is told how many.
package final class BrokerLogQueue: Sendable {
    private struct Waiting {
        var log: BrokerLog
        var lines: [(time: Int64?, line: BrokerLog.Line)] = []
        /// Behind these lines so many are missing.
        var missing = 0
        var isDraining = false
        /// When the log is looked at the next time.
        var alarm: Duration?
        var isFinished = false
    }

    private let waiting: Mutex<Waiting>
    private let queue = DispatchQueue(label: "krun.broker-log")
    private let start = ContinuousClock.now
    private let capacity: Int
    private let takesRequests: Bool
    private let time: @Sendable () -> Int64
    private let write: @Sendable (String) -> Void

    /// - Parameters:
    ///   - capacity: how many lines wait to be written; what comes beyond is dropped.
    ///   - time: milliseconds since 1970.
    ///   - write: gets whole lines with their line ends, on one thread, and may take its time.
    package init(
        _ log: BrokerLog, capacity: Int = 10_000,
        time: @escaping @Sendable () -> Int64 = WallClock.millisecondsSince1970,
        write: @escaping @Sendable (String) -> Void
    ) {
        waiting = Mutex(Waiting(log: log))
        takesRequests = log.isVerbose
        self.capacity = capacity
        self.time = time
        self.write = write
    }

    /// Takes what happened; never waits. For `EventStream.observe`.
    package func take(_ event: BrokerEvent) {
        // Of these there are very many.
        if !takesRequests, case .requestServed = event.kind { return }
        let isToDrain = waiting.withLock { waiting in
            if waiting.isFinished { return false }
            let now = ContinuousClock.now - start
            add(waiting.log.take(event.kind, at: now), to: &waiting)
            setAlarm(now, &waiting)
            return wake(&waiting)
        }
        if isToDrain { queue.async { self.drain() } }
    }

    /// Writes a line of its own among the others, without the time of day; never waits.
    package func say(_ text: String) {
        let isToDrain = waiting.withLock { waiting in
            waiting.lines.append((nil, .text(text)))
            return wake(&waiting)
        }
        if isToDrain { queue.async { self.drain() } }
    }

    /// Writes what there is and takes nothing more; returns when it is written.
    ///
    /// - Returns: what there was in the cluster, in a few words.
    package func finish() async -> String {
        let summary = waiting.withLock { waiting in
            let lines = waiting.log.finish()
            add(lines, to: &waiting)
            waiting.isFinished = true
            waiting.isDraining = true
            return waiting.log.summary
        }
        await withCheckedContinuation { done in
            queue.async {
                self.drain()
                done.resume()
            }
        }
        return summary
    }

    private func add(_ lines: [BrokerLog.Line], to waiting: inout Waiting) {
        if lines.isEmpty { return }
        let time = time()
        for line in lines {
            // Once one is missing the others are too, until there is room for all.
            if waiting.missing > 0 || waiting.lines.count >= capacity {
                waiting.missing += 1
            } else {
                waiting.lines.append((time, line))
            }
        }
    }

    /// Sees to it that gathered lines are written in time.
    private func setAlarm(_ now: Duration, _ waiting: inout Waiting) {
        guard let due = waiting.log.nextDue, waiting.alarm.map({ due < $0 }) ?? true else { return }
        waiting.alarm = due
        let delay = max(.zero, due - now) / .microseconds(1)
        queue.asyncAfter(deadline: .now() + .microseconds(Int(delay) + 1)) { self.alarm() }
    }

    private func alarm() {
        waiting.withLock { waiting in
            waiting.alarm = nil
            if waiting.isFinished { return }
            let now = ContinuousClock.now - start
            add(waiting.log.due(at: now), to: &waiting)
            setAlarm(now, &waiting)
        }
        drain()
    }

    private func wake(_ waiting: inout Waiting) -> Bool {
        if waiting.isDraining || waiting.lines.isEmpty { return false }
        waiting.isDraining = true
        return true
    }

    private func drain() {
        while true {
            let (lines, missing) = waiting.withLock { waiting in
                defer { (waiting.lines, waiting.missing) = ([], 0) }
                if waiting.lines.isEmpty, waiting.missing == 0 { waiting.isDraining = false }
                return (waiting.lines, waiting.missing)
            }
            if lines.isEmpty, missing == 0 { return }
            var text = lines.map { time, line in
                "\(time.map { WallTime.clock($0) + "  " } ?? "")\(line.text)\n"
            }.joined()
            if missing > 0 {
                text +=
                    "\(WallTime.clock(time()))  \(Amounts.count(missing, "line")) missing here: this was not read in time\n"
            }
            write(text)
        }
    }
}

import KrunConnection
import KrunDiagnostics
import KrunReports

/// What a run is at, in a few lines for a terminal.
enum LiveArea {
    /// A scenario that is running; all its texts are safe.
    struct Job {
        /// The file's path, and the case's name where it has cases.
        var name: String
        /// Such as `step 2 of 3: consume orders: reading`.
        var what: String
        var lasted = Duration.zero
        /// Steps beside this one.
        var others = 0
        var howFar = ""
        /// Why the Kafka does not answer; empty while it does.
        var trouble = ""
        var amount: WaitBoard.Amount?
        /// Messages a second; nil where it is not known yet.
        var rate: Double?
    }

    /// More are not shown, however high the terminal is.
    static let limit = 8

    /// - Parameters:
    ///   - width: how many cells a line may take.
    ///   - height: how many lines the terminal has.
    static func lines(of jobs: [Job], width: Int, height: Int) -> [String] {
        let limit = max(1, min(limit, height - 1))
        let lines = jobs.flatMap { whole($0, width) }
        if lines.count <= limit { return lines }
        if jobs.count <= limit { return jobs.map { short($0, width) } }
        if limit == 1 { return jobs.prefix(1).map { short($0, width, and: "  (and \(jobs.count - 1) more)") } }
        return jobs.prefix(limit - 1).map { short($0, width) }
            + [TerminalText.prefix(of: "and \(jobs.count - limit + 1) more", cells: width)]
    }

    /// In two lines, where there is something to tell in the second.
    private static func whole(_ job: Job, _ width: Int) -> [String] {
        if !job.trouble.isEmpty {
            return [head(job, job.lastedText, width), cut("  \(job.trouble), trying again", width)]
        }
        if let amount = job.amount {
            return [head(job, job.lastedText, width), cut("  " + detail(amount, job.rate, width - 2), width)]
        }
        return [head(job, job.lastedText + (job.howFar.isEmpty ? "" : ": \(job.howFar)"), width)]
    }

    private static func short(_ job: Job, _ width: Int, and more: String = "") -> String {
        var parts = [job.howFar]
        if !job.trouble.isEmpty {
            parts = ["\(job.trouble), trying again"]
        } else if let amount = job.amount {
            parts = [amount.percent ?? Amounts.count(amount.done, "message"), rate(job.rate), left(amount, job.rate)]
        }
        let tail = (parts.filter { !$0.isEmpty }.joined(separator: "  ")) + more
        return head(job, (tail.isEmpty ? "" : "  ") + tail, width)
    }

    /// Which file is at which step, and an end that is the last to be cut.
    private static func head(_ job: Job, _ end: String, _ width: Int) -> String {
        let what = job.what + (job.others == 0 ? "" : " (and \(Amounts.count(job.others, "step")) beside it)")
        let room = width - TerminalText.cells(end) - 2
        let name = inMiddle(job.name, max(width / 3, room - TerminalText.cells(what)))
        let rest = room - TerminalText.cells(name)
        guard rest >= 8 else { return cut("\(name)  \(what)\(end)", width) }
        return "\(name)  \(cut(what, rest))\(end)"
    }

    /// The bar takes what the numbers leave; where that is too little, it and then the last numbers are left out.
    private static func detail(_ amount: WaitBoard.Amount, _ messagesPerSecond: Double?, _ width: Int) -> String {
        let failed = amount.failed == 0 ? "" : "\(Amounts.number(amount.failed)) failed"
        let (speed, rest) = (rate(messagesPerSecond), left(amount, messagesPerSecond))
        guard let percent = amount.percent, let total = amount.total else {
            return joined([Amounts.count(amount.done, "message"), failed, speed], width)
        }
        let count = "\(Amounts.number(amount.done)) of \(Amounts.number(total))"
        for numbers in [[percent, count, failed, speed, rest], [percent, failed, speed, rest]] {
            let text = numbers.filter { !$0.isEmpty }.joined(separator: "  ")
            let cells = min(30, width - TerminalText.cells(text) - 4)
            if cells >= 8 { return "\(bar(amount.done, of: total, cells: cells))  \(text)" }
        }
        return joined([percent, failed, rest, speed], width)
    }

    private static func joined(_ parts: [String], _ width: Int) -> String {
        var text = ""
        for part in parts where !part.isEmpty {
            let longer = text.isEmpty ? part : "\(text)  \(part)"
            guard TerminalText.cells(longer) <= width else { break }
            text = longer
        }
        return text
    }

    static func bar(_ done: Int, of total: Int, cells: Int) -> String {
        let full = min(cells, Int(Double(cells) * Double(done) / Double(max(1, total))))
        return "[" + String(repeating: "#", count: full) + String(repeating: "-", count: cells - full) + "]"
    }

    private static func rate(_ messagesPerSecond: Double?) -> String {
        guard let messagesPerSecond else { return "" }
        if messagesPerSecond > 0, messagesPerSecond < 9.95 {
            let tenths = max(1, Int((messagesPerSecond * 10).rounded()))
            return "\(tenths / 10).\(tenths % 10) messages/s"
        }
        return "\(Amounts.number(Int(messagesPerSecond.rounded()))) messages/s"
    }

    private static func left(_ amount: WaitBoard.Amount, _ messagesPerSecond: Double?) -> String {
        guard let messagesPerSecond, messagesPerSecond > 0, let total = amount.total, amount.done < total else {
            return ""
        }
        let seconds = min(1e9, (Double(total - amount.done) / messagesPerSecond).rounded(.up))
        let duration = Duration.seconds(Int64(seconds))
        return (seconds < 3_600 ? duration.formattedForPeople : Amounts.duration(duration)) + " left"
    }

    // MARK: Cutting

    /// The beginning, and `…` where that is not all.
    private static func cut(_ text: String, _ cells: Int) -> String {
        if TerminalText.cells(text) <= cells { return text }
        return cells < 1 ? "" : TerminalText.prefix(of: text, cells: cells - 1) + "…"
    }

    /// The beginning and the end, `…` between them.
    private static func inMiddle(_ text: String, _ cells: Int) -> String {
        if TerminalText.cells(text) <= cells { return text }
        guard cells > 2 else { return cut(text, cells) }
        let start = TerminalText.prefix(of: text, cells: (cells - 1) / 2)
        var room = cells - 1 - TerminalText.cells(start)
        let end = text.reversed().prefix { character in
            room -= TerminalText.cells(String(character))
            return room >= 0
        }
        return start + "…" + String(end.reversed())
    }
}

extension LiveArea.Job {
    fileprivate var lastedText: String {
        let seconds = lasted.components.seconds
        return seconds < 1 ? "" : ", for \(Duration.seconds(seconds).formattedForPeople)"
    }
}

extension WaitBoard.Amount {
    /// 100 only where all is done; nil where it is not known how much that is.
    fileprivate var percent: String? {
        guard let total, total > 0 else { return nil }
        return "\(done >= total ? 100 : min(99, Int(100 * Double(done) / Double(total)))) %"
    }
}

/// How fast something grows, by what was seen in the last seconds.
struct RateMeter {
    /// What is older does not count.
    static let memory = Duration.seconds(5)
    /// What was seen in less says nothing.
    static let least = Duration.milliseconds(500)

    private var seen: [(at: ContinuousClock.Instant, count: Int)] = []

    /// - Returns: so much a second; nil where it was not seen for long enough.
    mutating func see(_ count: Int, at now: ContinuousClock.Instant) -> Double? {
        seen.removeAll { now - $0.at > Self.memory }
        seen.append((now, count))
        guard let first = seen.first, now - first.at >= Self.least else { return nil }
        return max(0, Double(count - first.count)) / ((now - first.at) / .seconds(1))
    }
}

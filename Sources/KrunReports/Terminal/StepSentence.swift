import KrunDiagnostics
import KrunOutcome

/// What came of a step, in one line and in Kafka's terms.
enum StepSentence {
    /// Such as `5 messages to 3 partitions, murmur2_random`.
    static func text(_ step: StepOutcome) -> String {
        switch step.result {
        case .produce(let outcome): text(outcome)
        case .consume(let outcome): text(outcome)
        case .group(let outcome): text(outcome)
        case .transaction(let outcome): text(outcome)
        case .pause: ""
        case .together(let branches): Amounts.count(branches.count, "branch", plural: "branches")
        case .repeat(let rounds): Amounts.count(rounds.count, "round")
        case nil: step.status == .interrupted ? "interrupted" : "ended before anything was read"
        }
    }

    private static func text(_ outcome: ProduceOutcome) -> String {
        // What became of a transaction says more than who placed its messages, and a line has no room for both.
        let fate = fate(outcome)
        let parts = [
            Amounts.count(outcome.messages, "message") + target(outcome.records.partitions, preposition: "to"),
            fate == nil ? placement(outcome) : nil, failures(outcome), fate,
        ]
        return parts.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ", ")
    }

    private static func text(_ outcome: ConsumeOutcome) -> String {
        var parts = [Amounts.count(outcome.messages, "message")]
        if outcome.group == nil {
            let partitions = outcome.topics.values.reduce(0) { $0 + $1.partitions.count }
            parts[0] += " from \(Amounts.count(partitions, "partition"))"
            parts.append("by assignment")
        } else {
            parts[0] += " by \(Amounts.count(outcome.members.count, "member"))"
            if outcome.idle > 0 { parts[0] += " (\(Amounts.number(outcome.idle)) idle)" }
            parts.append(outcome.joinDuration.map { "joined in \(Amounts.duration($0))" } ?? "never all joined")
        }
        if outcome.rebalances > 0 { parts.append(Amounts.count(outcome.rebalances, "rebalance")) }
        if outcome.redelivered > 0 { parts.append("\(Amounts.number(outcome.redelivered)) redelivered") }
        if let lag = outcome.lag { parts.append("lag \(Amounts.number(lag))") }
        return parts.joined(separator: ", ")
    }

    /// Such as `ann 2, bob 2, cid 2; 2 moved, 2 revoked`: who has how many partitions, and what that cost.
    private static func text(_ outcome: MembershipOutcome) -> String {
        let limit = 4
        var members = outcome.members.prefix(limit).map { member in
            let away = outcome.away.contains(member.name) ? " (away)" : ""
            return "\(TerminalText.safe(member.name)) \(Amounts.number(member.partitions.count))\(away)"
        }
        if outcome.members.count > limit {
            members = [Amounts.count(outcome.members.count, "member")]
            if outcome.idle > 0 { members[0] += " (\(Amounts.number(outcome.idle)) idle)" }
        }
        if members.isEmpty { members = ["nobody"] }
        var costs: [String] = []
        if outcome.moved > 0 { costs.append("\(Amounts.number(outcome.moved)) moved") }
        if outcome.revoked > 0 { costs.append("\(Amounts.number(outcome.revoked)) revoked") }
        if let error = outcome.error { costs.append(TerminalText.safe(error)) }
        costs.append(
            outcome.rebalances > 0 ? Amounts.count(outcome.rebalances, "rebalance") : "no rebalance")
        return members.joined(separator: ", ") + "; " + costs.joined(separator: ", ")
    }

    /// Who chose the partitions: the partitioner, the messages themselves, or both.
    private static func placement(_ outcome: ProduceOutcome) -> String {
        guard let partitioner = outcome.partitioner else { return "partitions as named" }
        return TerminalText.safe(partitioner) + (outcome.namesPartitions ? ", some as named" : "")
    }

    private static func text(_ outcome: TransactionOutcome) -> String {
        if let error = outcome.error { return "failed (\(TerminalText.safe(error)))" }
        return switch outcome.end {
        case .commit: TransactionState.committed.rawValue
        case .abort: TransactionState.aborted.rawValue
        }
    }

    /// What became of the transaction, and why where that says more than what became of the messages.
    private static func fate(_ outcome: ProduceOutcome) -> String? {
        let error = outcome.error.flatMap { outcome.errors[$0] == nil ? TerminalText.safe($0) : nil }
        guard let transaction = outcome.transaction else { return error.map { "failed (\($0))" } }
        let state =
            switch transaction {
            case .open: "left open"
            case .committed, .aborted: transaction.rawValue
            case .unknown: "end unknown"
            }
        return state + (error.map { " (\($0))" } ?? "")
    }

    /// Such as ` to 2 of 3 partitions`; empty when there was no message.
    private static func target(_ partitions: [Int32: PartitionOutcome], preposition: String) -> String {
        let used = partitions.values.count { $0.messages > 0 }
        if used == 0 { return "" }
        let all = Amounts.count(partitions.count, "partition")
        return used == partitions.count ? " \(preposition) \(all)" : " \(preposition) \(Amounts.number(used)) of \(all)"
    }

    /// Such as `2 failed (MSG_SIZE_TOO_LARGE)`, with counts where there is more than one kind of error.
    private static func failures(_ outcome: ProduceOutcome) -> String? {
        if outcome.failed == 0 { return nil }
        let errors = outcome.errorsByOrigin
        let names = errors.map { name, count in
            TerminalText.safe(name) + (errors.count > 1 ? " \(Amounts.number(count))" : "")
        }
        return "\(Amounts.number(outcome.failed)) failed" + (names.isEmpty ? "" : " (\(names.joined(separator: ", ")))")
    }
}

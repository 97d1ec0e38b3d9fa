import KrunDiagnostics
package import KrunOutcome

/// What came of a step, in one line and in Kafka's terms.
package enum StepSentence {
    /// Such as `5 messages to 3 partitions, murmur2_random`.
    package static func text(_ step: StepOutcome) -> String {
        switch step.result {
        case .produce(let outcome): text(outcome)
        case .consume(let outcome): text(outcome)
        case .group(let outcome): text(outcome)
        case .transaction(let outcome): text(outcome)
        case .offsets(let outcome): text(outcome)
        case .topic(let outcome): text(outcome)
        case .fault(let outcome): text(outcome)
        case .pause: ""
        case .together(let branches): Amounts.count(branches.count, "branch", plural: "branches")
        case .repeat(let rounds): Amounts.count(rounds.count, "round")
        case nil:
            switch step.status {
            case .interrupted: "interrupted"
            case .skipped: "passed over"
            default: "ended before anything was done"
            }
        }
    }

    private static func text(_ outcome: ProduceOutcome) -> String {
        // What became of a transaction says more than who placed its messages, and a line has no room for both.
        let fate = fate(outcome)
        let parts = [
            Amounts.count(outcome.messages, "message") + target(outcome.records.partitions, preposition: "to"),
            fate == nil ? placement(outcome) : nil, moves(outcome), failures(outcome), fate,
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

    /// Such as `struck 2 times`, and of one that heals what it ended.
    private static func text(_ outcome: FaultOutcome) -> String {
        let struck = outcome.applied == 0 ? "struck nobody" : "struck \(Amounts.count(outcome.applied, "time"))"
        switch outcome.fault {
        case "broker-down", "broker-up", "move-leader", "move-coordinator":
            return outcome.applied == 0 ? "it was so already" : ""
        case "heal":
            return outcome.healed.isEmpty
                ? "nothing to heal" : "\(Amounts.count(outcome.healed.count, "fault")) healed, \(struck)"
        default: return outcome.isOver ? struck : "\(struck) so far"
        }
    }

    /// Such as `3 of 6 partitions reset, lag 4`.
    private static func text(_ outcome: OffsetsOutcome) -> String {
        if let error = outcome.error { return "not reset: \(TerminalText.safe(error))" }
        let partitions = outcome.topics.values.flatMap(\.values)
        var parts: [String] = []
        if outcome.resets {
            let reset = partitions.count { $0.wasReset }
            parts.append("\(Amounts.count(reset, "partition")) reset, \(Amounts.number(outcome.moved)) moved")
        } else {
            let committed = partitions.count { $0.committed != nil }
            parts.append(
                committed == partitions.count
                    ? "committed in \(Amounts.count(committed, "partition"))"
                    : "committed in \(Amounts.number(committed)) of \(Amounts.count(partitions.count, "partition"))")
        }
        if let lag = outcome.lag { parts.append("lag \(Amounts.number(lag))") }
        return parts.joined(separator: ", ")
    }

    /// Such as `3 partitions, 4 before`, `offsets 3 to 9`, `deleted`.
    private static func text(_ outcome: TopicStepOutcome) -> String {
        if let error = outcome.error { return "refused: \(TerminalText.safe(error))" }
        if outcome.change == .delete { return "deleted" }
        guard let partitions = outcome.partitions else { return "there is none" }
        var parts = [Amounts.count(partitions, "partition")]
        if let before = outcome.partitionsBefore { parts[0] += ", \(Amounts.number(before)) before" }
        switch outcome.change {
        case .create: parts.append(Amounts.count(outcome.replicas ?? 0, "replica"))
        case .config:
            parts = outcome.config.sorted { $0.key < $1.key }.map {
                TerminalText.safe("\($0.key)=\($0.value)")
            }
        default:
            let held = outcome.offsets.values.reduce(0) { $0 + ($1.end - $1.first) }
            parts.append("\(Amounts.number(held)) \(held == 1 ? "offset" : "offsets") held")
        }
        return parts.joined(separator: ", ")
    }

    /// Such as `2 keys moved`.
    private static func moves(_ outcome: ProduceOutcome) -> String? {
        let count = outcome.movedKeys.count
        return count == 0 ? nil : "\(Amounts.count(count, "key")) moved"
    }

    /// Who chose the partitions: the partitioner, the messages themselves, or both.
    private static func placement(_ outcome: ProduceOutcome) -> String {
        guard let partitioner = outcome.partitioner else { return "partitions as named" }
        return TerminalText.safe(partitioner) + (outcome.namesPartitions ? ", some as named" : "")
    }

    private static func text(_ outcome: TransactionOutcome) -> String {
        if let error = outcome.error { return "failed (\(TerminalText.safe(error)))" }
        return switch outcome.end {
        case .commit: TransactionFate.committed.rawValue
        case .abort: TransactionFate.aborted.rawValue
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

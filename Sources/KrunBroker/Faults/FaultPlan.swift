internal import KrunWire

/// The rules in force, and the decision for each request.
///
/// Rules are tried in the order in which they were added: every delay counts, and of the rest the first that decides the course of the
/// whole request; a rule that is not reached keeps its turn.
package struct FaultPlan: Sendable {
    private struct Entry {
        let id: FaultID
        let rule: FaultRule
        /// Of an effect that fails.
        let errorCode: ErrorCode?
        let until: Duration?
        var skipped = 0
        var fired = 0

        var isSpent: Bool { rule.times.map { fired >= $0 } ?? false }
    }

    private var entries: [Entry] = []
    /// Rules that are spent, ran out or were removed, with their counts.
    private var past: [FaultID: (rule: FaultRule, fired: Int)] = [:]
    private var nextNumber: UInt64 = 1

    package init() {}

    /// Whether no rule is in force, so that no facts need to be gathered.
    package var isEmpty: Bool { entries.isEmpty }

    /// Whether some rule may match requests of this kind.
    package func concerns(_ kind: RequestKind) -> Bool {
        entries.contains { $0.rule.kind == nil || $0.rule.kind == kind }
    }

    /// Puts a rule in force; throws if the error it answers with is none of Kafka's.
    package mutating func add(_ rule: FaultRule, now: Now) throws(UnknownKafkaErrorName) -> FaultID {
        var errorCode: ErrorCode?
        if case .fail(let error) = rule.effect { errorCode = try error.code() }
        let id = FaultID(number: nextNumber)
        nextNumber += 1
        let entry = Entry(id: id, rule: rule, errorCode: errorCode, until: rule.lasting.map { now.uptime + $0 })
        if entry.isSpent {
            past[id] = (rule, 0)
        } else {
            entries.append(entry)
        }
        return id
    }

    /// Takes a rule out of force; false if it was not any more.
    @discardableResult
    package mutating func remove(_ id: FaultID) -> Bool {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return false }
        let entry = entries.remove(at: index)
        past[id] = (entry.rule, entry.fired)
        return true
    }

    package mutating func removeAll() {
        for entry in entries { past[entry.id] = (entry.rule, entry.fired) }
        entries = []
    }

    /// How many requests suffered by the rule; nil for one that was never added.
    package func timesFired(_ id: FaultID) -> Int? {
        entries.first { $0.id == id }?.fired ?? past[id]?.fired
    }

    /// The rules in force with how often each fired.
    package func rules(now: Now) -> [(id: FaultID, rule: FaultRule, fired: Int)] {
        entries.filter { $0.until.map { now.uptime < $0 } ?? true }.map { ($0.id, $0.rule, $0.fired) }
    }

    /// The rule of that id, if it is in force.
    package func rule(_ id: FaultID) -> FaultRule? {
        entries.first { $0.id == id }?.rule
    }

    /// The rule of that id, in force or not any more.
    package func anyRule(_ id: FaultID) -> FaultRule? {
        rule(id) ?? past[id]?.rule
    }

    /// What happens to a request; counts as suffered for every rule that fires.
    package mutating func decide(_ request: RequestFacts, now: Now) -> FaultDecision {
        var decision = FaultDecision()
        var isOver = false
        for index in entries.indices {
            let entry = entries[index]
            if let until = entry.until, until <= now.uptime {
                isOver = true
                continue
            }
            guard decision.course == .proceed || entry.rule.isDelay, entry.rule.matches(request) else { continue }
            let failures = entry.errorCode.map { entry.rule.failures(of: request, with: $0, beyond: decision) }
            // Every part it would fail already fails by another rule: its turn comes later.
            if entry.rule.topic != nil || entry.rule.partition != nil, failures?.isEmpty == true { continue }
            if entry.skipped < entry.rule.skipping {
                entries[index].skipped += 1
                continue
            }
            entries[index].fired += 1
            decision.fired.append(entry.id)
            switch entry.rule.effect {
            case .fail:
                if entry.rule.topic == nil, entry.rule.partition == nil, let code = entry.errorCode {
                    decision.course = .fail(code)
                } else {
                    decision.failures += failures ?? []
                }
            case .delay(let duration): decision.delay += max(duration, .zero)
            case .silence: decision.course = .silence
            case .loseHeartbeat: decision.course = .loseHeartbeat
            case .disconnect: decision.course = .disconnect
            case .loseAcknowledgement(let loss): decision.course = .performAndLose(loss)
            }
            if entries[index].isSpent { isOver = true }
        }
        if isOver {
            for entry in entries where entry.isSpent || entry.until.map({ $0 <= now.uptime }) ?? false {
                past[entry.id] = (entry.rule, entry.fired)
            }
            entries.removeAll { past[$0.id] != nil }
        }
        return decision
    }
}

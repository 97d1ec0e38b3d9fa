import KrunDiagnostics
import KrunJSON
import KrunNames
import KrunOutcome

/// Reader of steps that hold others: `together` and `repeat`.
extension StepDecoder {
    func together(_ fields: Fields, path: StepPath) -> Step.Action? {
        guard let node = fields[TogetherFields.branches], let elements = read(TogetherFields.branches, in: fields)
        else { return nil }
        refuseEmpty(elements, "together", at: node, label: "a branch is a step, or a list of steps")
        let outer = sent.isOrdered
        if elements.count > 1 { sent.isOrdered = false }
        defer { sent.isOrdered = outer }
        var branches: [[Step]] = []
        // What one branch takes from records the others do not know; after all of them everybody does.
        let known = reader.templates.variables
        var captured = known
        topics.sideBySide(elements) { index in
            reader.templates.variables = known
            defer {
                captured.merge(reader.templates.variables) { old, new in new.isLate || new.source != nil ? new : old }
            }
            let element = elements[index]
            let path = path.appending(index + 1)
            guard let value = resolve(element) else { return }
            if value.kind == .array {
                refuseEmpty(value.elements, "together", at: element, label: "a branch needs at least one step")
                branches.append(steps(value.elements) { path.appending($0) })
            } else {
                branches.append(steps([element]) { path.appending($0) })
            }
        }
        reader.templates.variables = captured
        refuseGroupsInSeveral(branches)
        refuseProducersInSeveral(branches)
        let width = branches.reduce(0) { $0 + Self.width(of: $1) }
        if width > TogetherFields.branchLimit {
            report(
                "too many branches are at work at one time", because: .budget, at: node.keyPlace,
                label: "\(width) with those within them, of which there may be \(TogetherFields.branchLimit)")
        }
        return .together(branches)
    }

    func rounds(_ fields: Fields, path: StepPath) -> Step.Action? {
        let count = read(RepeatFields.count, in: fields)
        guard let node = required(RepeatFields.steps, in: fields), let elements = read(RepeatFields.steps, in: fields)
        else { return nil }
        refuseEmpty(elements, "steps", at: node, label: "there is nothing to repeat")
        let before = reporter.faults
        let outer = reader.templates.round
        reporter.rounds.append(0)
        defer {
            reporter.rounds.removeLast()
            reader.templates.round = outer
        }
        var result: [[Step]] = []
        for round in 0..<Int(count ?? 1) {
            reporter.rounds[reporter.rounds.count - 1] = round
            reader.templates.round = Variable(round: round)
            let path = path.appending(round + 1)
            result.append(steps(elements) { path.appending($0) })
            // It would be the same again.
            if reporter.faults > before { break }
        }
        return .repeat(result)
    }

    /// Says once that there are more steps than may be, or that they are too deep within each other; whether it is so.
    func refuseTooMany(at node: JSONNode, path: StepPath) -> Bool {
        if path.numbers.count > 2 * RepeatFields.depthLimit {
            report(
                "steps are too deep within each other", because: .budget, at: node.place.firstScalar,
                label: "more than \(RepeatFields.depthLimit) levels")
            return true
        }
        reporter.work.steps -= 1
        if reporter.work.steps == -1 {
            report(
                "the scenario comes to more than \(RepeatFields.stepLimit) steps", because: .budget,
                at: node.place.firstScalar, label: "no more are read")
        }
        return reporter.work.steps < 0
    }

    private func refuseEmpty(_ elements: [JSONNode], _ name: String, at node: JSONNode, label: String) {
        guard elements.isEmpty else { return }
        report("\"\(name)\" is empty", at: node.place, label: label)
    }

    /// Members of one group that two steps start would wait for each other's partitions.
    private func refuseGroupsInSeveral(_ branches: [[Step]]) {
        var first = NameMap<Int>()
        for (number, branch) in branches.enumerated() {
            for step in branch.flatMap(\.all) {
                // A group step may change who reads beside them.
                guard case .consume(let consume) = step.action, let group = consume.group else { continue }
                guard let other = first[group] else {
                    first[group] = number
                    continue
                }
                if other == number { continue }
                report(
                    "two branches read as group \(group.quotedForMessage) at one time", because: .combination,
                    at: step.place(of: "group"), label: "so does branch \(other + 1)",
                    notes: ["one step may have several members: \"members\": 2"])
                // Once for each group and branch is enough.
                first[group] = number
            }
        }
    }

    /// A producer sends for one step at a time: its transaction, and whose reports are whose.
    private func refuseProducersInSeveral(_ branches: [[Step]]) {
        var first = NameMap<Int>()
        for (number, branch) in branches.enumerated() {
            for step in branch.flatMap(\.all) {
                let used: (producer: String, field: String)? =
                    switch step.action {
                    case .produce(let produce): produce.producer.map { ($0, ProduceFields.producer.name) }
                    case .transaction(let transaction): (transaction.producer, TransactionFields.producer.name)
                    default: nil
                    }
                guard let (producer, field) = used else { continue }
                guard let other = first[producer] else {
                    first[producer] = number
                    continue
                }
                if other == number { continue }
                report(
                    "two branches use producer \(producer.quotedForMessage) at one time", because: .combination,
                    at: step.place(of: field), label: "so does branch \(other + 1)",
                    notes: ["name another one; two producers may have one \"transactionalId\""])
                // Once for each producer and branch is enough.
                first[producer] = number
            }
        }
    }

    /// How many branches are at work at one time at most.
    private static func width(of steps: [Step]) -> Int {
        steps.map { step in
            switch step.action {
            case .together(let branches): branches.reduce(0) { $0 + width(of: $1) }
            case .repeat(let rounds): rounds.map { width(of: $0) }.max() ?? 1
            case .produce, .consume, .group, .transaction, .offsets, .topic, .fault, .pause: 1
            }
        }.max() ?? 1
    }
}

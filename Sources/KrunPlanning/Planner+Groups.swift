import KrunOutcome
import KrunScenario

/// Who owns what, and what is read.
extension Planner {
    mutating func play(_ step: MembershipStep, _ told: inout StepPlan) {
        var group = world.groups[step.group] ?? PlannedGroup()
        defer { world.groups[step.group] = group }
        if !step.topics.isEmpty { group.topics = step.topics }
        group.assignor = step.assignor ?? group.assignor
        group.isStatic = step.isStatic ?? group.isStatic
        group.ownershipDoubt = group.lastingDoubt
        switch step.change {
        case .none: break
        case .members(let names): group.members = names
        case .crash(let names):
            group.members.removeAll { names.contains($0) }
            group.doubt("members of \(step.group) crash in step \(told.path)")
        case .stall(let name, _):
            group.doubt("\(name) stands still in step \(told.path)")
            group.lastingDoubt = "\(name) may be thrown out, or come back"
            group.ownershipDoubt = group.lastingDoubt
        }
        if group.isStatic { group.ownershipDoubt = "static members keep what they own while they are away" }
        if let fault = world.fault { group.ownershipDoubt = fault }
        if world.isBeside {
            group.ownershipDoubt = "others are at work beside it"
            group.doubt("others were at work beside \(step.group)")
        }
        if step.expect.error != nil { group.ownershipDoubt = "the step expects an error" }
        if group.members.isEmpty { return }
        let ownership = ownership(of: step.group, group.members, group.topics, group)
        told.forecast = .group(ownership.forecast)
        if let doubt = ownership.doubt { told.doubts.append(doubt) }
    }

    mutating func play(_ step: ConsumeStep, _ told: inout StepPlan) {
        var forecast = ConsumeForecast(group: step.group)
        var group = step.group.flatMap { world.groups[$0] } ?? PlannedGroup()
        let isLive = !group.members.isEmpty
        if let name = step.group {
            if !isLive {
                (group.topics, group.assignor, group.isStatic) = (step.topics, step.assignor, step.isStatic)
                group.ownershipDoubt = step.isStatic ? "static members keep what they own while they are away" : nil
                if let fault = world.fault { group.ownershipDoubt = fault }
                if world.isBeside { group.ownershipDoubt = "others are at work beside it" }
            }
            let ownership = ownership(of: name, isLive ? group.members : step.memberNames, group.topics, group)
            forecast.ownership = ownership.forecast
            if let doubt = ownership.doubt { told.doubts.append(doubt) }
        }
        if let doubt = readingDoubt(step, group) {
            told.doubts.append("what is read: \(doubt)")
            group.doubt("nobody knows where \(step.group ?? "") went on after step \(told.path)")
        } else {
            read(step, &group, isLive: isLive, &forecast, &told)
        }
        if step.stays, !isLive { group.members = step.memberNames }
        if let name = step.group { world.groups[name] = group }
        told.forecast = .consume(forecast)
    }

    /// Why it cannot be known what the step reads; nil where it can.
    private func readingDoubt(_ step: ConsumeStep, _ group: PlannedGroup) -> String? {
        if world.isBeside { return "others are at work beside it" }
        if let fault = world.fault { return fault }
        if case .idle = step.until { return "it ends when nothing has come for a while, wherever it is then" }
        if case .matching = step.until { return "it ends when a record matches, wherever it is then" }
        if step.rate != nil { return "\"rate\" decides how far it comes in its time" }
        for topic in step.topics {
            guard let log = world.topics[topic], log.partitions != nil else {
                return "nobody knows what is in \(topic)"
            }
            if let doubt = log.doubt { return doubt }
        }
        if step.from.others == .committed || step.from.others == nil
            || step.from.named.values.contains(where: { $0.values.contains(.committed) })
        {
            if let doubt = group.doubt { return doubt }
            if let doubt = group.ownershipDoubt, !group.members.isEmpty { return doubt }
        }
        return step.from.times.isEmpty ? nil : "the time at which a record was appended decides where it begins"
    }

    private func read(
        _ step: ConsumeStep, _ group: inout PlannedGroup, isLive: Bool, _ forecast: inout ConsumeForecast,
        _ told: inout StepPlan
    ) {
        var counts: [String: [Int]] = [:]
        var starts: [String: [Int64]] = [:]
        for topic in step.topics {
            guard let log = world.topics[topic], let partitions = log.partitions else { return }
            starts[topic] = (0..<partitions).map { partition in
                let point = step.from.point(of: topic, Int32(partition)) ?? .earliest
                let (first, end) = (log.starts[partition], log.ends[partition])
                let position = group.position(topic, partition)
                if point == .committed, position == nil { return step.from.uncommitted == .latest ? end : first }
                return point.offset(first: first, end: end, committed: position, atTime: nil)
            }
            counts[topic] = zip(log.ends, starts[topic] ?? []).map { Int($0 - $1) }
        }
        guard let unplaced = unplaced(step, group) else {
            told.doubts.append("what is read: nobody knows where in the partitions reading begins")
            group.doubt("nobody knows where \(step.group ?? "") went on after step \(told.path)")
            return
        }
        let isPlaced = unplaced.allSatisfy { $0.value == 0 }
        let all = counts.values.joined().reduce(0, +) + unplaced.values.reduce(0, +)
        var isWhole = true
        switch step.until {
        // How long nothing comes is no matter of the file: see readingDoubt.
        case .end, .idle, .matching: forecast.messages = all
        case .messages(let wanted) where all < wanted:
            told.doubts.append("what is read: there are \(all) of the \(wanted) messages that it waits for")
            isWhole = false
        case .messages(let wanted):
            forecast.messages = wanted
            isWhole = all == wanted
            if !isWhole, isPlaced, counts.values.joined().count(where: { $0 > 0 }) == 1 {
                counts = counts.mapValues { $0.map { min($0, wanted) } }
                isWhole = true
            }
            if !isWhole {
                told.doubts.append(
                    "from which partitions \(wanted) messages are read: which broker answers first decides")
            }
        }
        if isWhole, isPlaced { forecast.partitions = counts }
        guard let name = step.group else { return }
        if !isWhole { group.doubt("nobody knows where \(name) went on after step \(told.path)") }
        switch step.commit {
        case .end, .each: break
        case .none where isLive: group.doubt("\(name) has committed nothing: only its members know where they stand")
        case .none: return
        case .every, .auto: group.doubt("nobody knows what \(name) had committed after step \(told.path)")
        }
        for (topic, counts) in counts {
            for (partition, count) in counts.enumerated() {
                group.go(to: (starts[topic]?[partition] ?? 0) + Int64(count), topic, partition)
            }
            group.unplaced[topic] = world.topics[topic]?.unplaced ?? 0
        }
    }

    /// How many records in unknown partitions are read of each topic; nil where that cannot be known.
    private func unplaced(_ step: ConsumeStep, _ group: PlannedGroup) -> [String: Int]? {
        var unplaced: [String: Int] = [:]
        for topic in step.topics {
            let all = world.topics[topic]?.unplaced ?? 0
            unplaced[topic] = all
            if all == 0 { continue }
            if step.from.named[topic] != nil { return nil }
            switch step.from.others ?? .earliest {
            case .earliest: break
            case .latest: unplaced[topic] = 0
            case .committed where group.positions[topic] == nil:
                if step.from.uncommitted == .latest { unplaced[topic] = 0 }
            case .committed: unplaced[topic] = all - (group.unplaced[topic] ?? 0)
            case .offset, .last, .time: return nil
            }
        }
        return unplaced
    }

    /// Who gets which partitions, and why that cannot be known where it cannot.
    private func ownership(
        of name: String, _ members: [String], _ topics: [String], _ group: PlannedGroup
    ) -> (forecast: OwnershipForecast, doubt: String?) {
        var forecast = OwnershipForecast(group: name, members: members)
        if let doubt = group.ownershipDoubt { return (forecast, "who owns what: \(doubt)") }
        var counts: [(name: String, partitions: Int)] = []
        for topic in topics {
            guard let partitions = world.topics[topic]?.partitions else {
                return (forecast, "who owns what: nobody knows how many partitions \(topic) has")
            }
            counts.append((topic, partitions))
        }
        if counts.contains(where: { world.changing.contains($0.name) }) {
            return (forecast, "who owns what: another branch changes a topic meanwhile")
        }
        let assignor = group.assignor ?? .range
        let names = counts.map(\.name)
        if assignor == .roundrobin, members.count > 1,
            names.contains(where: { name in names.contains { $0 != name && $0.hasPrefix(name) } })
        {
            return (
                forecast,
                "which member owns which partitions: topics have a suffix on a real Kafka, by which they may be in another order"
            )
        }
        forecast.owned = GroupAssignment.owned(by: assignor, members: members, topics: counts)
        if let owned = forecast.owned {
            let sizes = owned.map(\.count)
            forecast.share = (sizes.min() ?? 0)...(sizes.max() ?? 0)
            return (forecast, nil)
        }
        let all = counts.reduce(0) { $0 + $1.partitions }
        let (least, more) = all.quotientAndRemainder(dividingBy: members.count)
        forecast.share = least...(least + (more > 0 ? 1 : 0))
        if members.count == 1 {
            forecast.owned = GroupAssignment.owned(by: .range, members: members, topics: counts)
            return (forecast, nil)
        }
        return (forecast, "which member owns which partitions: cooperative-sticky goes by who was there first")
    }
}

import KrunOutcome
public import KrunScenario

/// Says of a scenario what will happen, without a broker.
public struct Planner {
    let scenario: Scenario
    var world = PlannedWorld()
    var plan: ScenarioPlan

    /// What is known of the scenario before it runs; what depends on a seed that is drawn is doubted.
    public static func plan(_ scenario: Scenario) -> ScenarioPlan {
        var planner = Planner(scenario)
        planner.play(scenario.steps)
        planner.tellPartitions()
        return planner.plan.masked(by: scenario.secrets)
    }

    private init(_ scenario: Scenario) {
        self.scenario = scenario
        plan = ScenarioPlan(file: scenario.file, name: scenario.name)
        for topic in scenario.topics {
            plan.topics.append(TopicPlan(name: topic.name, partitions: nil))
            world.topics[topic.name] = PlannedLog(topic)
        }
        for group in scenario.groups where group.existing {
            world.groups[group.name] = PlannedGroup()
            world.groups[group.name]?.doubt("\(group.name) is there already, and nobody knows where it stands")
        }
    }

    private mutating func tellPartitions() {
        for index in plan.topics.indices {
            plan.topics[index].partitions = world.topics[plan.topics[index].name]?.partitions
        }
    }

    private mutating func play(_ steps: [Step]) {
        for step in steps { play(step) }
    }

    private mutating func play(_ step: Step) {
        let index = plan.steps.count
        plan.steps.append(StepPlan(path: step.path, title: step.title))
        var told = plan.steps[index]
        if step.isLate, step.lists.isEmpty {
            told.doubts.append("some of it: it holds values that are drawn or captured while the scenario runs")
        }
        switch step.action {
        case .produce(let produce): play(produce, step.path, &told)
        case .consume(let consume): play(consume, &told)
        case .group(let group): play(group, &told)
        case .topic(let topic): play(topic, &told)
        case .offsets(let offsets): play(offsets)
        case .fault(let fault): play(fault, step.path)
        case .transaction, .pause: break
        case .together(let branches): playBeside(branches)
        case .repeat(let rounds):
            for (number, round) in rounds.enumerated() {
                let first = plan.steps.count
                play(round)
                guard number > 1, number < rounds.count - 1 else { continue }
                for index in first..<plan.steps.count { plan.steps[index].isOfMiddleRound = true }
            }
        }
        plan.steps[index] = told
    }

    /// What each branch sends is known, whichever is first; what it reads, and who joins when, is not.
    private mutating func playBeside(_ branches: [[Step]]) {
        let outer = (world.isBeside, world.changing)
        world.isBeside = true
        for step in branches.joined().flatMap(\.all) {
            if case .topic(let topic) = step.action, !topic.isLook { world.changing.insert(topic.topic) }
            if case .fault(let fault) = step.action { play(fault, step.path) }
        }
        for branch in branches { play(branch) }
        (world.isBeside, world.changing) = outer
    }

    // MARK: - Steps that tell nothing by themselves

    private mutating func play(_ offsets: OffsetsStep) {
        guard offsets.reset != nil else { return }
        // Where it goes on is told by the broker, and whether the group may be reset at all.
        world.groups[offsets.group, default: PlannedGroup()].doubt("\(offsets.group) is told to go on elsewhere")
    }

    private mutating func play(_ fault: FaultStep, _ path: StepPath) {
        if case .heal(let kind) = fault.fault {
            // Beside others nobody knows what was done before it.
            if kind == nil, !world.isBeside { world.fault = nil }
        } else {
            world.fault = world.fault ?? "the fault of step \(path) is at work"
        }
    }

    private mutating func play(_ topic: TopicStep, _ told: inout StepPlan) {
        let name = topic.topic
        switch topic.change {
        case .none: break
        case .create(let declaration):
            world.topics[name] = PlannedLog(declaration)
            if world.isBeside { world.topics[name]?.doubt("\(name) is created while others are at work") }
        case .delete:
            world.topics[name]?.doubt("\(name) is deleted in step \(told.path)")
            world.topics[name]?.keys = PlannedKeys()
            for group in world.groups.keys { world.groups[group]?.positions[name] = nil }
        case .partitions(let count):
            guard let log = world.topics[name] else { return }
            guard let before = log.partitions else { break }
            if world.isBeside {
                told.doubts.append("how many keys move: others are at work beside it")
            } else {
                told.forecast = .partitionsAdded(
                    total: count, moved: log.keys.moved(from: before, to: count), of: log.keys.placed)
            }
            if log.keys.areMore {
                told.doubts.append("of more than \(PlannedKeys.limit) keys the others were not looked at")
            }
            world.topics[name]?.grow(to: count)
            // Members hear of new partitions when they look again.
            for group in world.groups.keys where world.groups[group]?.topics.contains(name) == true {
                let doubt = "members hear of new partitions of \(name) at any time"
                world.groups[group]?.lastingDoubt = doubt
                world.groups[group]?.ownershipDoubt = doubt
            }
        case .deleteRecords, .compact: world.topics[name]?.doubt("records of \(name) are removed in step \(told.path)")
        case .config(let configs):
            for config in configs { world.topics[name]?.configs[config.name] = config.value }
            if let configs = world.topics[name]?.configs, let reason = PlannedLog.removal(name, configs) {
                world.topics[name]?.doubt(reason)
            }
        }
    }
}

extension TopicStep {
    /// Whether it changes nothing.
    fileprivate var isLook: Bool {
        if case .none = change { true } else { false }
    }
}

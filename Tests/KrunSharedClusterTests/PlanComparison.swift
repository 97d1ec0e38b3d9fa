import KrunOutcome
import KrunPlanning

/// Where what happened is not what the plan was certain of.
struct PlanComparison {
    /// A sentence for each; empty where both agree.
    private(set) var contradictions: [String] = []
    /// How many figures were certain and compared.
    private(set) var compared = 0

    init(_ plan: ScenarioPlan, _ outcome: ScenarioOutcome) {
        let outcomes = Dictionary(outcome.allSteps.map { ($0.path, $0) }) { first, _ in first }
        for step in plan.steps {
            guard let result = outcomes[step.path]?.result else { continue }
            switch (step.forecast, result) {
            case (.produce(let forecast), .produce(let outcome)): compare(forecast, outcome, step.path)
            case (.consume(let forecast), .consume(let outcome)):
                if let messages = forecast.messages { expect(messages, outcome.messages, "messages", step.path) }
                for (topic, counts) in forecast.partitions ?? [:] {
                    let seen = counts.indices.map { outcome.topics[topic]?.partitions[Int32($0)]?.messages ?? 0 }
                    expect(counts, seen, "messages of \(topic)", step.path)
                }
                if let ownership = forecast.ownership { compare(ownership, outcome.members, step.path) }
            case (.group(let forecast), .group(let outcome)): compare(forecast, outcome.members, step.path)
            default: break
            }
        }
        for topic in plan.topics { compare(topic, outcome) }
    }

    /// What the plan says of a topic as a whole, against all that steps wrote to it.
    private mutating func compare(_ topic: TopicPlan, _ outcome: ScenarioOutcome) {
        var seen: [[UInt8]: (messages: Int, partitions: Set<Int32>)] = [:]
        for step in outcome.allSteps {
            guard case .produce(let produce) = step.result, produce.topic == topic.name else { continue }
            for key in produce.records.keys {
                seen[key.key, default: (0, [])].messages += key.messages
                seen[key.key, default: (0, [])].partitions.formUnion(key.partitions)
            }
        }
        for key in topic.keys.all {
            guard let found = seen[key.bytes], found.messages == key.messages, !key.partitions.isEmpty else { continue }
            let isWhole = key.byChance == 0
            expect(
                Set(key.partitions), isWhole ? found.partitions : found.partitions.intersection(key.partitions),
                "partitions of a key of \(topic.name)", StepPath(0))
        }
    }

    private mutating func compare(_ forecast: ProduceForecast, _ outcome: ProduceOutcome, _ path: StepPath) {
        guard forecast.isCertain else { return }
        expect(forecast.messages, outcome.messages, "messages", path)
        for (partition, certain) in forecast.partitions {
            let seen = outcome.records.partitions[partition]?.messages ?? 0
            if forecast.byChance == 0 {
                expect(certain, seen, "messages in partition \(partition)", path)
            } else {
                expect(true, seen >= certain, "at least \(certain) messages in partition \(partition)", path)
            }
        }
        let keys = Dictionary(outcome.records.keys.map { ($0.key, $0) }) { first, _ in first }
        for key in forecast.keys.all where !key.partitions.isEmpty {
            guard let seen = keys[key.bytes] else { continue }
            expect(key.messages, seen.messages, "messages with a key", path)
            if key.byChance == 0 {
                expect(key.partitions, seen.partitions, "partitions of a key", path)
            } else {
                expect(true, Set(key.partitions).isSubset(of: seen.partitions), "some partitions of a key", path)
            }
        }
    }

    private mutating func compare(_ forecast: OwnershipForecast, _ members: [MemberOutcome], _ path: StepPath) {
        // A group of one that reads has no table of members.
        if let owned = forecast.owned, !members.isEmpty {
            expect(
                owned, forecast.members.map { name in members.first { $0.name == name }?.partitions ?? [] }, "owners",
                path)
        } else if let share = forecast.share {
            for member in members {
                expect(true, share.contains(member.partitions.count), "share of \(member.name)", path)
            }
        }
    }

    private mutating func expect<Value: Equatable>(_ planned: Value, _ seen: Value, _ what: String, _ path: StepPath) {
        compared += 1
        if planned != seen { contradictions.append("step \(path): \(what): \(planned) planned, \(seen) seen") }
    }
}

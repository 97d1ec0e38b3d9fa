public import KrunOutcome
import KrunSecrets

/// What is known of a scenario before it runs, step by step, and what is not, with the reason.
///
/// What is not doubted is certain: a run in which nothing fails has the same outcome.
public struct ScenarioPlan: Sendable {
    /// The file's name as the user gave it.
    public let file: String
    public internal(set) var name: String
    /// In the order of the file.
    public internal(set) var topics: [TopicPlan] = []
    /// Also those within others, in the order of their paths.
    public internal(set) var steps: [StepPlan] = []
}

/// What is known of a topic: all that is sent to it, by whichever step.
public struct TopicPlan: Sendable {
    /// The name in the file.
    public internal(set) var name: String
    /// How many it has in the end; nil where the file does not say.
    public internal(set) var partitions: Int?
    /// How many messages go to each partition for certain.
    public internal(set) var messages: [Int32: Int] = [:]
    /// How many messages go somewhere that nobody can know before.
    public internal(set) var messagesByChance = 0
    public internal(set) var keys = PlannedKeys()

    /// The numbers of partitions to be compared: those that are asked for, or one of them with how many the topic has.
    public func counts(asked: [Int]) -> [Int] {
        guard asked.count == 1, let partitions else { return asked }
        return [partitions] + asked
    }
}

/// What is known of a step.
public struct StepPlan: Sendable {
    public let path: StepPath
    /// The step as a sentence.
    public internal(set) var title: String
    /// Whether it is one of a round in the middle, which has nothing to tell that the first two have not.
    public internal(set) var isOfMiddleRound = false
    public internal(set) var forecast: Forecast?
    /// What cannot be known, each with its reason.
    public internal(set) var doubts: [String] = []

    public enum Forecast: Sendable {
        case produce(ProduceForecast)
        case consume(ConsumeForecast)
        /// Who owns what when the group is stable.
        case group(OwnershipForecast)
        /// How many keys that were sent before are on another partition from now on, of how many.
        case partitionsAdded(total: Int, moved: Int, of: Int)
    }
}

/// Where the messages of a produce step go.
public struct ProduceForecast: Sendable {
    public internal(set) var topic: String
    /// How many are sent.
    public let messages: Int
    /// nil where every message names its partition.
    public let partitioner: String?
    /// How many go where for certain; partitions without any are left out.
    public internal(set) var partitions: [Int32: Int] = [:]
    /// How many go where nobody can know before.
    public internal(set) var byChance = 0
    /// The keys of the step.
    public internal(set) var keys = PlannedKeys()
    /// Whether all of them are acknowledged for certain.
    public internal(set) var isCertain = true
}

/// What a consume step reads.
public struct ConsumeForecast: Sendable {
    public internal(set) var group: String?
    /// How many records; nil where that cannot be known.
    public internal(set) var messages: Int?
    /// How many of which partition, by topic; nil where that cannot be known.
    public internal(set) var partitions: [String: [Int]]?
    /// nil without a group.
    public internal(set) var ownership: OwnershipForecast?
}

/// Who in a group owns which partitions.
public struct OwnershipForecast: Sendable {
    public internal(set) var group: String
    /// In the order of the file.
    public internal(set) var members: [String]
    /// The partitions of each, such as `orders/0`; nil where who gets which cannot be known.
    public internal(set) var owned: [[String]]?
    /// How many partitions a member has at least and at most; nil where not even that is known.
    public internal(set) var share: ClosedRange<Int>?
}

extension ScenarioPlan {
    /// The same with `***` for each secret where it would be shown.
    func masked(by secrets: Secrets) -> ScenarioPlan {
        if secrets.isEmpty { return self }
        var masked = self
        masked.name = secrets.masked(name)
        for index in topics.indices {
            masked.topics[index].name = secrets.masked(topics[index].name)
            masked.topics[index].keys.hide(secrets)
        }
        for index in steps.indices {
            masked.steps[index].title = secrets.masked(steps[index].title)
            masked.steps[index].doubts = steps[index].doubts.map { secrets.masked($0) }
            masked.steps[index].forecast = steps[index].forecast?.masked(by: secrets)
        }
        return masked
    }
}

extension StepPlan.Forecast {
    fileprivate func masked(by secrets: Secrets) -> StepPlan.Forecast {
        switch self {
        case .produce(var produce):
            produce.topic = secrets.masked(produce.topic)
            produce.keys.hide(secrets)
            return .produce(produce)
        case .consume(var consume):
            consume.group = consume.group.map { secrets.masked($0) }
            consume.partitions = consume.partitions.map {
                Dictionary($0.map { (secrets.masked($0.key), $0.value) }) { zip($0, $1).map { $0 + $1 } }
            }
            consume.ownership = consume.ownership?.masked(by: secrets)
            return .consume(consume)
        case .group(let ownership): return .group(ownership.masked(by: secrets))
        case .partitionsAdded: return self
        }
    }
}

extension OwnershipForecast {
    fileprivate func masked(by secrets: Secrets) -> OwnershipForecast {
        var masked = self
        masked.group = secrets.masked(group)
        masked.members = members.map { secrets.masked($0) }
        masked.owned = owned?.map { $0.map { secrets.masked($0) } }
        return masked
    }
}

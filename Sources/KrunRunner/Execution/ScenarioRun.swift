import KrunChecks
import KrunConnection
import KrunDiagnostics
import KrunJSON
import KrunKafka
import KrunOutcome
import KrunPlanning
import KrunScenario
import KrunSecrets
import Synchronization

/// What the steps of one execution share, also those side by side: the cluster, the names on it, and the ledger of what happened.
final class ScenarioRun: Sendable {
    let scenario: Scenario
    let cluster: any Cluster
    let layers: ClientLayers
    let names: RunNames
    let seed: UInt64
    let ledger: ScenarioLedger
    let interruption: Interruption
    /// Those that outlive their steps.
    let members = MemberRegistry()
    let producers = ProducerRegistry()
    /// Sees the ends of logs as those do who read committed records; nil before it is asked for.
    let committedAdmin = Mutex<AdminClient?>(nil)
    /// Whether a program that is none of the scenario's writes and reads, too.
    let hasCompanion: Bool
    private let waits: WaitBoard?
    /// How many bytes the scenario may send, and how many it has sent.
    private let maximumBytes: Int64
    private let sentBytes = Atomic<Int64>(0)
    /// What the steps took from records so far.
    let late: LateSteps
    /// Which groups have to miss members.
    let absences: [String: Absences]
    let topics = TopicRegistry()
    let topicNews = TopicNews()
    /// Tells what happens; nil where nobody listens.
    let events: EventTeller?
    /// The ids of the members that the steps have had, by which others are told apart from them.
    private let memberIDs = Mutex<Set<String>>([])

    init(
        scenario: Scenario, cluster: any Cluster, options: RunOptions, names: RunNames, seed: UInt64,
        startedAt: Int64 = WallClock.millisecondsSince1970(), began: ContinuousClock.Instant = .now,
        interruption: Interruption
    ) {
        self.scenario = scenario
        self.cluster = cluster
        layers = ClientLayers(cluster: cluster, commandLine: options.properties)
        self.names = names
        self.seed = seed
        ledger = ScenarioLedger(seed: seed)
        late = LateSteps(scenario, run: .init(seed: seed, startedAt: startedAt), running: options.steps)
        absences = scenario.absences
        self.interruption = interruption
        hasCompanion = options.companion != nil || cluster.isStanding
        waits = options.waits
        maximumBytes = options.maximumBytes
        events = options.onEvent.map { [topics] in
            EventTeller(since: began, nameOfTopic: { topics.name(ofActual: $0) }, $0)
        }
    }

    /// Takes the bytes of a message off what may be sent; false where it is too many.
    func takesBytes(_ bytes: Int) -> Bool {
        sentBytes.add(Int64(bytes), ordering: .relaxed).newValue <= maximumBytes
    }

    /// Says what a step waits for from now on.
    func wait(
        _ what: String, step: Step, howFar: @escaping @Sendable () -> String = { "" },
        amount: @escaping @Sendable () -> WaitBoard.Amount? = { nil }
    ) {
        let secrets = scenario.secrets
        waits?.begin(
            secrets.masked("\(step.path.position(of: scenario.numberedSteps)): \(step.title): \(what)"),
            of: step.path.description, howFar: { secrets.masked(howFar()) }, amount: amount,
            trouble: { [watch = cluster.watch] in secrets.masked(watch?.reason ?? "") })
    }

    /// Says that a step has begun, which may wait for nothing.
    func begin(_ step: Step) {
        waits?.begin(
            scenario.secrets.masked("\(step.path.position(of: scenario.numberedSteps)): \(step.title)"),
            of: step.path.description, isWait: false)
    }

    /// A step waits for nothing any more.
    func endWait(of step: Step) { waits?.end(of: step.path.description) }

    // MARK: Members

    func remember(members: Set<String>) { memberIDs.withLock { $0.formUnion(members) } }

    /// Whether a member with this id was started by one of the steps.
    func isOwn(member: String) -> Bool { memberIDs.withLock { $0.contains(member) } }

    // MARK: Names

    func register(
        _ topic: TopicDeclaration, partitions: Int, cleanupPolicy: String? = nil, isMadeByStep: Bool = false
    ) {
        let index = ledger.addTopic(
            topic.name, partitions: partitions, createdHere: !topic.existing,
            companion: hasCompanion ? cluster.isStanding ? "who uses the cluster" : "the command of --with" : nil)
        let policy = topic.config.last { $0.name == "cleanup.policy" }?.value
        topics.register(
            TopicRegistry.Topic(
                declaration: topic, index: index, actual: actualName(of: topic), partitions: partitions,
                partitionsToCome: partitions, cleanupPolicy: cleanupPolicy, isMadeByStep: isMadeByStep,
                compacting: policy?.contains("compact") == true ? policy : nil))
        events?.tell(.topic(topic.name, partitions: partitions))
    }

    func actualName(of topic: TopicDeclaration) -> String {
        topic.existing ? topic.name : names.actual(topic.name)
    }

    func topicIndex(_ topic: String) -> Int { topics[topic].index }
    func actualName(_ topic: String) -> String { topics[topic].actual }
    /// By its index in the ledger.
    func actualName(ofTopic index: Int) -> String { topics.actualName(ofIndex: index) }
    func partitionCount(_ topic: String) -> Int { topics[topic].partitions }

    /// How many a topic of the scenario's own has, also where a broker has not heard of the last ones yet; nil for one that others may change.
    func ownPartitionCount(_ topic: String) -> Int? {
        topics.find(topic).flatMap { $0.declaration.existing || !$0.isThere ? nil : $0.partitions }
    }

    // MARK: Topics that change

    /// There are so many partitions now.
    func topicGrew(_ name: String, to count: Int) {
        topics.update(name) { topic in
            topic.partitions = max(count, topic.partitions)
            topic.partitionsToCome = max(topic.partitions, topic.partitionsToCome)
        }
        ledger.grow(topic: topicIndex(name), to: count)
        members.topicHas(actualName(name), partitions: count)
        events?.tell(.topic(name, partitions: count))
        topicNews.tell()
    }

    /// It is there, perhaps once more.
    func topicChanged(_ name: String) {
        members.topicHas(actualName(name), partitions: partitionCount(name))
        topicNews.tell()
    }

    /// It is there no more.
    func topicDeleted(_ name: String) {
        topics.update(name) { $0.isThere = false }
        members.topicHas(actualName(name), partitions: 0)
        events?.tell(.topic(name, partitions: 0))
        topicNews.tell(isDeletion: true)
    }

    func topicConfigured(_ name: String, _ configs: [TopicStep.Config]) {
        topics.update(name) { topic in
            topic.declaration = topic.declaration.changed(by: configs)
            if let policy = configs.last(where: { $0.name == "cleanup.policy" })?.value, policy.contains("compact") {
                topic.compacting = policy
            }
        }
    }

    func isExistingGroup(_ group: String) -> Bool {
        // Kafka tells names apart by their bytes; Swift's == takes some different ones for the same.
        cluster.isStanding || scenario.groups.contains { $0.existing && $0.name.utf8.elementsEqual(group.utf8) }
    }

    func actualGroup(_ group: String) -> String {
        isExistingGroup(group) ? group : names.actual(group)
    }

    // MARK: Judging

    /// Why records may have been removed from the middle of a topic's logs; nil when they may not. What retention removes is
    /// seen by where the logs begin.
    func removalReason(_ name: String) -> String? {
        guard let topic = topics.find(name) else { return nil }
        if topic.declaration.existing {
            guard let policy = topic.cleanupPolicy else {
                return "the cleanup.policy of \(name), which existed before, is not known"
            }
            return policy.contains("compact") ? "the cleanup.policy of \(name) is \(policy)" : nil
        }
        guard let policy = topic.compacting else { return nil }
        let now = topic.declaration.config.last { $0.name == "cleanup.policy" }?.value
        return "the cleanup.policy of \(name) \(now == policy ? "is" : "was") \(policy)"
    }

    /// Topic → what makes its broker remove messages, and how to keep them.
    var retention: [String: String] {
        Dictionary(
            topics.present.compactMap { topics.find($0) }.map { topic in
                let name = topic.declaration.name
                let existed = "retention is up to the configs of \(name), which existed before"
                return (
                    name, topic.removal ?? (topic.declaration.existing ? existed : topic.declaration.retentionSentence)
                )
            }, uniquingKeysWith: { first, _ in first })
    }

    // MARK: Diagnostics

    func diagnostic(
        _ kind: Diagnostic.Kind, _ title: String, step: Step, of field: String? = nil, label: String = "",
        notes: [String]
    ) -> Diagnostic {
        Diagnostic(
            kind, title, at: step.place(of: field),
            context: scenario.context(of: step),
            label: label, notes: notes)
    }

    func trouble(_ title: String, _ error: KafkaError, step: Step) -> RunStop {
        .trouble(
            diagnostic(
                .runtime, title, step: step,
                notes: ["\(error.name) while \(error.activity): \(error.reason)"] + hints(for: error)
                    + recentTrouble()))
    }

    /// What to do about an error; where nobody answered, only what is known to be wrong.
    func hints(for error: KafkaError) -> [String] {
        let isSilence = error.isTimeout || error.isCancelled || ["_TRANSPORT", "_RESOLVE"].contains(error.name)
        guard isSilence, cluster.watch?.sentence == nil else { return Hints.notes(for: error) }
        return Hints.notes(for: error) + cluster.unreachable.prefix(1).map(\.sentence)
    }

    func unrenderable(_ message: UnrenderableMessage, template: MessageTemplate, step: Step) -> Diagnostic {
        let place = (template.node[message.field] ?? template.node).place
        let what = message.value.map { "\($0)" } ?? "no number: it overflows or divides by zero"
        let notes =
            message.field == "timestamp" && message.value != nil
            ? ["a timestamp is at least 1, in milliseconds since 1970-01-01 UTC"] : []
        return Diagnostic(
            .runtime, "\(message.field) of message \(message.index) cannot be sent", at: place,
            context: scenario.context(of: step),
            label: "with index \(message.index) it is \(what)", notes: notes)
    }

    func tooManyBytes(_ template: MessageTemplate, step: Step) -> Diagnostic {
        Diagnostic(
            .runtime, "the scenario sends more than \(Units.text(bytes: maximumBytes))",
            at: (template.node["count"] ?? template.node).place.firstScalar,
            context: scenario.context(of: step),
            label: "with these messages it is more", notes: scenario.waysToSendMore)
    }

    /// That the cluster answers no more, or what librdkafka reported on its own lately, the newest last; as notes.
    func recentTrouble() -> [String] {
        // What else was said is of no account then.
        if let sentence = cluster.watch?.sentence { return [sentence] }
        var seen: Set<String> = []
        return cluster.log.errors.suffix(20).reversed()
            .filter { seen.insert($0.name + $0.reason.prefix(40)).inserted }
            .prefix(2).reversed()
            .map { "librdkafka: \($0.name): \($0.plainReason)" }
    }
}

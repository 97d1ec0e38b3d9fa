public import KrunConnection
public import KrunDiagnostics
public import KrunKafka
public import KrunOutcome
import KrunScenario

/// What runs that were killed left on a broker: topics and groups whose names krun made.
public struct Leftovers: Sendable {
    public struct Entry: Hashable, Sendable {
        /// The name on the broker.
        public let name: String
        /// Since the run that made it started.
        public let age: Duration
    }

    public let topics: [Entry]
    public let groups: [Entry]
    private let cluster: KafkaCluster
    private let interruption: Interruption

    public var isEmpty: Bool { topics.isEmpty && groups.isEmpty }

    /// Looks for leftovers whose run started at least `age` ago.
    ///
    /// - Parameters:
    ///   - waits: told what is waited for, here and when they are deleted.
    ///   - tell: told when the broker answers no more, and when it does again.
    /// - Throws: a run-time diagnostic when the broker cannot be reached or refuses to tell.
    public static func find(
        bootstrap: String, properties: ClientProperties, olderThan age: Duration, log: ClientLog = ClientLog(),
        interruption: Interruption, waits: WaitBoard? = nil, tell: (@Sendable (ClusterNotice) -> Void)? = nil
    ) throws(Diagnostic) -> Leftovers {
        let cluster: KafkaCluster
        do {
            cluster = try KafkaCluster(
                bootstrap: bootstrap, chosenBy: "--brokers", properties: properties, log: log,
                connect: Timeouts().connect,
                words: .init(
                    budget: "as long as krun clean does",
                    nothingListens: ["nothing listens there: start the broker, or check host and port"]),
                interruption: interruption, waits: waits, tell: tell)
        } catch {
            if case .trouble(let diagnostic) = error { throw diagnostic }
            throw Diagnostic(.runtime, "interrupted before the broker answered")
        }
        do {
            let (topics, groups) = try cluster.adminHold.with(patience(cluster, interruption)) {
                () throws(KafkaError) in
                (
                    try cluster.admin.metadata(timeout: Budget.cleanUp).topics.map(\.name),
                    try cluster.admin.listGroups(timeout: Budget.cleanUp)
                )
            }
            let now = WallClock.millisecondsSince1970() / 1000
            return Leftovers(
                topics: entries(topics, olderThan: age, now: now), groups: entries(groups, olderThan: age, now: now),
                cluster: cluster, interruption: interruption)
        } catch {
            let reason = cluster.watch?.sentence ?? "\(error.name): \(error.reason)"
            throw Diagnostic(
                .runtime, "cannot list what is on the broker",
                notes: [reason] + Hints.notes(for: error) + cluster.unreachable.prefix(1).map(\.sentence))
        }
    }

    /// Deletes them all; gives up where nothing answers.
    public func delete() -> CleanupOutcome {
        let owned = OwnedNames(topics: topics.map(\.name), groups: groups.map(\.name))
        return cluster.adminHold.with(Self.patience(cluster, interruption)) {
            Cleaner.delete(owned, admin: cluster.admin)
        }
    }

    private static func patience(_ cluster: KafkaCluster, _ interruption: Interruption) -> Patience {
        Patience(
            budget: Budget.cleanUp * 2, earliest: .now + Budget.silenceOfCleanUp, silence: Budget.silenceOfCleanUp,
            watch: cluster.watch, interruption: interruption)
    }

    static func entries(_ names: [String], olderThan age: Duration, now: Int64) -> [Entry] {
        names.sorted().compactMap { name in
            // A day ahead is more than clocks differ.
            guard let started = RunNames.secondsSince1970(of: name), started <= now + 86_400 else { return nil }
            let own = Duration.seconds(max(0, now - started))
            return own >= age ? Entry(name: name, age: own) : nil
        }
    }
}

/// What waits of krun's own may take, which no field of a scenario sets.
package enum Budget {
    /// To commit what was read, and to leave the group, from when reading ended.
    package static let commit = Duration.seconds(15)
    package static let leave = Duration.seconds(10)
    /// To commit when partitions are taken away; the next owner waits meanwhile.
    package static let revocation = Duration.seconds(2)
    /// For librdkafka to report what it was told to give up.
    package static let purge = Duration.seconds(3)
    /// To begin with transactions, to put offsets into one, to commit or to abort it; each of them.
    package static let transaction = Duration.seconds(30)
    /// To abort all transactions that a run leaves open.
    package static let abort = Duration.seconds(10)
    /// For the leaders of partitions to write down that a transaction has ended.
    package static let markers = Duration.seconds(5)
    /// For a cluster to show a change of a topic that it has agreed to.
    package static let topicChange = Duration.seconds(5)
    /// For a cluster that compacts when it likes to have compacted a topic.
    package static let compaction = Duration.seconds(90)
    /// To delete what a run made.
    package static let cleanUp = Duration.seconds(15)

    /// Who answers nothing for so long is not expected to, once the budget of a step has run out.
    package static let silence = Duration.seconds(2)
    /// The same for clean-up, which is worth waiting for.
    package static let silenceOfCleanUp = Duration.seconds(5)
    /// What a silent cluster is given all the same.
    static let grace = Duration.milliseconds(500)
    /// After somebody asked for the end: to leave the group, and to begin with the last of the clean-up.
    package static let hurriedLeave = Duration.milliseconds(700)
    package static let hurriedCleanUp = Duration.milliseconds(1200)
}

/// How long something is waited for: the whole budget while the cluster answers anybody, and much less where it does not or where
/// somebody wants the end.
package struct Patience: Sendable {
    private let deadline: Deadline
    private let earliest: ContinuousClock.Instant
    private let silence: Duration
    private let hurried: Duration
    private let watch: ClusterWatch?
    private let interruption: Interruption

    /// - Parameters:
    ///   - earliest: a silent cluster is not given up before; nil: before a moment has passed.
    ///   - silence: what makes a cluster a silent one.
    ///   - hurried: how long after somebody asked for the end a silent cluster is waited for.
    package init(
        budget: Duration, earliest: ContinuousClock.Instant? = nil, silence: Duration = Budget.silence,
        hurried: Duration = Budget.hurriedLeave, watch: ClusterWatch?, interruption: Interruption
    ) {
        deadline = Deadline(after: budget)
        self.earliest = max(earliest ?? .now, .now + Budget.grace)
        self.silence = silence
        self.hurried = hurried
        self.watch = watch
        self.interruption = interruption
    }

    package var elapsed: Duration { deadline.elapsed }
    package var remaining: Duration { deadline.remaining }

    package var isOver: Bool {
        if deadline.hasPassed { return true }
        guard let watch else { return false }
        if let age = interruption.age, age >= hurried, watch.isSilent(for: .milliseconds(700)) { return true }
        return ContinuousClock.now >= earliest && watch.isSilent(for: silence)
    }

    /// The same for what a living cluster answers at once: it is over, too, soon after somebody asked for the end.
    package var isOverOrHurried: Bool {
        interruption.age.map { $0 >= hurried && elapsed >= .milliseconds(100) } ?? false || isOver
    }
}

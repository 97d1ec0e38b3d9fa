public import KrunSecrets

/// Something that happened while a scenario ran, told when it happened.
public struct RunEvent: Hashable, Sendable {
    /// Since the scenario began.
    public var time: Duration
    /// The step that it belongs to; nil for what no step does.
    public var step: StepPath?
    public var kind: Kind

    public enum Kind: Hashable, Sendable {
        /// A topic is there with so many partitions, or has so many by now; 0 when it is deleted.
        case topic(String, partitions: Int)
        case stepStarted(title: String, note: String?)
        case stepEnded
        /// A message was acknowledged; its offset is -1 where none is known, as with `acks: 0`.
        ///
        /// - Parameter producer: its name in the file; nil for the step's own.
        case sent(RecordOutcome, producer: String?)
        /// A message was not acknowledged, with Kafka's name of the error.
        case notSent(RecordOutcome, error: String)
        case read(RecordOutcome, by: Member)
        /// The member owns these partitions from now on, as well as those that it had.
        case assigned(Member, [Partition])
        case revoked(Member, [Partition], isLost: Bool)
        /// The member is gone: it has left its group, or crashed.
        ///
        /// - Parameter isAway: whether it is a static one that did neither: its group keeps its place until its session ends.
        case ended(Member, hasCrashed: Bool, isAway: Bool = false)
        /// Where a group goes on; nobody's doing where a step reset it.
        case committed(Member, [Partition: Int64])
        /// - Parameters:
        ///   - producer: its name in the file, or else its transactional id; nil where the file gives neither.
        ///   - isCommit: whether it was committed; otherwise it was aborted.
        case transactionEnded(producer: String?, isCommit: Bool)
        case fault(Fault)
    }

    /// Who reads.
    public struct Member: Hashable, Sendable {
        /// The name in the file; nil for one that reads by assignment.
        public var group: String?
        /// The name in the file; nil for none in particular.
        public var name: String?

        public init(group: String?, name: String?) {
            self.group = group
            self.name = name
        }
    }

    /// A partition, by the name of its topic in the file.
    public struct Partition: Hashable, Comparable, Sendable {
        public var topic: String
        public var number: Int32

        public init(_ topic: String, _ number: Int32) {
            self.topic = topic
            self.number = number
        }

        public static func < (a: Partition, b: Partition) -> Bool { (a.topic, a.number) < (b.topic, b.number) }
    }

    /// What the embedded cluster suffers.
    public struct Fault: Hashable, Sendable {
        /// As in the file: `broker-down`.
        public var kind: String
        public var sentence: String
        /// How long it lasts; nil until it has struck as often as it is to, or until it is healed.
        public var lasting: Duration?
        /// How often it strikes; nil for always.
        public var times: Int?
        /// The broker that is down or up again; nil where it is about none.
        public var broker: Int32?
        /// Of one that heals: which kind it ends, nil for all.
        public var heals: String?

        public init(
            kind: String, sentence: String, lasting: Duration?, times: Int? = nil, broker: Int32?, heals: String?
        ) {
            self.kind = kind
            self.sentence = sentence
            self.lasting = lasting
            self.times = times
            self.broker = broker
            self.heals = heals
        }
    }

    public init(time: Duration, step: StepPath?, kind: Kind) {
        self.time = time
        self.step = step
        self.kind = kind
    }
}

extension RunEvent.Kind {
    /// Whose doing it is; nil for nobody's.
    public var member: RunEvent.Member? {
        switch self {
        case .read(_, let member), .assigned(let member, _), .revoked(let member, _, _), .ended(let member, _, _),
            .committed(let member, _):
            member
        case .topic, .stepStarted, .stepEnded, .sent, .notSent, .transactionEnded, .fault: nil
        }
    }
}

extension RunEvent {
    /// How a transaction ended, in a sentence; see `Kind.transactionEnded`.
    public static func sentence(ofTransactionBy producer: String?, isCommit: Bool) -> String {
        "the transaction\(producer.map { " of \($0)" } ?? "") is \(isCommit ? "committed" : "aborted")"
    }

    /// The same with `***` for each secret.
    public func masked(by secrets: Secrets) -> RunEvent {
        if secrets.isEmpty { return self }
        var masked = self
        switch kind {
        case .topic(let name, let partitions): masked.kind = .topic(secrets.masked(name), partitions: partitions)
        case .stepStarted(let title, let note):
            masked.kind = .stepStarted(title: secrets.masked(title), note: note.map { secrets.masked($0) })
        case .stepEnded: break
        case .sent(let record, let producer):
            masked.kind = .sent(record.masked(by: secrets), producer: producer.map { secrets.masked($0) })
        case .notSent(let record, let error): masked.kind = .notSent(record.masked(by: secrets), error: error)
        case .read(let record, let member):
            masked.kind = .read(record.masked(by: secrets), by: member.masked(by: secrets))
        case .assigned(let member, let partitions):
            masked.kind = .assigned(member.masked(by: secrets), partitions.map { $0.masked(by: secrets) })
        case .revoked(let member, let partitions, let isLost):
            masked.kind = .revoked(
                member.masked(by: secrets), partitions.map { $0.masked(by: secrets) }, isLost: isLost)
        case .ended(let member, let hasCrashed, let isAway):
            masked.kind = .ended(member.masked(by: secrets), hasCrashed: hasCrashed, isAway: isAway)
        case .committed(let member, let offsets):
            masked.kind = .committed(
                member.masked(by: secrets),
                Dictionary(offsets.map { ($0.key.masked(by: secrets), $0.value) }, uniquingKeysWith: { $1 }))
        case .transactionEnded(let producer, let isCommit):
            masked.kind = .transactionEnded(producer: producer.map { secrets.masked($0) }, isCommit: isCommit)
        case .fault(var fault):
            fault.sentence = secrets.masked(fault.sentence)
            masked.kind = .fault(fault)
        }
        return masked
    }
}

extension RunEvent.Member {
    fileprivate func masked(by secrets: Secrets) -> RunEvent.Member {
        .init(group: group.map { secrets.masked($0) }, name: name.map { secrets.masked($0) })
    }
}

extension RunEvent.Partition {
    fileprivate func masked(by secrets: Secrets) -> RunEvent.Partition { .init(secrets.masked(topic), number) }
}

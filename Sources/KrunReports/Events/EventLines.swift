import KrunDiagnostics
import KrunJSON
public import KrunOutcome

/// What happens in a run as JSON lines, in the vocabulary of Kafka's own verifiable clients where that has a word: `producer_send_success`,
/// `producer_send_error`, `record_data`, `partitions_assigned`, `partitions_revoked`, `offsets_committed`, `shutdown_complete`
/// (org.apache.kafka.tools.VerifiableProducer and VerifiableConsumer, with their field names).
///
/// Each line is whole by itself and has `timestamp` (milliseconds since 1970), `name` and `file`.
public struct EventLines: Sendable {
    private let file: String
    private let scenario: String
    /// When the scenario began, in milliseconds since 1970.
    private let startedAt: Int64

    public init(file: String, scenario: String, startedAt: Int64) {
        self.file = file
        self.scenario = scenario
        self.startedAt = startedAt
    }

    /// That the scenario begins.
    public func started() -> String { line("scenario_started", at: .zero, step: nil) { _ in } }

    /// What it came to.
    public func ended(_ outcome: ScenarioOutcome) -> String {
        line("scenario_ended", at: outcome.duration, step: nil) { object in
            object.add("status", outcome.status.rawValue)
            object.add("skipReason", outcome.skipReason)
            object.add("duration", outcome.duration)
            object.add("seed", outcome.seed.map { String($0) })
            let problems = outcome.diagnostics + outcome.allSteps.flatMap(\.diagnostics)
            object.add("problems", problems.filter { $0.kind != .warning }.map(\.title))
        }
    }

    /// The event, ended by a line end.
    public func line(_ event: RunEvent) -> String {
        line(Self.name(of: event.kind), at: event.time, step: event.step) { object in
            switch event.kind {
            case .topic(let name, let partitions):
                object.add("topic", name)
                object.add("partitions", partitions)
            case .stepStarted(let title, let note):
                object.add("title", title)
                object.add("note", note)
            case .stepEnded: break
            case .sent(let record, let producer):
                object.add("producer", producer)
                Self.add(record, to: &object)
            case .notSent(let record, let error):
                Self.add(record, to: &object)
                object.add("exception", error)
            case .read(let record, let member):
                Self.add(member, to: &object)
                Self.add(record, to: &object)
            case .assigned(let member, let partitions):
                Self.add(member, to: &object)
                object.add("partitions", partitions.map(Self.object))
            case .revoked(let member, let partitions, let isLost):
                Self.add(member, to: &object)
                object.add("partitions", partitions.map(Self.object))
                if isLost { object.add("lost", true) }
            case .ended(let member, let hasCrashed, let isAway):
                Self.add(member, to: &object)
                if hasCrashed { object.add("crashed", true) }
                if isAway { object.add("away", true) }
            case .committed(let member, let offsets):
                Self.add(member, to: &object)
                object.add("success", true)
                object.add(
                    "offsets",
                    offsets.sorted { $0.key < $1.key }.map { partition, offset in
                        var object = Self.object(partition)
                        object.add("offset", offset)
                        return object
                    })
            case .transactionEnded(let producer, let isCommit):
                object.add("producer", producer)
                object.add("committed", isCommit)
            case .fault(let fault):
                object.add("fault", fault.kind)
                object.add("sentence", fault.sentence)
                object.add("for", fault.lasting)
                object.add("broker", fault.broker)
            }
        }
    }

    private func line(
        _ name: String, at time: Duration, step: StepPath?, _ body: (inout JSONMembers) -> Void
    ) -> String {
        var object = JSONMembers()
        object.add("timestamp", startedAt + Amounts.microseconds(time) / 1_000)
        object.add("name", name)
        object.add("file", file)
        object.add("scenario", scenario)
        object.add("step", step?.description)
        body(&object)
        return object.value.text(pretty: false) + "\n"
    }

    private static func name(of kind: RunEvent.Kind) -> String {
        switch kind {
        case .topic(_, let partitions): partitions == 0 ? "topic_deleted" : "topic_ready"
        case .stepStarted: "step_started"
        case .stepEnded: "step_ended"
        case .sent: "producer_send_success"
        case .notSent: "producer_send_error"
        case .read: "record_data"
        case .assigned: "partitions_assigned"
        case .revoked: "partitions_revoked"
        case .ended: "shutdown_complete"
        case .committed: "offsets_committed"
        case .transactionEnded: "transaction_ended"
        case .fault: "fault"
        }
    }

    private static func add(_ member: RunEvent.Member, to object: inout JSONMembers) {
        object.add("group", member.group)
        object.add("member", member.name)
    }

    private static func object(_ partition: RunEvent.Partition) -> JSONMembers {
        var object = JSONMembers()
        object.add("topic", partition.topic)
        object.add("partition", partition.number)
        return object
    }

    private static func add(_ record: RecordOutcome, to object: inout JSONMembers) {
        object.add("topic", record.topic)
        object.add("partition", record.partition)
        object.add("offset", record.offset >= 0 ? record.offset : nil)
        object.add("key", payload(record.key))
        object.add("value", payload(record.value))
        if !record.headers.isEmpty {
            object.add(
                "headers",
                record.headers.map { header in
                    var object = JSONMembers()
                    object.add("key", header.key)
                    object.add("value", payload(header.value))
                    return object
                })
        }
    }

    /// As a text, or as `{ "base64" }` where they are none; null for none.
    private static func payload(_ bytes: [UInt8]?) -> JSONValue { .payload(bytes) }
}

/// `{ "fault": "broker-down", … }`: what the embedded cluster suffers.
public struct FaultStep: Sendable {
    /// What happens.
    public let fault: Fault
    /// How many requests suffer; nil for all, and for what is no matter of requests.
    public let times: Int?
    /// How long it lasts; nil until it is healed.
    public let lasting: Duration?
    /// How often it must have struck; nil where nothing is expected.
    public let applied: Matcher?

    public enum Fault: Hashable, Sendable {
        case brokerDown(Int32)
        case brokerUp(Int32)
        /// - Parameter to: nil for another replica that is in sync.
        case moveLeader(topic: String, partition: Int32, to: Int32?)
        case moveGroupCoordinator(group: String, to: Int32)
        case moveTransactionCoordinator(id: String, to: Int32)
        /// Requests are answered with the error, and not performed.
        case fail(Requests, error: String)
        /// Answers come so much later.
        case delay(Requests, by: Duration)
        /// Records are appended, and their producer never hears of it.
        case loseAcknowledgement(Requests)
        case loseHeartbeats(Requests)
        /// Connections end instead of an answer.
        case disconnect(Requests)
        /// - Parameter kind: which faults; nil for all.
        case heal(kind: String?)
    }

    /// Which requests suffer; what is nil is all.
    public struct Requests: Hashable, Sendable {
        /// Kafka's name.
        public var request: String?
        /// The name in the file.
        public var topic: String?
        public var partition: Int32?
        /// The name in the file.
        public var group: String?
        /// The name of a member or a producer.
        public var client: String?
    }

    /// Its name in a file.
    public var kind: String {
        switch fault {
        case .brokerDown: "broker-down"
        case .brokerUp: "broker-up"
        case .moveLeader: "move-leader"
        case .moveGroupCoordinator, .moveTransactionCoordinator: "move-coordinator"
        case .fail: "fail"
        case .delay: "delay"
        case .loseAcknowledgement: "lose-acknowledgement"
        case .loseHeartbeats: "lose-heartbeats"
        case .disconnect: "disconnect"
        case .heal: "heal"
        }
    }

    /// As a sentence: `broker 2 is down for 5s`.
    public var sentence: String {
        var text: String
        switch fault {
        case .brokerDown(let broker): text = "broker \(broker) down"
        case .brokerUp(let broker): text = "broker \(broker) up"
        case .moveLeader(let topic, let partition, let to):
            text = "leader of \(topic)/\(partition) moves" + (to.map { " to \($0)" } ?? "")
        case .moveGroupCoordinator(let group, let to): text = "coordinator of \(group) moves to \(to)"
        case .moveTransactionCoordinator(let id, let to): text = "coordinator of \(id) moves to \(to)"
        case .fail(let requests, let error): text = "\(requests.sentence("every request")) fails: \(error)"
        case .delay(let requests, let by): text = "\(requests.sentence("every answer")) \(Units.text(by)) late"
        case .loseAcknowledgement(let requests): text = "lost acknowledgement\(requests.place)"
        case .loseHeartbeats(let requests): text = "lost heartbeats\(requests.place)"
        case .disconnect(let requests): text = "disconnect" + (requests.client.map { " \($0)" } ?? " all")
        case .heal(let kind): text = "heal" + (kind.map { " \($0)" } ?? "")
        }
        if let times { text += times == 1 ? ", once" : ", \(times) times" }
        if let lasting { text += ", for \(Units.text(lasting))" }
        return text
    }
}

extension FaultStep.Requests {
    fileprivate func sentence(_ all: String) -> String { (request ?? all) + place }

    /// Such as ` of orders/0`.
    fileprivate var place: String {
        var text = ""
        if let topic { text += " of \(topic)" + (partition.map { "/\($0)" } ?? "") }
        if topic == nil, let partition { text += " of partition \(partition)" }
        if let group { text += " of \(group)" }
        if let client { text += " from \(client)" }
        return text
    }
}

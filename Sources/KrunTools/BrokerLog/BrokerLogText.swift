import KrunBroker
import KrunReports

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The words of the broker's log; not yet fit for a terminal, for clients chose some of them.
enum BrokerLogText {
    // MARK: Clients

    static func connected(_ client: ConnectedClients.Client) -> String {
        let software = client.software.isEmpty ? "" : " (\(client.software))"
        return "\(named(client.id))\(software) connected from \(client.peer)"
    }

    /// Nil for a stranger who left by himself, or whose request was told as not served.
    static func closed(_ closing: ConnectedClients.Closing, reason: String) -> String? {
        let why = reason == BrokerEvent.closedByClient ? "" : ": \(reason)"
        switch closing {
        case .client(let client): return "\(named(client.id)) disconnected\(why)"
        case .stranger(let peer):
            return why.isEmpty || reason == BrokerEvent.closedAsNotServed
                ? nil : "a connection from \(peer) that never said whose it is was closed\(why)"
        }
    }

    /// The client itself learns only that its connection was closed.
    static func notServed(_ unserved: BrokerEvent.UnservedRequest) -> String {
        let who = unserved.client == nil ? "a client at \(unserved.peer)" : named(unserved.client)
        return
            "\(who) asked for \(unserved.request) v\(unserved.version); \(unserved.servedText); its connection is closed"
    }

    /// The client may say nothing of it and wait.
    static func protocolNotServed(group: String, client: String?) -> String {
        "\(named(client)) asked for the group protocol consumer in \(named(group: group)); this broker has the classic one: "
            + "set group.protocol=classic"
    }

    private static func named(_ client: String?) -> String {
        guard let client, !client.isEmpty else { return "a client without client.id" }
        return "client \(cut(client))"
    }

    private static func by(_ client: String?) -> String { client == nil ? "" : " by \(named(client))" }

    // MARK: Topics

    static func topic(_ event: BrokerEvent.Kind) -> String {
        switch event {
        case .topicCreated(let topic, let partitions, let client, let isAutomatic):
            let count = Amounts.count(Int(partitions), "partition")
            return isAutomatic
                ? "topic \(topic): created with \(count), because \(named(client)) asked for it"
                : "topic \(topic): created with \(count)\(by(client))"
        case .partitionsAdded(let topic, let partitions, let client):
            return "topic \(topic): has \(Amounts.count(Int(partitions), "partition")) now, made\(by(client))"
        case .topicDeleted(let topic, let client): return "topic \(topic): deleted\(by(client))"
        case .recordsDeleted(let topic, let partition, let offset, let client):
            return "topic \(topic): what was before offset \(offset) of partition \(partition) deleted\(by(client))"
        default: return "\(event)"
        }
    }

    static func configs(_ change: BrokerEvent.ConfigsChange) -> String {
        let thing =
            switch change.resource {
            case .topic(let topic): "topic \(topic)"
            case .broker(let id): "broker \(id)"
            case .allBrokers: "all brokers"
            }
        let changes = change.changes.map { "\(cut($0.name)) = \($0.value.map(cut) ?? "(default)")" }
        return "\(thing): configs changed\(by(change.client)): \(changes.joined(separator: ", "))"
    }

    static func memory(_ limit: Int) -> String {
        "messages refused: the logs take all the memory that they may, \(Amounts.number(limit >> 20)) MiB"
    }

    // MARK: Groups

    static func group(of event: BrokerEvent.Kind) -> String? {
        switch event {
        case .memberJoined(let group, _, _), .memberLeft(let group, _, _), .groupChanged(let group, _, _, _),
            .offsetsDeleted(let group, _), .groupDeleted(let group):
            group
        case .rebalanceStarted(let rebalance): rebalance.group
        case .partitionsAssigned(let assignment): assignment.group
        default: nil
        }
    }

    /// Nil for what another line tells.
    static func group(_ event: BrokerEvent.Kind) -> String? {
        switch event {
        case .memberJoined(let group, let name, _): return "\(named(group: group)): member \(member(name)) joined"
        case .memberLeft(let group, let name, let reason):
            let what = reason.hasPrefix("left") ? reason : "removed: \(reason)"
            return "\(named(group: group)): member \(member(name)) \(what)"
        case .groupChanged(let group, _, "Empty", _): return "\(named(group: group)): no members any more"
        case .groupChanged: return nil
        case .rebalanceStarted(let rebalance): return text(rebalance)
        case .partitionsAssigned(let assignment): return text(assignment)
        case .offsetsDeleted(let group, let partitions):
            return "\(named(group: group)): offsets of \(Amounts.count(partitions, "partition")) deleted"
        case .groupDeleted(let group): return "\(named(group: group)): deleted"
        default: return nil
        }
    }

    /// Nil where a member joined or went, of which there is a line already.
    private static func text(_ rebalance: BrokerEvent.GroupRebalance) -> String? {
        let name = rebalance.members.first.map(member) ?? ""
        let reason = rebalance.reason.map { ": \(cut($0))" } ?? ""
        switch rebalance.cause {
        case .memberJoined, .membersRemoved: return nil
        case .leaderRejoined:
            return "\(named(group: rebalance.group)): rebalances, its leader \(name) joined again\(reason)"
        case .protocolsChanged:
            return
                "\(named(group: rebalance.group)): rebalances, member \(name) joined again with another subscription\(reason)"
        case .assignmentTooLarge:
            return
                "\(named(group: rebalance.group)): rebalances, what its leader \(name) assigned is larger than message.max.bytes"
        }
    }

    private static func text(_ assignment: BrokerEvent.GroupAssignment) -> String {
        var shown = assignment.members.prefix(8).map { given in
            let topics = given.topics.map { topic in
                "\(cut(topic.topic)) \(Amounts.list(topic.partitions.map(String.init)))"
            }
            return "\(member(given.member)) has \(topics.isEmpty ? "nothing" : topics.joined(separator: ", "))"
        }
        if assignment.memberCount > shown.count { shown.append("… \(assignment.memberCount) members in all") }
        return "\(named(group: assignment.group)): generation \(assignment.generation) (\(cut(assignment.assignor))): "
            + shown.joined(separator: "; ")
    }

    static func named(group: String) -> String { "group \(group.isEmpty ? "\"\"" : cut(group))" }

    /// A member's id as it is shown: of the UUID at its end the first digits are enough.
    static func member(_ id: String) -> String {
        let parts = id.suffix(36).split(separator: "-", omittingEmptySubsequences: false)
        let isUUID =
            parts.map(\.count) == [8, 4, 4, 4, 12] && parts.allSatisfy { $0.allSatisfy(\.isHexDigit) }
        return isUUID && id.count > 36 ? cut(String(id.dropLast(36))) + parts[0] + "…" : cut(id)
    }

    private static func cut(_ text: String) -> String { text.count > 80 ? text.prefix(80) + "…" : text }

    // MARK: Transactions

    /// Nil for what is no beginning and no end.
    static func transaction(_ change: BrokerEvent.TransactionChange) -> String? {
        let what: String
        switch (change.to, change.cause) {
        case (_, "initialized"): what = "producer id \(change.producerId), epoch \(change.producerEpoch)"
        case ("Ongoing", _): what = "transaction begun"
        case ("PrepareCommit", _): what = "transaction committed"
        case ("PrepareAbort", "timedOut"): what = "transaction aborted: its timeout passed"
        case ("PrepareAbort", "fenced"): what = "transaction aborted: another producer uses the transactional id now"
        case ("PrepareAbort", _): what = "transaction aborted"
        case ("Dead", _): what = "forgotten, for nothing was heard of it for long"
        default: return nil
        }
        return "transactional id \(cut(change.transactionalId)): \(what)"
    }
}

/// The time of day, for the lines of a log.
enum WallTime {
    /// Such as `14:03:27.120`, in this machine's time zone.
    static func clock(_ milliseconds: Int64) -> String {
        var seconds = time_t(milliseconds / 1000)
        var parts = tm()
        localtime_r(&seconds, &parts)
        let numbers = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded(Int($0), 2) }
        return "\(numbers.joined(separator: ":")).\(padded(Int(milliseconds % 1000), 3))"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

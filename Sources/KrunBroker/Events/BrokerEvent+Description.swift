extension BrokerEvent: CustomStringConvertible {
    /// One line for a log: `1.204567 broker 1: Produce v7 from app #12, 0.4 ms, 120 B in, 60 B out`.
    public var description: String { "\(time.timestamp) \(kind)" }
}

extension BrokerEvent.Kind: CustomStringConvertible {
    public var description: String {
        switch self {
        case .requestServed(let served): served.description
        case .requestNotServed(let unserved): unserved.description
        case .connectionOpened(let broker, let connection, let peer):
            "broker \(broker): connection \(connection) from \(peer.oneLine)"
        case .connectionClosed(let broker, let connection, let reason):
            "broker \(broker): connection \(connection) closed: \(reason.oneLine)"
        case .clientIdentified(let client): client.description
        case .rebalanceStarted(let rebalance): rebalance.description
        case .partitionsAssigned(let assignment): assignment.description
        case .offsetsCommitted(let committed): committed.description
        case .offsetsDeleted(let group, let partitions):
            "group \(group.oneLine): offsets of \(partitions) \(partitions == 1 ? "partition" : "partitions") deleted"
        case .groupProtocolNotServed(let group, let client):
            "group \(group.oneLine): the group protocol consumer was asked for\(Self.by(client)) and is not served"
        case .groupDeleted(let group): "group \(group.oneLine): deleted"
        case .groupChanged(let group, let from, let to, let generation):
            "group \(group.oneLine): \(from) to \(to), generation \(generation)"
        case .memberJoined(let group, let member, let client):
            "group \(group.oneLine): member \(member.oneLine) of client \(client.oneLine) joined"
        case .memberLeft(let group, let member, let reason):
            "group \(group.oneLine): member \(member.oneLine) left: \(reason.oneLine)"
        case .recordsAppended(let appended): appended.description
        case .leaderChanged(let topic, let partition, let from, let to, let epoch):
            "\(topic.oneLine) \(partition): leader \(Self.broker(from)) to \(Self.broker(to)), epoch \(epoch)"
        case .coordinatorMoved(let key, let isTransactional, let from, let to):
            "\(isTransactional ? "transactional id" : "group") \(key.oneLine): coordinator \(from) to \(to)"
        case .brokerStopped(let broker): "broker \(broker): stopped"
        case .brokerStarted(let broker): "broker \(broker): started"
        case .topicCreated(let topic, let partitions, let client, let isAutomatic):
            "\(topic.oneLine): created \(isAutomatic ? "automatically " : "")with \(partitions) "
                + "\(partitions == 1 ? "partition" : "partitions")\(Self.by(client))"
        case .partitionsAdded(let topic, let partitions, let client):
            "\(topic.oneLine): has \(partitions) partitions now\(Self.by(client))"
        case .topicDeleted(let topic, let client): "\(topic.oneLine): deleted\(Self.by(client))"
        case .recordsDeleted(let topic, let partition, let offset, let client):
            "\(topic.oneLine) \(partition): records before \(offset) deleted\(Self.by(client))"
        case .configsChanged(let change): change.description
        case .memoryLimitReached(let topic, let partition, let limit):
            "\(topic.oneLine) \(partition): records refused, the limit of \(limit) B of memory is reached"
        case .faultFired(let id, let rule, let request, let client):
            "\(id) fired on \(request)\(client.map { " from \($0.oneLine)" } ?? ""): \(rule)"
        case .transactionChanged(let change): change.description
        }
    }

    static func by(_ client: String?) -> String { client.map { " by \($0.oneLine)" } ?? "" }

    private static func broker(_ number: Int32?) -> String { number.map(String.init) ?? "none" }
}

extension BrokerEvent.ServedRequest: CustomStringConvertible {
    public var description: String {
        "broker \(broker): \(request) v\(version)\(client.map { " from \($0.oneLine)" } ?? "") #\(correlationId), "
            + "\(latency.shown), \(bytesIn) B in, \(bytesOut) B out\(error.map { ", \($0)" } ?? "")"
    }
}

extension BrokerEvent.UnservedRequest: CustomStringConvertible {
    public var description: String {
        "broker \(broker): \(request) v\(version)\(client.map { " from \($0.oneLine)" } ?? "") is not served: \(servedText)"
    }

    /// Such as `v2 to v9 are served`.
    public var servedText: String {
        guard let servedVersions else { return "no version of it is" }
        let (first, last) = (servedVersions.lowerBound, servedVersions.upperBound)
        return first == last ? "only v\(first) is served" : "v\(first) to v\(last) are served"
    }
}

extension BrokerEvent.AppendedRecords: CustomStringConvertible {
    public var description: String {
        "\(topic.oneLine) \(partition): \(count) \(count == 1 ? "record" : "records") at \(baseOffset), \(bytes) B"
            + (producerId.map { ", producer id \($0)" } ?? "") + (isMarker ? ", a transaction's marker" : "")
    }
}

extension BrokerEvent.TransactionChange: CustomStringConvertible {
    public var description: String {
        "transactional id \(transactionalId.oneLine): \(from) to \(to) (\(cause)), producer id \(producerId), "
            + "epoch \(producerEpoch)"
    }
}

extension String {
    /// Fit for one line of a log, whatever a client sent: control characters replaced, cut after 120 characters.
    var oneLine: String {
        let isPlain = utf8.count <= 120 && utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        if isPlain { return self }
        var text = ""
        for (index, character) in unicodeScalars.enumerated() {
            if index == 120 { return text + "…" }
            let isControl = character.value < 0x20 || (0x7F...0x9F).contains(character.value)
            let breaksLine = character.value == 0x2028 || character.value == 0x2029
            text.unicodeScalars.append(isControl || breaksLine ? "\u{FFFD}" : character)
        }
        return text
    }

    /// Not more than 256 bytes of it, so that what is remembered does not grow with what a client sends.
    var bounded: String {
        guard utf8.count > 256 else { return self }
        return String(decoding: utf8.prefix(256), as: UTF8.self)
    }
}

extension Duration {
    /// `1.204 s`, or `0.42 ms` below a second.
    var shown: String {
        let (seconds, attoseconds) = components
        if seconds != 0 { return "\(Self.decimal(seconds, attoseconds / 1_000_000_000_000, digits: 6)) s" }
        let nanoseconds = attoseconds / 1_000_000_000
        return "\(Self.decimal(nanoseconds / 1_000_000, nanoseconds % 1_000_000, digits: 6, least: 0, keep: 3)) ms"
    }

    /// Seconds with six decimals: `1.204567`.
    var timestamp: String {
        Self.decimal(components.seconds, components.attoseconds / 1_000_000_000_000, digits: 6, least: 6, keep: 6)
    }

    private static func decimal(
        _ whole: Int64, _ fraction: Int64, digits: Int, least: Int = 0, keep: Int = 3
    ) -> String {
        let sign = whole < 0 || fraction < 0 ? "-" : ""
        var text = String(fraction.magnitude)
        text = String((String(repeating: "0", count: max(0, digits - text.count)) + text).prefix(keep))
        while text.count > least, text.last == "0" { text.removeLast() }
        return "\(sign)\(whole.magnitude)\(text.isEmpty ? "" : ".")\(text)"
    }
}

import KrunBroker
import KrunJSON
import KrunReports

/// An event of a cluster as a line of JSON, in the names of Kafka's own verifiable clients where they have a word, as the lines of `--report jsonl`.
enum BrokerEventLine {
    /// - Parameter time: in milliseconds since 1970.
    /// - Returns: the line with its line end.
    static func text(_ event: BrokerEvent.Kind, at time: Int64) -> String {
        let (name, fields) = parts(event)
        return line(name, at: time, fields)
    }

    /// That a reader who was too slow has missed some.
    static func missing(_ count: Int, at time: Int64) -> String {
        line("events_missing", at: time, JSONMembers().with("count", count))
    }

    private static func line(_ name: String, at time: Int64, _ fields: JSONMembers) -> String {
        let head = [JSONValue.Member("timestamp", .integer(time)), JSONValue.Member("name", .string(name))]
        return JSONValue.object(head + fields.members).text(pretty: false) + "\n"
    }

    private static func parts(_ event: BrokerEvent.Kind) -> (String, JSONMembers) {
        let none = JSONMembers()
        switch event {
        case .requestServed(let served): return ("request_served", fields(served))
        case .requestNotServed(let unserved): return ("request_not_served", fields(unserved))
        case .groupProtocolNotServed(let group, let client):
            return ("group_protocol_not_served", none.with("group", group).with("client", client))
        case .connectionOpened(let broker, let connection, let peer):
            return ("connection_opened", none.with("broker", broker).with("connection", connection).with("peer", peer))
        case .connectionClosed(let broker, let connection, let reason):
            return (
                "connection_closed", none.with("broker", broker).with("connection", connection).with("reason", reason)
            )
        case .clientIdentified(let client): return ("client_identified", fields(client))
        case .groupChanged(let group, let from, let to, let generation):
            return (
                "group_changed",
                none.with("group", group).with("from", from).with("to", to).with("generation", generation)
            )
        case .memberJoined(let group, let member, let client):
            return ("member_joined", none.with("group", group).with("member", member).with("client", client))
        case .memberLeft(let group, let member, let reason):
            return ("member_left", none.with("group", group).with("member", member).with("reason", reason))
        case .rebalanceStarted(let rebalance): return ("rebalance_started", fields(rebalance))
        case .partitionsAssigned(let assignment): return ("partitions_assigned", fields(assignment))
        case .offsetsCommitted(let committed): return ("offsets_committed", fields(committed))
        case .offsetsDeleted(let group, let partitions):
            return ("offsets_deleted", none.with("group", group).with("partitions", partitions))
        case .groupDeleted(let group): return ("group_deleted", none.with("group", group))
        case .recordsAppended(let appended): return ("records_appended", fields(appended))
        case .leaderChanged(let topic, let partition, let from, let to, let epoch):
            return (
                "leader_changed",
                none.with("topic", topic).with("partition", partition).with("from", from).with("to", to)
                    .with("epoch", epoch)
            )
        case .coordinatorMoved(let key, let isTransactional, let from, let to):
            return (
                "coordinator_moved",
                none.with(isTransactional ? "transactionalId" : "group", key).with("from", from).with("to", to)
            )
        case .brokerStopped(let broker): return ("broker_stopped", none.with("broker", broker))
        case .brokerStarted(let broker): return ("broker_started", none.with("broker", broker))
        case .topicCreated(let topic, let partitions, let client, let isAutomatic):
            return (
                "topic_created",
                none.with("topic", topic).with("partitions", partitions).with("client", client)
                    .with("automatic", isAutomatic ? true : nil)
            )
        case .partitionsAdded(let topic, let partitions, let client):
            return ("partitions_added", none.with("topic", topic).with("partitions", partitions).with("client", client))
        case .topicDeleted(let topic, let client):
            return ("topic_deleted", none.with("topic", topic).with("client", client))
        case .recordsDeleted(let topic, let partition, let before, let client):
            return (
                "records_deleted",
                none.with("topic", topic).with("partition", partition).with("before", before).with("client", client)
            )
        case .configsChanged(let change): return ("configs_changed", fields(change))
        case .memoryLimitReached(let topic, let partition, let limit):
            return (
                "memory_limit_reached", none.with("topic", topic).with("partition", partition).with("limit", limit)
            )
        case .faultFired(_, let rule, let request, let client):
            return (
                "fault_fired",
                none.with("fault", rule).with("request", request.description).with("client", client)
            )
        case .transactionChanged(let change): return ("transaction_changed", fields(change))
        }
    }

    // MARK: What has more to say

    private static func fields(_ served: BrokerEvent.ServedRequest) -> JSONMembers {
        JSONMembers().with("broker", served.broker).with("request", served.request.description)
            .with("version", served.version).with("client", served.client)
            .with("correlationId", served.correlationId).with("duration", JSONValue.duration(served.latency))
            .with("error", served.error?.description).with("bytesIn", served.bytesIn).with("bytesOut", served.bytesOut)
    }

    private static func fields(_ unserved: BrokerEvent.UnservedRequest) -> JSONMembers {
        JSONMembers().with("broker", unserved.broker).with("connection", unserved.connection)
            .with("peer", unserved.peer).with("request", unserved.request.description)
            .with("version", unserved.version).with("client", unserved.client)
            .with(
                "servedVersions",
                unserved.servedVersions.map { .array([.number($0.lowerBound), .number($0.upperBound)]) })
    }

    private static func fields(_ client: BrokerEvent.IdentifiedClient) -> JSONMembers {
        JSONMembers().with("broker", client.broker).with("connection", client.connection).with("peer", client.peer)
            .with("client", client.client).with("softwareName", client.softwareName)
            .with("softwareVersion", client.softwareVersion)
    }

    private static func fields(_ rebalance: BrokerEvent.GroupRebalance) -> JSONMembers {
        JSONMembers().with("group", rebalance.group).with("generation", rebalance.generation)
            .with("cause", rebalance.cause.rawValue)
            .with("members", JSONValue.array(rebalance.members.map { .string($0) })).with("reason", rebalance.reason)
    }

    private static func fields(_ assignment: BrokerEvent.GroupAssignment) -> JSONMembers {
        let members = assignment.members.map { member in
            let topics = member.topics.map { topic in
                JSONMembers().with("topic", topic.topic)
                    .with("partitions", JSONValue.array(topic.partitions.map { .number($0) })).value
            }
            return JSONMembers().with("member", member.member).with("topics", .array(topics)).value
        }
        return JSONMembers().with("group", assignment.group).with("generation", assignment.generation)
            .with("assignor", assignment.assignor).with("memberCount", assignment.memberCount)
            .with("members", JSONValue.array(members))
    }

    private static func fields(_ committed: BrokerEvent.CommittedOffsets) -> JSONMembers {
        let offsets = committed.offsets.map { offset in
            JSONMembers().with("topic", offset.topic).with("partition", offset.partition).with("offset", offset.offset)
                .value
        }
        return JSONMembers().with("group", committed.group)
            .with("member", committed.member.isEmpty ? nil : committed.member)
            .with("producerId", committed.producerId).with("count", committed.count)
            .with("offsets", JSONValue.array(offsets))
    }

    private static func fields(_ appended: BrokerEvent.AppendedRecords) -> JSONMembers {
        JSONMembers().with("topic", appended.topic).with("partition", appended.partition)
            .with("baseOffset", appended.baseOffset).with("count", appended.count).with("bytes", appended.bytes)
            .with("producerId", appended.producerId).with("marker", appended.isMarker ? true : nil)
    }

    private static func fields(_ change: BrokerEvent.ConfigsChange) -> JSONMembers {
        var members = JSONMembers()
        switch change.resource {
        case .topic(let topic): members.add("topic", topic)
        case .broker(let broker): members.add("broker", broker)
        case .allBrokers: members.add("allBrokers", true)
        }
        let changes = change.changes.map { JSONMembers().with("name", $0.name).with("value", $0.value).value }
        return members.with("changes", JSONValue.array(changes)).with("client", change.client)
    }

    private static func fields(_ change: BrokerEvent.TransactionChange) -> JSONMembers {
        JSONMembers().with("transactionalId", change.transactionalId).with("producerId", change.producerId)
            .with("producerEpoch", change.producerEpoch).with("from", change.from).with("to", change.to)
            .with("cause", change.cause)
    }
}

/// Objects that are made in one sentence; nil is left out.
extension JSONMembers {
    fileprivate func with(_ name: String, _ value: JSONValue?) -> JSONMembers {
        var members = self
        members.add(name, value)
        return members
    }

    fileprivate func with(_ name: String, _ text: String?) -> JSONMembers {
        with(name, text.map { JSONValue.string($0) })
    }
    fileprivate func with(_ name: String, _ flag: Bool?) -> JSONMembers {
        with(name, flag.map { JSONValue.boolean($0) })
    }
    fileprivate func with(_ name: String, _ number: (some BinaryInteger)?) -> JSONMembers {
        with(name, number.map { JSONValue.number($0) })
    }
}

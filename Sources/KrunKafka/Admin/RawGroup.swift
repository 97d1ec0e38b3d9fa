internal import CRdKafka

/// A group as its coordinator sent it; what its members chose are bytes that nobody has read yet.
///
/// librdkafka's `DescribeConsumerGroups` reads the assignments itself and ends the process when one of them cannot be read, in every
/// version up to 2.15. So groups are asked for with `rd_kafka_list_groups`, which hands out the bytes.
struct RawGroup: Sendable {
    struct Member: Sendable {
        var id: String
        var clientID: String
        var host: String
        /// How many bytes its subscription has; 0 also while the group is not stable, when brokers do not tell it.
        var subscriptionSize: Int
        var assignment: [UInt8]
    }

    var name: String
    var state: String
    /// `consumer`, or empty where nobody has joined yet.
    var protocolType: String
    /// Such as `range`; empty while the group has none.
    var assignor: String
    var coordinator: ClusterMetadata.Broker
    var members: [Member]
    var error: KafkaError?

    /// Asks every broker for its groups, and then about them.
    ///
    /// - Parameters:
    ///   - only: the group to ask about; nil for all.
    ///   - timeout: also of a broker that does not answer; the others' groups are returned then.
    /// - Throws: a timeout where nobody told of any group in time.
    static func ask(
        _ client: Client, only: String?, timeout: Duration, activity: String
    ) throws(KafkaError) -> (groups: [RawGroup], isComplete: Bool) {
        var list: UnsafePointer<rd_kafka_group_list>?
        let code = rd_kafka_list_groups(client.pointer, only, &list, timeout.timeoutMilliseconds)
        defer { if let list { rd_kafka_group_list_destroy(list) } }
        if code != RD_KAFKA_RESP_ERR__PARTIAL { try KafkaError.check(code, activity) }
        guard let list else { return ([], code != RD_KAFKA_RESP_ERR__PARTIAL) }
        let groups = UnsafeBufferPointer(start: list.pointee.groups, count: Int(list.pointee.group_cnt))
        return (groups.map(RawGroup.init), code != RD_KAFKA_RESP_ERR__PARTIAL)
    }

    private init(_ group: rd_kafka_group_info) {
        func text(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
        name = text(group.group)
        state = text(group.state)
        protocolType = text(group.protocol_type)
        assignor = text(group.protocol)
        coordinator = ClusterMetadata.Broker(
            id: group.broker.id, host: text(group.broker.host), port: Int(group.broker.port))
        members = UnsafeBufferPointer(start: group.members, count: Int(group.member_cnt)).map { member in
            Member(
                id: text(member.member_id), clientID: text(member.client_id), host: text(member.client_host),
                subscriptionSize: Int(member.member_metadata_size),
                assignment: [UInt8](
                    UnsafeRawBufferPointer(
                        start: member.member_assignment, count: Int(member.member_assignment_size))))
        }
        let activity = "describing group \(name)"
        if group.err != RD_KAFKA_RESP_ERR_NO_ERROR {
            error = KafkaError(code: group.err.rawValue, activity: activity)
        } else if !protocolType.isEmpty, protocolType != "consumer" {
            error = KafkaError(
                code: RD_KAFKA_RESP_ERR__INVALID_ARG.rawValue, activity: activity,
                reason: "it is no group of consumers (its protocol type is \(protocolType))")
        }
    }
}

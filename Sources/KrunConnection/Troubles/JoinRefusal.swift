package import KrunKafka

/// Why a group is not joined beside a member that would end this process.
package struct JoinRefusal: Sendable {
    package let title: String
    package let label: String
    package let notes: [String]

    package init(_ member: GroupDescription.Member, of group: String) {
        let size = member.subscriptionSize ?? 0
        label = size == 0 ? "a member has an empty subscription" : "a member has a subscription of \(size) bytes"
        title = "group \(group) cannot be joined: \(label)"
        notes = [
            "it is \(member.id) at \(member.host)",
            size == 0
                ? "a client of librdkafka (\(KafkaLibrary.version) here) that leads such a group dies of it, and this one may be made the leader"
                : "a client of librdkafka (\(KafkaLibrary.version) here) that leads such a group may die of it, and this one may be made the leader",
            "stop that member, or use another group",
        ]
    }
}

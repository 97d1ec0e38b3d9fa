extension BrokerEvent {
    /// Members are to join again.
    public struct GroupRebalance: Hashable, Sendable {
        public enum Cause: String, Hashable, Sendable {
            case memberJoined, leaderRejoined, protocolsChanged, assignmentTooLarge, membersRemoved
        }

        public let group: String
        /// The one that ends.
        public let generation: Int32
        public let cause: Cause
        /// Whom it is about, 64 at most.
        public let members: [String]
        /// In the member's own words, where it said any.
        public let reason: String?

        package init(group: String, generation: Int32, _ cause: RebalanceCause) {
            self.group = group.bounded
            self.generation = generation
            switch cause {
            case .memberJoined(let member, let reason):
                (self.cause, members, self.reason) = (.memberJoined, [member.bounded], reason?.bounded)
            case .leaderRejoined(let member, let reason):
                (self.cause, members, self.reason) = (.leaderRejoined, [member.bounded], reason?.bounded)
            case .protocolsChanged(let member, let reason):
                (self.cause, members, self.reason) = (.protocolsChanged, [member.bounded], reason?.bounded)
            case .assignmentTooLarge(let member):
                (self.cause, members, reason) = (.assignmentTooLarge, [member.bounded], nil)
            case .membersRemoved(let members, _):
                (self.cause, self.members, reason) = (.membersRemoved, members.prefix(64).map(\.bounded), nil)
            }
        }
    }

    /// What the members of a generation were given.
    public struct GroupAssignment: Hashable, Sendable {
        public struct Member: Hashable, Sendable {
            public let member: String
            /// Empty also for a group that is not of consumers, whose assignments only its members understand.
            public let topics: [Topic]
        }

        public struct Topic: Hashable, Sendable {
            public let topic: String
            public let partitions: [Int32]
        }

        public let group: String
        public let generation: Int32
        /// Such as `range`.
        public let assignor: String
        /// 64 at most, with 1000 partitions in all at most, so that what is remembered does not grow with a group.
        public let members: [Member]
        /// How many members there are.
        public let memberCount: Int

        package init(
            group: String, generation: Int32, assignor: String, members: [(member: String, ConsumerAssignment?)]
        ) {
            self.group = group.bounded
            self.generation = generation
            self.assignor = assignor.bounded
            memberCount = members.count
            var room = 1000
            self.members = members.prefix(64).map { member, assignment in
                let topics = (assignment?.topics ?? []).prefix(room).map { topic in
                    let partitions = Array(topic.partitions.prefix(room))
                    room -= max(1, partitions.count)
                    return Topic(topic: topic.topic.bounded, partitions: partitions)
                }
                return Member(member: member.bounded, topics: topics)
            }
        }
    }

    /// Where a group goes on from now.
    public struct CommittedOffsets: Hashable, Sendable {
        public struct Offset: Hashable, Sendable {
            public let topic: String
            public let partition: Int32
            public let offset: Int64
        }

        public let group: String
        /// Empty where it was none, or the offsets came with a transaction.
        public let member: String
        /// Of the transaction that the offsets came with, if they did.
        public let producerId: Int64?
        /// 64 at most.
        public let offsets: [Offset]
        /// How many offsets were committed.
        public let count: Int

        package init(group: String, member: String, producerId: Int64?, _ committed: [CommittedPartition]) {
            self.group = group.bounded
            self.member = member.bounded
            self.producerId = producerId
            offsets = committed.prefix(64).map {
                Offset(topic: $0.partition.topic, partition: $0.partition.partition, offset: $0.committed.offset)
            }
            count = committed.count
        }
    }
}

extension BrokerEvent.GroupRebalance: CustomStringConvertible {
    public var description: String {
        let names = members.map(\.oneLine).joined(separator: ", ")
        return "group \(group.oneLine): rebalances after generation \(generation) (\(cause.rawValue)): \(names)"
            + (reason.map { ", \($0.oneLine)" } ?? "")
    }
}

extension BrokerEvent.GroupAssignment: CustomStringConvertible {
    public var description: String {
        let parts = members.map { member in
            let topics = member.topics.map { topic in
                "\(topic.topic.oneLine) \(topic.partitions.map(String.init).joined(separator: ", "))"
            }
            return "\(member.member.oneLine): \(topics.isEmpty ? "nothing" : topics.joined(separator: ", "))"
        }
        let more = memberCount > members.count ? "; \(memberCount - members.count) more members" : ""
        return
            "group \(group.oneLine): generation \(generation) by \(assignor.oneLine): \(parts.joined(separator: "; "))\(more)"
    }
}

extension BrokerEvent.CommittedOffsets: CustomStringConvertible {
    public var description: String {
        let parts = offsets.map { "\($0.topic.oneLine) \($0.partition) at \($0.offset)" }
        let more = count > offsets.count ? " and \(count - offsets.count) more" : ""
        return "group \(group.oneLine): committed \(parts.joined(separator: ", "))\(more)"
            + (member.isEmpty ? "" : " by \(member.oneLine)") + (producerId.map { ", producer id \($0)" } ?? "")
    }
}

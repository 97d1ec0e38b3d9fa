import KrunConnection
import KrunNames
import Synchronization

/// The groups of a run by their names, and the end of all their members.
final class MemberRegistry: Sendable {
    private let groups = Mutex(NameMap<LiveGroup>())

    /// The group of that name in the file; `make` makes it when it is asked for first.
    func group(_ name: String, make: () -> LiveGroup) -> LiveGroup {
        groups.withLock { groups in
            if let group = groups[name] { return group }
            let group = make()
            groups[name] = group
            return group
        }
    }

    /// How many members are alive.
    var count: Int { all.reduce(0) { $0 + $1.members.count } }

    private var all: [LiveGroup] { groups.withLock { Array($0.values) } }

    /// Tells all groups how many partitions a topic has from now on, by its name on the broker; 0 for one that is not there any more.
    func topicHas(_ topic: String, partitions: Int) {
        for group in all { group.topicHas(topic, partitions: partitions) }
    }

    /// Lets all members leave their groups, all at once; those that do not come back from librdkafka in time are left there.
    func end(within patience: Patience) {
        let groups = all
        for group in groups {
            for member in group.members { group.end(member.name, .leave) }
        }
        for group in groups { group.joinEnded(within: patience) }
    }
}

public import KrunOutcome
import Synchronization

/// Who owns what in a group, whichever step is on: its members outlive steps. May be called from every member's thread.
public final class GroupLedger: Sendable {
    /// A partition of a topic, by the names in the file.
    public struct Place: Hashable, Sendable, Comparable, CustomStringConvertible {
        public let topic: String
        public let partition: Int32

        public init(_ topic: String, _ partition: Int32) {
            self.topic = topic
            self.partition = partition
        }

        public var description: String { "\(topic)/\(partition)" }

        public static func < (one: Place, other: Place) -> Bool {
            (one.topic, one.partition) < (other.topic, other.partition)
        }
    }

    private struct State {
        /// One member at a time, or else single-owner is broken.
        var owners: [Place: [String]] = [:]
        var ownership = CaseList()
        var trespasses = CaseList()
    }

    private let state = Mutex(State())

    public init() {}

    /// The member owns these too from now on. To be called in the rebalance callback.
    public func assigned(_ member: String, _ places: [Place]) {
        state.withLock { state in
            for place in places {
                for owner in state.owners[place] ?? [] where owner != member {
                    state.ownership.add("\(place) was given to member \(member) while member \(owner) owned it")
                }
                state.owners[place, default: []].removeAll { $0 == member }
                state.owners[place, default: []].append(member)
            }
        }
    }

    /// The member owns these no more, or is not to act as their owner. To be called in the rebalance callback, before it gives them up.
    public func revoked(_ member: String, _ places: [Place]) {
        state.withLock { state in
            for place in places { state.owners[place]?.removeAll { $0 == member } }
        }
    }

    /// The member has stopped: it owns nothing.
    public func gone(_ member: String) {
        state.withLock { state in
            for place in state.owners.keys { state.owners[place]?.removeAll { $0 == member } }
        }
    }

    /// A record came to a member that was to read none.
    public func trespassed(_ member: String, _ place: Place, offset: Int64) {
        state.withLock { $0.trespasses.add("\(place) offset \(offset) was read by member \(member) between steps") }
    }

    /// All of these must have an owner now.
    public func stable(_ places: [Place]) {
        state.withLock { state in
            for place in places where state.owners[place]?.isEmpty ?? true {
                state.ownership.add("\(place) had no owner though the group was stable")
            }
        }
    }

    /// Judges what happened since it did last; the next step begins with nothing.
    ///
    /// - Parameter foreignMembers: whether members that are not this scenario's share the group.
    @discardableResult
    public func conclude(foreignMembers: Bool, allow: Set<Invariant>) -> [InvariantOutcome] {
        let (ownership, trespasses) = state.withLock { state in
            defer { (state.ownership, state.trespasses) = (CaseList(), CaseList()) }
            return (state.ownership, state.trespasses)
        }
        var owners = Finding(cases: ownership)
        if foreignMembers { owners = .unjudged(ConsumeConclusion.foreignMembers) }
        return [
            InvariantOutcome(.singleOwner, owners.verdict(allowed: allow.contains(.singleOwner))),
            InvariantOutcome(
                .assignedOnly, Finding(cases: trespasses).verdict(allowed: allow.contains(.assignedOnly))),
        ]
    }
}

import KrunDiagnostics
import KrunKafka
import KrunReports

/// A group: what its coordinator and the list of groups say of it.
struct GroupFigures: Hashable, Sendable {
    var name: String
    /// As Kafka names it: `Stable`, `Empty`.
    var state: String
    /// Nil where only the list knows the group.
    var coordinator: ClusterMetadata.Broker?
    var assignor: String?
    /// Nil where they cannot be asked for: of a group of the next-generation protocol (KIP-848).
    var members: [GroupDescription.Member]?

    /// As far as is known.
    var hasMembers: Bool {
        members.map { !$0.isEmpty } ?? ["Stable", "PreparingRebalance", "CompletingRebalance"].contains(state)
    }

    /// Such as `Stable, 2 members, assignor range`.
    var summary: String {
        let count = members.map { Amounts.count($0.count, "member") } ?? "its members are not known"
        return TerminalText.safe("\(state), \(count)" + (assignor.map { ", assignor \($0)" } ?? ""))
    }
}

extension GroupDescription.Member {
    /// Fit for a terminal: `orders/0, orders/1 and 5 that are not there`; `empty` where it was given nothing.
    func assignmentText(empty: String) -> String {
        if hasUnreadableAssignment { return "an assignment that cannot be read" }
        let owned = partitions.isEmpty ? empty : Amounts.list(partitions.map { TerminalText.safe($0.description) })
        guard unknownPartitions > 0 else { return owned }
        let unknown = "\(Amounts.number(unknownPartitions)) that \(unknownPartitions == 1 ? "is" : "are") not there"
        return partitions.isEmpty ? unknown : "\(owned) and \(unknown)"
    }
}

extension GroupFigures {
    /// - Parameter listing: what the list says; nil where that was not looked at.
    /// - Returns: nil for a group that is not there.
    init?(_ description: GroupDescription?, listing: GroupListing?) {
        if let description, description.error == nil, description.state != "Dead" {
            self.init(
                name: description.group, state: description.state, coordinator: description.coordinator,
                assignor: description.assignor, members: description.members)
        } else if let listing {
            // That nobody is in it, the state says.
            self.init(name: listing.group, state: listing.state, members: listing.state == "Empty" ? [] : nil)
        } else {
            return nil
        }
    }
}

extension FaultRule: CustomStringConvertible {
    /// One line: "Produce to orders 0 fails with NOT_LEADER_OR_FOLLOWER, 2 times".
    public var description: String {
        var text = kind?.name ?? "every request"
        if let topic { text += " to \(topic.oneLine)" }
        if let partition { text += topic == nil ? " to partition \(partition)" : " \(partition)" }
        if let group { text += " of group \(group.oneLine)" }
        if let member { text += " of member \(member.oneLine)" }
        if let transactionalId { text += " of transactional id \(transactionalId.oneLine)" }
        if let client { text += " from \(client.oneLine)" }
        if let broker { text += " at broker \(broker)" }
        switch effect {
        case .fail(let error): text += " fails with \(error)"
        case .delay(let duration): text += " is answered \(duration.shown) later"
        case .silence: text += " is swallowed"
        case .disconnect: text += " closes its connection"
        case .loseAcknowledgement(.disconnect): text += " is performed, then its connection closed"
        case .loseAcknowledgement(.silence): text += " is performed and never answered"
        case .loseHeartbeat: text += " is lost"
        }
        if let times { text += times == 1 ? ", once" : ", \(times) times" }
        if skipping > 0 { text += ", after \(skipping) that pass" }
        if let lasting { text += ", for \(lasting.shown)" }
        return text
    }
}
